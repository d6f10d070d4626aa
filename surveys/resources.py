"""Invitations and responses as files."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from import_export.fields import Field

from feedback_site.common.languages import reader_language
from feedback_site.common.resources import ExportResource, column, customer_columns, unread, unread_customer
from feedback_site.questionnaires.document import QuestionContent, read_document
from feedback_site.questionnaires.models import QuestionnaireVersion
from feedback_site.questionnaires.questions import CompiledQuestion, compile_question
from surveys.models import EventFlag, Invitation, OpenResponse, Response

_RELATED = (
    "survey",
    "version__questionnaire",
    "service_event",
    "customer",
    "team",
    "credited_team",
    "agent",
    "kind",
    "channel",
    "segment",
)


def _invitation_columns(path: str = "") -> dict[str, Field]:
    """Return the columns that say who was asked what, by the path to the invitation."""
    return {
        "invitation": column(_("invitation"), f"{path}id"),
        "purpose": column(pgettext_lazy("response", "survey type"), f"{path}get_purpose_display"),
        "origin": column(pgettext_lazy("response", "collection channel"), f"{path}get_origin_display"),
        "survey": column(_("survey rule"), f"{path}survey__slug"),
        "questionnaire": column(_("questionnaire"), f"{path}version__questionnaire__slug"),
        "version": column(_("questionnaire version"), f"{path}version__number"),
        "event_source": column(_("event's system"), f"{path}service_event__source"),
        "event_external_id": column(_("ticket number"), f"{path}service_event__external_id"),
        **customer_columns(f"{path}customer__"),
        "segment": column(_("segment"), f"{path}segment__slug"),
        "kind": column(_("kind"), f"{path}kind__slug"),
        "channel": column(_("service channel"), f"{path}channel__slug"),
        "team": column(_("team"), f"{path}team__code"),
        "credited_team": column(_("counts for team"), f"{path}credited_team__code"),
        "agent": column(_("agent"), f"{path}agent__code"),
        "question_set": column(_("question rotation group"), f"{path}question_set"),
        "belongs_on": column(_("counted on"), f"{path}belongs_on"),
    }


def _unread_invitation(path: str = "") -> tuple[str, ...]:
    return (
        *unread(path, "token_hash", "contact_index", "contact_sealed", "version__document"),
        *unread(f"{path}service_event__", "body", "attributes", "content_hash"),
        *unread_customer(f"{path}customer__"),
    )


class InvitationResource(ExportResource):
    """One row per invitation: who was asked about what and when; neither token nor link."""

    export_kind = "invitations"
    list_filters = {
        "purpose__exact": "purpose",
        "survey__id__exact": "survey",
        "credited_team__id__exact": "team",
        "state": "status",
        "belongs_on_from": "from",
        "belongs_on_to": "to",
    }
    related = _RELATED
    unread = _unread_invitation()
    columns = {
        **_invitation_columns(),
        "language": column(_("language"), "get_language_display"),
        "invited_at": column(_("invited at"), "invited_at"),
        "due_at": column(_("due at"), "due_at"),
        "deadline_at": column(pgettext_lazy("message", "send by"), "deadline_at"),
        "expires_at": column(_("link expires at"), "expires_at"),
        "answered_at": column(_("answered at"), "answered_at"),
        "voided_at": column(pgettext_lazy("invitation", "cancelled at"), "voided_at"),
        "void_reason": column(
            pgettext_lazy("invitation", "reason for cancelling"), "get_void_reason_display"
        ),
        "is_in_headline": column(_("counts toward “sent within ten minutes”"), "is_in_headline"),
        "is_replayed": column(_("historical data"), "is_replayed"),
    }

    class Meta:
        model = Invitation
        import_id_fields = ("invitation",)


class AnswersResource(ExportResource):
    """Rows of one questionnaire get a column per question.

    Mixed ones have their answers as JSON by question key.
    """

    questionnaire_path: ClassVar[str]

    def __init__(self, questions: Sequence[QuestionContent] = ()) -> None:
        super().__init__()
        # Column -> the question it belongs to, and which of that question's columns it is.
        self._places: dict[str, tuple[CompiledQuestion, int]] = {}
        if questions:
            del self.fields["answers"]
        for question in map(compile_question, questions):
            for place, (name, heading) in enumerate(question.columns(language=_language())):
                self._places[f"{_ANSWER}{name}"] = (question, place)
                self.fields[f"{_ANSWER}{name}"] = column(f"{name}: {heading}" if heading else name)

    @classmethod
    def for_rows(cls, queryset: QuerySet[Any]) -> Self:
        """Look whether the rows answer one questionnaire."""
        asked = queryset.order_by().values_list(cls.questionnaire_path, flat=True).distinct()[:2]
        questionnaires = list(asked)
        return cls(_questions_of(questionnaires[0])) if len(questionnaires) == 1 else cls()

    def value_of(self, name: str, instance: Any) -> Any:
        """Return the value of a column; an option in the reader's words."""
        if name not in self._places:
            return super().value_of(name, instance)
        question, place = self._places[name]
        return question.cells(instance.answers, language=_language())[place]


class ResponseResource(AnswersResource):
    """One row per response."""

    export_kind = "responses"
    questionnaire_path = "invitation__version__questionnaire_id"
    list_filters = {
        "invitation__survey__id__exact": "survey",
        "invitation__credited_team__id__exact": "team",
    }
    team_path = "invitation__credited_team"
    related = ("source", "on_site", *(f"invitation__{name}" for name in _RELATED))
    unread = ("answers_hash", *_unread_invitation("invitation__"))
    columns = {
        **_invitation_columns("invitation__"),
        "submitted_at": column(_("submitted at"), "submitted_at"),
        "mode": column(pgettext_lazy("response", "how it was filled in"), "get_mode_display"),
        "on_site_confirmed": column(_("confirmed by the customer's phone"), "on_site__is_confirmed"),
        "on_site_counted": column(_("counted in the main figures"), "on_site__is_counted"),
        "language": column(_("language"), "get_language_display"),
        "source_system": column(_("collected by"), "source__system"),
        "source_external_id": column(_("response number"), "source__external_id"),
        "satisfaction": column(_("satisfaction"), "satisfaction"),
        "nps": column(_("recommendation"), "nps"),
        "answers": column(_("answers"), "answers"),
    }

    class Meta:
        model = Response
        import_id_fields = ("invitation",)


class OpenResponseResource(AnswersResource):
    """One row per open answer; columns for answers as in responses.

    No customer was asked, so there is no invitation in it and no rate.
    """

    export_kind = "open_responses"
    questionnaire_path = "version__questionnaire_id"
    team_path = "open_questionnaire__team"
    related = ("open_questionnaire__team", "version__questionnaire")
    unread = ("answers_hash", "submission_key", "device_mark", "version__document")
    columns = {
        "id": column(_("number"), "id"),
        "place": column(_("place of the code"), "open_questionnaire__label"),
        "code": column(_("code"), "open_questionnaire__code"),
        "team": column(_("team"), "open_questionnaire__team__code"),
        "questionnaire": column(_("questionnaire"), "version__questionnaire__slug"),
        "version": column(_("questionnaire version"), "version__number"),
        "question_set": column(_("question rotation group"), "question_set"),
        "submitted_at": column(_("submitted at"), "submitted_at"),
        "language": column(_("language"), "get_language_display"),
        "ticket_number": column(_("ticket number"), "ticket_number"),
        "is_duplicate": column(_("duplicate"), "is_duplicate"),
        "satisfaction": column(_("satisfaction"), "satisfaction"),
        "nps": column(_("recommendation"), "nps"),
        "ces": column(_("effort"), "ces"),
        "answers": column(_("answers"), "answers"),
    }

    class Meta:
        model = OpenResponse
        import_id_fields = ("id",)


class EventFlagResource(ExportResource):
    """One row per flagged event: what the customer says, and who has looked into it.

    Both figures where a fee differs.
    """

    export_kind = "event_flags"
    team_path = "response__invitation__credited_team"
    list_filters = {"reason__exact": "reason", "response__invitation__credited_team__id__exact": "team"}
    related = ("checked_by", *(f"response__invitation__{name}" for name in _RELATED))
    unread = (
        "response__answers",
        "response__answers_hash",
        "response__off_path",
        *_unread_invitation("response__invitation__"),
    )
    columns = {
        **_invitation_columns("response__invitation__"),
        "reason": column(_("reason"), "get_reason_display"),
        "paid": column(_("paid"), "paid"),
        "charged": column(_("amount on the ticket"), "charged"),
        "flagged_at": column(_("disputed at"), "flagged_at"),
        "checked_at": column(_("checked at"), "checked_at"),
        "checked_by": column(_("checked by"), "checked_by__username"),
    }

    class Meta:
        model = EventFlag
        import_id_fields = ("invitation",)


_ANSWER = "answer:"


def _questions_of(questionnaire_id: int) -> list[QuestionContent]:
    """Return every question that was ever published, in the order in which they came.

    Each has its newest wording.
    """
    documents = (
        QuestionnaireVersion.objects.filter(questionnaire=questionnaire_id)
        .order_by("number")
        .values_list("document", flat=True)
    )
    return list(
        {
            question.key: question for document in documents for question in read_document(document).questions
        }.values()
    )


def _language() -> str:
    return reader_language().value
