"""`/api/v1/responses/`: what customers answered, and the way in for answers given elsewhere."""

from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response as Reply

from feedback_site.accounts.api.views import ScopedViewSet
from feedback_site.accounts.enums import Grant
from feedback_site.accounts.models import intake_team_of
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import ConflictError, NotFoundError
from feedback_site.questionnaires.services.questionnaires import questionnaire_of
from feedback_site.service_events.api.idempotency import honouring_idempotency_key, principal_of
from feedback_site.service_events.api.parsers import BoundedJSONParser
from feedback_site.service_events.api.views import IDEMPOTENCY_KEY
from surveys.api.queries import ResponseQuery, filter_asked, read_query
from surveys.api.serializers import AnswerInput, ReceiptOutput, ResponseOutput
from surveys.enums import InvitationOrigin, ResponseMode
from surveys.models import Invitation, Response
from surveys.selectors.changes import responses_since
from surveys.services.responses.importing import AnswerRefusal, ElsewhereAnswer, Refused, record_elsewhere

_OF_INVITATION = (
    "survey",
    "version__questionnaire",
    "service_event",
    "customer",
    "team",
    "credited_team",
    "agent",
    "kind",
)
ASKED = (*_OF_INVITATION, "channel", "segment")


class ResponseViewSet(ScopedViewSet):
    """Responses."""

    queryset = Response.objects.select_related(
        "source", "on_site", *(f"invitation__{name}" for name in ASKED)
    )
    serializer_class = ResponseOutput
    parser_classes = [BoundedJSONParser]
    required_grants: ClassVar[dict[str, Grant]] = {"GET": Grant.RESPONSES_READ, "POST": Grant.RESPONSES_WRITE}
    lookup_value_regex = "[0-9a-fA-F-]{36}"

    @extend_schema(parameters=[ResponseQuery], responses=ResponseOutput(many=True))
    def list(self, request: Request) -> Reply:
        """List responses, those to the newest invitations first."""
        query = read_query(ResponseQuery, request)
        rows = filter_asked(self.get_queryset(), query, prefix="invitation__")
        if "mode" in query:
            rows = rows.filter(mode=query["mode"])
        if "updated_since" in query:
            rows = rows.filter(pk__in=responses_since(query["updated_since"]))
        return self.get_paginated_response(ResponseOutput(self.paginate_queryset(rows) or [], many=True).data)

    @extend_schema(responses=ResponseOutput)
    def retrieve(self, request: Request, pk: str) -> Reply:
        """Show one response."""
        return Reply(ResponseOutput(self.get_object()).data)

    @extend_schema(
        request=AnswerInput, responses={201: ReceiptOutput, 200: ReceiptOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    def create(self, request: Request) -> Reply:
        """Take an answer that was given elsewhere to an invitation.

        A repeat is answered with 200 and the same receipt.
        """
        at = database_now()
        serializer = AnswerInput(data=request.data, context={"at": at})
        serializer.is_valid(raise_exception=True)
        work = partial(self._take, serializer.validated_data, at)
        return honouring_idempotency_key(request, work, at=at)

    def _take(self, said: dict[str, Any], at: datetime) -> Reply:
        # What an interviewer fills in belongs to the visit that it is part of.
        open_to_all = Invitation.objects.for_user(principal_of(self.request)).exclude(
            origin=InvitationOrigin.INTERVIEW
        )
        invitation = open_to_all.filter(pk=said["invitation"]).first()
        if invitation is None:
            raise NotFoundError(_("Invitation not found."))
        answer = ElsewhereAnswer(
            invitation_id=invitation.pk,
            fields=_fields(said, invitation),
            answered_at=said.get("answered_at", at),
            mode=ResponseMode(said["mode"]),
            system=said.get("source", ""),
            external_id=said.get("external_id", ""),
            intake_team_id=intake_team_of(principal_of(self.request)),
        )
        (result,) = record_elsewhere(survey=None, answers=[answer], at=at)
        if isinstance(result, Refused):
            raise _error(result, said)
        warnings = [{"field": f"answers.{key}", "code": "off_path"} for key in result.off_path]
        said_back = {"invitation": result.response_id, "answered_at": result.answered_at} | (
            {"warnings": warnings} if warnings else {}
        )
        receipt = ReceiptOutput(said_back)
        return Reply(receipt.data, status=status.HTTP_201_CREATED if result.is_new else status.HTTP_200_OK)


def _fields(said: dict[str, Any], invitation: Invitation) -> dict[str, list[str]]:
    if "score" not in said:
        given = said["answers"].items()
        return {
            f"{key}.{part}" if part else key: values for key, parts in given for part, values in parts.items()
        }
    scored = questionnaire_of(invitation.version_id).first_scored
    if scored is None:
        raise ValidationError({"score": [_("This questionnaire asks for no score.")]})
    return {scored.key: [str(said["score"])]}


def _error(refused: Refused, said: dict[str, Any]) -> Exception:
    if refused.reason is not AnswerRefusal.WRONG_ANSWERS:
        return ConflictError(refused.message, {"reason": refused.reason.value})
    by_question = {key or "any": [sentence] for key, sentence in refused.errors.items()}
    return ValidationError({"score" if "score" in said else "answers": by_question})
