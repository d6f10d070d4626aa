"""`/api/v1/service-events/`: service systems say what happened."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from feedback_site.accounts.api.views import ScopedViewSet
from feedback_site.accounts.enums import Grant
from feedback_site.accounts.models import intake_team_of, team_subtree
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import ConflictError
from feedback_site.service_events.api.contacts import as_warnings
from feedback_site.service_events.api.filters import read_filters
from feedback_site.service_events.api.idempotency import honouring_idempotency_key, principal_of
from feedback_site.service_events.api.parsers import BoundedJSONParser
from feedback_site.service_events.api.serializers import (
    EventQuery,
    NumberedTransitionInput,
    ServiceEventInput,
    ServiceEventOutput,
    TransitionInput,
    TransitionOutput,
)
from feedback_site.service_events.api.transitions import append_transition
from feedback_site.service_events.models import ServiceEvent
from feedback_site.service_events.selectors.events import allowed_sources, find_event, load_references
from feedback_site.service_events.services import (
    EventSubmission,
    RecordedEvent,
    record_service_event,
    record_service_events,
)

MOST_PER_REQUEST = 1000
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    OpenApiParameter.HEADER,
    description="One name for one request; repeats get the first answer for a day.",
)


class ServiceEventIntake(ScopedViewSet):
    """Records events and their transitions, and lists them.

    What became of an event is known in an upper app: see `decisions_of`.
    """

    queryset = ServiceEvent.objects.select_related(
        "kind", "channel", "team", "credited_team", "agent", "segment", "customer"
    )
    serializer_class = ServiceEventOutput
    parser_classes = [BoundedJSONParser]
    required_grants: ClassVar[dict[str, Grant]] = {"GET": Grant.EVENTS_READ, "POST": Grant.EVENTS_WRITE}
    lookup_value_regex = "[0-9a-fA-F-]{36}"

    def decisions_of(self, events: Sequence[ServiceEvent]) -> Mapping[UUID, Mapping[str, Any]]:
        """Return what is added to each event by its id: the app that decides overrides this."""
        raise NotImplementedError

    @extend_schema(parameters=[EventQuery])
    def list(self, request: Request) -> Response:
        """List events, newest first."""
        at = database_now()
        query = read_filters(
            EventQuery, request, references=load_references(principal=principal_of(request)), at=at
        )
        page = self.paginate_queryset(_filtered(self.get_queryset(), query)) or []
        return self.get_paginated_response(self.present(page))

    @extend_schema(
        request=PolymorphicProxySerializer(
            component_name="ServiceEventOneOrMany",
            serializers=[ServiceEventInput, ServiceEventInput(many=True)],
            resource_type_field_name=None,
            many=False,
        ),
        parameters=[IDEMPOTENCY_KEY],
        responses={201: OpenApiTypes.OBJECT, 200: OpenApiTypes.OBJECT, 207: OpenApiTypes.OBJECT},
    )
    def create(self, request: Request) -> Response:
        """Record one event, or each valid one of a list.

        A contact that cannot be used does not refuse the event: it
        is left out and named in `warnings`, `[{"field", "code"}]`.
        """
        at = database_now()
        data = request.data
        work = (
            partial(self._create_many, data, at)
            if isinstance(data, list)
            else partial(self._create_one, data, at)
        )
        return honouring_idempotency_key(request, work, at=at)

    @extend_schema(
        request=TransitionInput,
        responses={201: TransitionOutput, 200: TransitionOutput},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"], url_path="transitions")
    def transitions(self, request: Request, pk: str) -> Response:
        """Record what happened to an event later."""
        at = database_now()
        return honouring_idempotency_key(
            request, partial(self._append, {"pk": pk}, TransitionInput, request.data, at), at=at
        )

    @extend_schema(
        request=NumberedTransitionInput,
        responses={201: TransitionOutput, 200: TransitionOutput},
        parameters=[IDEMPOTENCY_KEY],
        operation_id="service_events_transitions_create_by_number",
    )
    @action(detail=False, methods=["post"], url_path="transitions", url_name="transitions-by-number")
    def transitions_by_number(self, request: Request) -> Response:
        """Record what happened later to the event that the source knows by its number."""
        at = database_now()
        return honouring_idempotency_key(
            request, partial(self._append, None, NumberedTransitionInput, request.data, at), at=at
        )

    def present(self, events: Sequence[ServiceEvent]) -> Sequence[dict[str, Any]]:
        """Return events as they are answered."""
        decisions = self.decisions_of(events)
        shown = ServiceEventOutput(events, many=True).data
        return [{**fields, **decisions[event.id]} for event, fields in zip(events, shown, strict=True)]

    def _create_one(self, data: Any, at: datetime) -> Response:
        submission = ServiceEventInput(context=self._context(at)).parse(data)
        recorded = record_service_event(submission=submission, principal=principal_of(self.request), at=at)
        event = {**self.present([recorded.event])[0], "warnings": as_warnings(submission.left_out)}
        return Response(event, status=_status_of(recorded))

    def _create_many(self, data: Sequence[Any], at: datetime) -> Response:
        if not 0 < len(data) <= MOST_PER_REQUEST:
            raise ValidationError([_("Send between 1 and %(most)d events.") % {"most": MOST_PER_REQUEST}])
        serializer = ServiceEventInput(context=self._context(at))
        results: list[dict[str, Any]] = []
        valid: dict[int, EventSubmission] = {}
        for index, item in enumerate(data):
            try:
                valid[index] = serializer.parse(item)
            except ValidationError as error:
                results.append(_refused(index, error))
        recorded = record_service_events(
            submissions=list(valid.values()), principal=principal_of(self.request), at=at
        )
        shown = self.present([result.event for result in recorded if isinstance(result, RecordedEvent)])
        by_id = {event["id"]: event for event in shown}
        warned = [as_warnings(submission.left_out) for submission in valid.values()]
        results += [
            _result(index, result, by_id, warnings)
            for index, result, warnings in zip(valid, recorded, warned, strict=True)
        ]
        return Response(
            {"results": sorted(results, key=lambda result: result["index"])},
            status=status.HTTP_207_MULTI_STATUS,
        )

    def _append(
        self, lookup: dict[str, str] | None, input_class: type[TransitionInput], data: Any, at: datetime
    ) -> Response:
        serializer = input_class(data=data, context=self._context(at))
        serializer.is_valid(raise_exception=True)
        sent = serializer.validated_data
        event = get_object_or_404(self._bound(), **lookup) if lookup else self._event_by_number(sent)
        transition, is_new = append_transition(serializer, event=event, visible=self.get_queryset(), at=at)
        return Response(
            TransitionOutput(transition).data,
            status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK,
        )

    def _bound(self) -> QuerySet[ServiceEvent]:
        """Return the events whose later facts the key may send: those of its sources."""
        sources = allowed_sources(principal_of(self.request))
        return self.get_queryset() if sources is None else self.get_queryset().filter(source__in=sources)

    def _event_by_number(self, sent: Mapping[str, Any]) -> ServiceEvent:
        intake = intake_team_of(principal_of(self.request))
        event = find_event(
            self.get_queryset(), source=sent["source"], external_id=sent["external_id"], intake_team_id=intake
        )
        if event is None:
            raise Http404
        return event

    def _context(self, at: datetime) -> dict[str, Any]:
        return {"at": at, "references": load_references(principal=principal_of(self.request))}


def _filtered(events: QuerySet[ServiceEvent], query: dict[str, Any]) -> QuerySet[ServiceEvent]:
    if "updated_since" in query:
        events = events.filter(updated_at__gte=query["updated_since"])
    if "team" in query:
        events = events.filter(team_id__in=team_subtree(query["team"].pk))
    return events.filter(**{name: query[name] for name in ("kind", "channel") if name in query})


def _status_of(recorded: RecordedEvent) -> int:
    return status.HTTP_201_CREATED if recorded.is_new else status.HTTP_200_OK


def _refused(index: int, error: ValidationError) -> dict[str, Any]:
    return {
        "index": index,
        "status": status.HTTP_400_BAD_REQUEST,
        "message": _("Some fields are wrong."),
        "extra": {"fields": error.detail},
    }


def _result(
    index: int,
    result: RecordedEvent | ConflictError,
    shown: dict[str, dict[str, Any]],
    warnings: list[dict[str, str]],
) -> dict[str, Any]:
    if isinstance(result, ConflictError):
        return {
            "index": index,
            "status": result.status_code,
            "message": str(result.message),
            "extra": result.extra,
        }
    event = {**shown[str(result.event.id)], "warnings": warnings}
    return {"index": index, "status": _status_of(result), "event": event, "warnings": warnings}
