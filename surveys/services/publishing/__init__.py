"""Publishing: the draft's rows become one frozen JSON document, the version that customers answer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.common.exceptions import DomainError
from surveys.models import Questionnaire, QuestionnaireVersion
from surveys.services.publishing.compiling import compile_draft
from surveys.services.publishing.faults import find_faults
from surveys.services.publishing.open_faults import OWN, faults_where_open, find_open_faults

__all__ = ["OWN", "draft_faults", "find_faults", "find_open_faults", "latest_version", "publish_questionnaire"]


@transaction.atomic
def publish_questionnaire(*, questionnaire: Questionnaire, by: User | None, at: datetime) -> QuestionnaireVersion:
    """Freeze the draft into the next version and return it; an unchanged draft returns the latest version.

    Raises `DomainError` naming every fault by question; `extra["faults"]` holds `{"question", "message"}` (question empty: the whole).
    """
    draft = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    content = compile_draft(draft)
    faults = list(find_faults(content)) or faults_where_open(draft, content)
    if faults:
        raise DomainError(
            _("This questionnaire cannot be published yet: %(faults)s") % {"faults": " ".join(message for _key, message in faults)},
            {"faults": [{"question": key, "message": message} for key, message in faults]},
        )
    latest = latest_version(draft)
    if latest is not None and latest.document == {**content, "number": latest.number}:
        return latest
    number = 1 if latest is None else latest.number + 1
    return QuestionnaireVersion.objects.create(
        questionnaire=draft, number=number, document={**content, "number": number}, published_at=at, published_by=by
    )


def latest_version(questionnaire: Questionnaire) -> QuestionnaireVersion | None:
    """Return the version that new invitations use, None before the first publication."""
    return questionnaire.versions.order_by("-number").first()


def draft_faults(questionnaire: Questionnaire) -> list[str]:
    """Return a sentence for everything that keeps the draft from being published now."""
    content = compile_draft(questionnaire)
    faults = list(find_faults(content)) or faults_where_open(questionnaire, content)
    return [sentence for _key, sentence in faults]
