"""A definition becomes a draft: all of it, or nothing."""

from dataclasses import replace

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team
from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.questionnaires.document import Document
from feedback_site.questionnaires.models import Questionnaire
from feedback_site.questionnaires.services.drafting import propose_metrics
from feedback_site.questionnaires.services.drafts import create_draft, replace_draft
from feedback_site.questionnaires.services.exchange.checking import sound_document


def import_definition(
    *, definition: object, team: Team | None, replaces: Questionnaire | None = None
) -> Questionnaire:
    """Make a draft of a definition, whatever it is, and return it; see `import_document`.

    Raises `DefinitionError` with every problem and where it is.
    """
    return import_document(document=sound_document(definition), team=team, replaces=replaces)


def import_document(
    *, document: Document, team: Team | None, replaces: Questionnaire | None = None
) -> Questionnaire:
    """Make a draft of a document that was found sound, and return it.

    One that `replaces` another keeps that one's owner and published versions. What a question counts as is as
    the document states; where it does not, the first rating is proposed as satisfaction. Raises
    `ConflictError` where the slug is taken.
    """
    document = replace(document, questions=propose_metrics(document.questions))
    if replaces is not None:
        return _replace(document, replaces)
    try:
        return create_draft(document=document, team=team)
    except IntegrityError as error:
        if not Questionnaire.objects.filter(slug=document.slug).exists():
            raise
        raise slug_is_taken(document.slug) from error


def slug_is_taken(slug: str) -> ConflictError:
    """Return the error for a definition whose slug is in use."""
    return ConflictError(_("There is a questionnaire “%(slug)s” already.") % {"slug": slug}, {"slug": slug})


@transaction.atomic
def _replace(document: Document, replaces: Questionnaire) -> Questionnaire:
    draft = Questionnaire.objects.select_for_update().get(pk=replaces.pk)
    if draft.slug != document.slug:
        raise DomainError(
            _("Only the draft of “%(slug)s” can be replaced by this.") % {"slug": document.slug}
        )
    replace_draft(document=document, draft=draft)
    return draft
