"""Drafts written again: a version back into its draft, a draft into a new questionnaire."""

from dataclasses import replace

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team
from feedback_site.common.exceptions import ConflictError
from feedback_site.common.languages import Language
from feedback_site.common.text_values import Texts
from feedback_site.questionnaires.models import Questionnaire, QuestionnaireVersion
from feedback_site.questionnaires.services.drafts import create_draft, read_draft, replace_draft
from feedback_site.questionnaires.services.publishing.compiling import without_replacements

_MOST_COPIES = 100
_COPY_OF = {Language.ENGLISH.value: "{} (copy)", Language.CHINESE.value: "{}（副本）"}


@transaction.atomic
def restore_version(*, version: QuestionnaireVersion) -> Questionnaire:
    """Write a published version back into the draft of its questionnaire, replacing what is there now.

    Nothing is published by it.
    """
    draft = Questionnaire.objects.select_for_update().get(pk=version.questionnaire_id)
    # What staff call it belongs to the draft; customers never read it.
    document = replace(without_replacements(version.content), name=draft.names.in_every_language())
    replace_draft(document=document, draft=draft)
    return draft


@transaction.atomic
def duplicate_questionnaire(*, questionnaire: Questionnaire, team: Team | None) -> Questionnaire:
    """Copy the whole draft into a new questionnaire owned by `team`, with a slug of its own.

    Raises ConflictError when no slug is free.
    """
    document = read_draft(questionnaire)
    name = Texts(
        (code, _COPY_OF[code].format(name[:100])) for code, name in questionnaire.names.items()
    ).in_every_language()
    for number in range(1, _MOST_COPIES):
        ending = "-copy" if number == 1 else f"-copy-{number}"
        copy = replace(document, name=name, slug=f"{document.slug[: 60 - len(ending)]}{ending}")
        try:
            return create_draft(document=copy, team=team)
        except IntegrityError:
            continue
    raise ConflictError(_("There are too many copies of this questionnaire. Rename or delete some."))
