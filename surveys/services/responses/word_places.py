"""Where words of answers belong: whose they are, and what their fields are called."""

from django.urls import reverse

from feedback_site.accounts.models import User
from feedback_site.common.languages import reader_language
from feedback_site.customers.services.word_subjects import WordSubject, row_key
from feedback_site.questionnaires.document import Document
from surveys.models import OpenResponse, Response
from surveys.services.responses.words import ANSWERS, OFF_PATH


def find_response(by: User, subject_id: str) -> WordSubject | None:
    """Return a response that `by` may read."""
    related = ("invitation__version", "invitation__service_event")
    row = Response.objects.for_user(by).filter(pk=row_key(subject_id)).select_related(*related).first()
    if row is None or not by.has_perm("surveys.view_response"):
        return None
    invitation = row.invitation
    title = str(invitation.service_event or invitation.pk)
    return WordSubject(
        invitation.team_id, title, _address("response", row.pk), _Labels(invitation.version.content)
    )


def find_open_response(by: User, subject_id: str) -> WordSubject | None:
    """Return an open answer that `by` may read."""
    related = ("version", "open_questionnaire")
    row = OpenResponse.objects.for_user(by).filter(pk=row_key(subject_id)).select_related(*related).first()
    if row is None or not by.has_perm("surveys.view_openresponse"):
        return None
    place = row.open_questionnaire
    return WordSubject(
        place.team_id, place.label, _address("openresponse", row.pk), _Labels(row.version.content)
    )


class _Labels:
    """Names a field by its question, in the reader's language."""

    def __init__(self, document: Document) -> None:
        language = reader_language().value
        self._texts = {question.key: question.text.get(language, "") for question in document.questions}

    def __call__(self, name: str) -> str:
        key = name.removeprefix(ANSWERS).removeprefix(OFF_PATH).partition(".")[0]
        return self._texts.get(key) or name


def _address(model: str, pk: object) -> str:
    return reverse(f"admin:surveys_{model}_change", args=[pk])
