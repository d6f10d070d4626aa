"""A definition becomes a draft: all of it, or nothing."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team
from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.questionnaires.models import Questionnaire
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.services.drafting import propose_metrics
from feedback_site.questionnaires.services.exchange.checking import find_problems
from feedback_site.questionnaires.services.exchange.problems import DefinitionError
from feedback_site.questionnaires.services.exchange.writing import own_fields, replace_draft, write_parts

Definition = dict[str, Any]


def import_definition(
    *, definition: Any, team: Team | None, replaces: Questionnaire | None = None
) -> Questionnaire:
    """Make a draft of a definition and return it.

    One that `replaces` another keeps that one's owner and published versions.

    What a question counts as is as the definition states; where it does not, the first rating is proposed as
    satisfaction. Raises `DefinitionError` with every problem and where it is, `ConflictError` where the slug
    is taken.
    """
    definition = _with_metrics(definition)
    problems = find_problems(definition)
    if problems:
        raise DefinitionError(problems)
    if replaces is not None:
        return _replace(definition, replaces)
    try:
        with transaction.atomic():
            questionnaire = Questionnaire.objects.create(
                slug=definition["slug"], team=team, **own_fields(definition)
            )
            write_parts(definition, questionnaire)
    except IntegrityError as error:
        if not Questionnaire.objects.filter(slug=definition["slug"]).exists():
            raise
        raise slug_is_taken(definition["slug"]) from error
    return questionnaire


def _with_metrics(definition: Any) -> Any:
    """Return a definition whose questions all say what they count as, as far as it is one."""
    questions = definition.get("questions") if isinstance(definition, dict) else None
    if not isinstance(questions, list) or not all(_has_type(question) for question in questions):
        return definition
    return {**definition, "questions": propose_metrics(questions)}


def _has_type(question: Any) -> bool:
    return (
        isinstance(question, dict)
        and isinstance(question.get("type"), str)
        and question["type"] in QUESTION_CLASSES
    )


def slug_is_taken(slug: str) -> ConflictError:
    """Return the error for a definition whose slug is in use."""
    return ConflictError(_("There is a questionnaire “%(slug)s” already.") % {"slug": slug}, {"slug": slug})


@transaction.atomic
def _replace(definition: Definition, replaces: Questionnaire) -> Questionnaire:
    draft = Questionnaire.objects.select_for_update().get(pk=replaces.pk)
    if draft.slug != definition["slug"]:
        raise DomainError(
            _("Only the draft of “%(slug)s” can be replaced by this.") % {"slug": definition["slug"]}
        )
    replace_draft(definition, draft)
    return draft
