"""`POST /api/v1/webhooks/service-events/<source>/`: signed webhooks in, by Standard Webhooks.

    {"type": "service_event.created", "timestamp": "2026-11-20T12:00:00+08:00", "data": {...}}

`service_event.created` carries an event as `POST /api/v1/service-events/` takes it, without its
`source`, which is the one in the address; `service_event.completed`, `.reopened`, `.cancelled`,
`.superseded` and `.corrected` carry a transition as `POST /api/v1/service-events/transitions/`
takes it, without `source` and `type`; without `at` it happened at `timestamp`. A contact that
cannot be used is left out and named in the `warnings` of the answer. Answered after the commit:
201 for what is new, 200 for what was on record; the same `webhook-id` again gets the first answer.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed, ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from feedback_site.accounts.models import intake_team_of
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import NotFoundError
from feedback_site.service_events.api.contacts import as_warnings
from feedback_site.service_events.api.fields import MomentField
from feedback_site.service_events.api.parsers import BoundedJSONParser
from feedback_site.service_events.api.serializers import NumberedTransitionInput, ServiceEventInput
from feedback_site.service_events.api.transitions import append_transition
from feedback_site.service_events.api.webhook_examples import EXAMPLES
from feedback_site.service_events.enums import ContactFault, TransitionType
from feedback_site.service_events.models import ServiceEvent, ServiceEventTransition, WebhookSource
from feedback_site.service_events.selectors.events import find_event, load_references
from feedback_site.service_events.services import (
    SignedRequest,
    WebhookReply,
    authenticate_webhook,
    record_service_event,
    take_in_delivery,
)

MOST_BYTES = 256 * 1024
_PREFIX, CREATED = "service_event.", "created"
TYPES = [f"{_PREFIX}{name}" for name in (CREATED, *TransitionType.values)]
_HEADERS = [
    OpenApiParameter(
        "webhook-id",
        str,
        OpenApiParameter.HEADER,
        required=True,
        description="One id per message, kept when it is repeated.",
    ),
    OpenApiParameter(
        "webhook-timestamp",
        str,
        OpenApiParameter.HEADER,
        required=True,
        description="Seconds since 1970; within 5 minutes.",
    ),
    OpenApiParameter(
        "webhook-signature",
        str,
        OpenApiParameter.HEADER,
        required=True,
        description="`v1,<base64>`; several by spaces.",
    ),
]


class TooLargeError(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = gettext_lazy("A webhook has at most 256 kB.")


class WebhookAuthentication(BaseAuthentication):
    """The source itself is the principal once its signature over the raw body is good."""

    def authenticate(self, request: Request) -> tuple[WebhookSource, datetime] | None:
        """Return the source and the moment its message came in.

        An unknown source and a wrong signature get the same refusal.
        """
        if request.method != "POST":
            return None
        at = database_now()
        source = authenticate_webhook(request=_signed(request), at=at)
        if source is None:
            raise AuthenticationFailed(
                _("This webhook is not signed by a source that we know, or not within five minutes.")
            )
        return source, at

    def authenticate_header(self, request: Request) -> str:
        """Say how to authenticate, so that DRF answers 401 and not 403."""
        return "Standard-Webhooks"


class WebhookScheme(OpenApiAuthenticationExtension):
    target_class = "feedback_site.service_events.api.webhooks.WebhookAuthentication"
    name = "StandardWebhooks"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Describe the signature for OpenAPI."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "webhook-signature",
            "description": "v1,<base64>, see standardwebhooks.com",
        }


class IsSigned(BasePermission):
    """Lets signed messages in; what is no POST goes on to be told so."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether a known source has signed."""
        return request.method != "POST" or isinstance(request.user, WebhookSource)


class WebhookInput(serializers.Serializer[Any]):
    """The envelope.

    `data` is an event (`service_event.created`) or a transition, without its source; fields beside these
    are ignored.
    """

    type = serializers.ChoiceField(choices=TYPES)
    timestamp = MomentField(
        required=False, help_text="When it happened; the time of a transition that has none of its own."
    )
    data = serializers.DictField()  # type: ignore[assignment]  # DRF takes declared fields off the class


class ContactWarningOutput(serializers.Serializer[Any]):
    """A contact that could not be used and was left out."""

    field = serializers.CharField()
    code = serializers.ChoiceField(choices=ContactFault.choices)


class WebhookOutput(serializers.Serializer[Any]):
    """What was recorded: the event, and the transition where it was one."""

    event = serializers.UUIDField()
    external_id = serializers.CharField()
    transition = serializers.UUIDField(allow_null=True)
    warnings = ContactWarningOutput(many=True, required=False)


_TROUBLE = OpenApiResponse(description='{"message": "...", "extra": {...}}')


class WebhookView(APIView):
    """One message of one source."""

    http_method_names = ["post"]
    authentication_classes = [WebhookAuthentication]
    permission_classes = [IsSigned]
    parser_classes = [BoundedJSONParser]

    @extend_schema(
        operation_id="webhooks_service_events_create",
        parameters=_HEADERS,
        request=WebhookInput,
        examples=EXAMPLES,
        responses={201: WebhookOutput, 200: WebhookOutput}
        | dict.fromkeys((400, 401, 404, 409, 413, 415), _TROUBLE),
    )
    def post(self, request: Request, source: str) -> Response:
        """Take in one signed message: an event, or what happened to one later."""
        sender, at = cast("WebhookSource", request.user), cast("datetime", request.auth)
        envelope = WebhookInput(data=request.data, context={"at": at})
        envelope.is_valid(raise_exception=True)
        reply = take_in_delivery(
            source=sender,
            webhook_id=request.headers["webhook-id"],
            content=request.data,
            work=partial(_take_in, sender, envelope.validated_data, at),
            at=at,
        )
        headers = {"Idempotent-Replayed": "true"} if reply.is_repeat else None
        return Response(reply.content, status=reply.status, headers=headers)


def _signed(request: Request) -> SignedRequest:
    raw = request._request  # noqa: SLF001 - DRF's documented way to the request it wraps
    length = raw.META.get("CONTENT_LENGTH") or ""
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise TooLargeError
    return SignedRequest(
        source=request.parser_context["kwargs"]["source"],
        webhook_id=request.headers.get("webhook-id", ""),
        timestamp=request.headers.get("webhook-timestamp", ""),
        signatures=request.headers.get("webhook-signature", ""),
        body=raw.body,
    )


def _take_in(sender: WebhookSource, envelope: Mapping[str, Any], at: datetime) -> WebhookReply:
    kind = envelope["type"].removeprefix(_PREFIX)
    context = {"at": at, "references": load_references(principal=sender)}
    data = {**envelope["data"]}
    if data.setdefault("source", sender.slug) != sender.slug:
        raise ValidationError(
            {
                "data": {
                    "source": [
                        _("The source must be the one in the web address: %(source)s")
                        % {"source": sender.slug}
                    ]
                }
            }
        )
    try:
        if kind == CREATED:
            return _record(sender, _with_defaults(sender, data), context)
        moment = {"at": envelope["timestamp"].isoformat()} if "timestamp" in envelope else {}
        return _append(sender, {**moment, **data, "type": kind}, context)
    except ValidationError as error:
        raise ValidationError({"data": error.detail}) from None


def _with_defaults(sender: WebhookSource, data: Mapping[str, Any]) -> Mapping[str, Any]:
    defaults = (("kind", sender.default_kind), ("channel", sender.default_channel))
    return {**{name: default.slug for name, default in defaults if default is not None}, **data}


def _record(sender: WebhookSource, data: Mapping[str, Any], context: Mapping[str, Any]) -> WebhookReply:
    submission = ServiceEventInput(context=context).parse(data)
    recorded = record_service_event(submission=submission, principal=sender, at=context["at"])
    reply = _reply(recorded.event, None, as_warnings(submission.left_out))
    return WebhookReply(_status(is_new=recorded.is_new), reply)


def _append(sender: WebhookSource, data: Mapping[str, Any], context: Mapping[str, Any]) -> WebhookReply:
    serializer = NumberedTransitionInput(data=data, context=context)
    serializer.is_valid(raise_exception=True)
    visible = ServiceEvent.objects.for_user(sender)
    number = serializer.validated_data["external_id"]
    event = find_event(visible, source=sender.slug, external_id=number, intake_team_id=intake_team_of(sender))
    if event is None:
        raise NotFoundError(
            _("This service event is not on record: send service_event.created before its later changes.")
        )
    transition, is_new = append_transition(serializer, event=event, visible=visible, at=context["at"])
    return WebhookReply(_status(is_new=is_new), _reply(event, transition, []))


def _reply(
    event: ServiceEvent, transition: ServiceEventTransition | None, warnings: list[dict[str, str]]
) -> Mapping[str, object]:
    number = None if transition is None else str(transition.pk)
    reply = {"event": str(event.pk), "external_id": event.external_id, "transition": number}
    return {**reply, "warnings": warnings} if warnings else reply


def _status(*, is_new: bool) -> int:
    return status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
