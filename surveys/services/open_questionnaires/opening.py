"""Opening a questionnaire to the person who has its code, and closing it again."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.questionnaires.models import Questionnaire
from feedback_site.questionnaires.services.publishing import find_open_faults, latest_version
from surveys.models import OpenQuestionnaire
from surveys.rules.codes import new_code


@transaction.atomic
def save_open_questionnaire(*, opened: OpenQuestionnaire, at: datetime) -> OpenQuestionnaire:
    """Save what staff changed; a new one gets its code.

    Raises `DomainError` where its questionnaire cannot be asked openly.
    """
    if opened.closed_at is None:
        refuse_unless_open(questionnaire=opened.questionnaire)
    if not opened.code:
        opened.code, opened.created_at = new_code(), at
    opened.save()
    return opened


@transaction.atomic
def close_open_questionnaire(*, opened: OpenQuestionnaire, at: datetime) -> None:
    """Take no more answers. Raises `ConflictError` when it is closed."""
    if not OpenQuestionnaire.objects.not_closed().filter(pk=opened.pk).update(closed_at=at):
        raise ConflictError(_("It has already stopped taking answers."))


@transaction.atomic
def reopen_open_questionnaire(*, opened: OpenQuestionnaire) -> None:
    """Take answers again, under the same code.

    Raises `ConflictError` when it is open, `DomainError` as saving does.
    """
    refuse_unless_open(questionnaire=opened.questionnaire)
    if not OpenQuestionnaire.objects.filter(pk=opened.pk, closed_at__isnull=False).update(closed_at=None):
        raise ConflictError(_("It is open already."))


def refuse_unless_open(*, questionnaire: Questionnaire) -> None:
    """Raise `DomainError` unless the published version can be asked openly.

    Nothing can be published meanwhile: it waits for this row.
    """
    with transaction.atomic():
        version = latest_version(Questionnaire.objects.select_for_update().get(pk=questionnaire.pk))
    if version is None:
        raise DomainError(_("This questionnaire is not published yet: publish it first."))
    faults = [sentence for _key, sentence in find_open_faults(version.content)]
    if faults:
        raise DomainError(" ".join(faults))


def address_of(opened: OpenQuestionnaire) -> str:
    """Return the address that a person who has the code opens."""
    return f"{settings.PUBLIC_BASE_URL}/s/{opened.code}/"
