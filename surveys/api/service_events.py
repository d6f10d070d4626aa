"""`/api/v1/service-events/` as callers see it: the events with the decision about each and its timeline."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback_site.service_events.api.serializers import ServiceEventOutput
from feedback_site.service_events.api.views import ServiceEventIntake
from feedback_site.service_events.models import ServiceEvent
from surveys.api.timeline import timeline_of
from surveys.enums import InvitationOrigin
from surveys.models import EventDecision

_UNDECIDED: dict[str, Any] = {
    "decision": None,
    "reason": None,
    "survey": None,
    "invitation": None,
    "decided_at": None,
}


class DecidedServiceEvent(ServiceEventOutput):
    """One event with its decision.

    `invited`, `withheld` (with `reason`), `imported` (answered elsewhere) or, until decided, null.
    """

    decision = serializers.ChoiceField(
        choices=["invited", "withheld", "imported"], allow_null=True, read_only=True
    )
    reason = serializers.CharField(allow_null=True, read_only=True)
    survey = serializers.SlugField(allow_null=True, read_only=True)
    invitation = serializers.UUIDField(allow_null=True, read_only=True)
    decided_at = serializers.DateTimeField(allow_null=True, read_only=True)

    class Meta(ServiceEventOutput.Meta):
        fields: tuple[str, ...] = (
            *ServiceEventOutput.Meta.fields,
            "decision",
            "reason",
            "survey",
            "invitation",
            "decided_at",
        )
        read_only_fields: tuple[str, ...] = fields


class TimelineEntry(serializers.Serializer[Any]):
    """One moment of an event; entries carry more where there is more to say."""

    at = serializers.DateTimeField()
    what = serializers.CharField()


class ServiceEventDetail(DecidedServiceEvent):
    """One event with its decision and timeline."""

    timeline = TimelineEntry(many=True, read_only=True)

    class Meta(DecidedServiceEvent.Meta):
        fields: tuple[str, ...] = (*DecidedServiceEvent.Meta.fields, "timeline")
        read_only_fields: tuple[str, ...] = fields


@extend_schema_view(list=extend_schema(responses=DecidedServiceEvent(many=True)))
class ServiceEventViewSet(ServiceEventIntake):
    """Service events with what became of them."""

    serializer_class = DecidedServiceEvent

    def decisions_of(self, events: Sequence[ServiceEvent]) -> Mapping[UUID, Mapping[str, Any]]:
        """Return the decision on each event in one query; events not yet decided say so."""
        decisions = EventDecision.objects.filter(pk__in=[event.id for event in events]).select_related(
            "survey", "invitation"
        )
        known = {decision.service_event_id: _present(decision) for decision in decisions}
        return {event.id: known.get(event.id, _UNDECIDED) for event in events}

    @extend_schema(responses=ServiceEventDetail)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Show one event, the decision with its reason, and the timeline."""
        event = self.get_object()
        return Response(
            {**self.present([event])[0], "timeline": [moment.shown() for moment in timeline_of(event)]}
        )


def _present(decision: EventDecision) -> dict[str, Any]:
    return {
        "decision": _word(decision),
        "reason": decision.reason or None,
        "survey": decision.survey and decision.survey.slug,
        "invitation": decision.invitation_id,
        "decided_at": decision.decided_at,
    }


def _word(decision: EventDecision) -> str:
    if decision.invitation is None:
        return "withheld"
    return "imported" if decision.invitation.origin == InvitationOrigin.IMPORTED else "invited"
