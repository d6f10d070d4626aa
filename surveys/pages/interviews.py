"""The questions of an interview, as HTML for use inside a form of staff."""

import uuid
from collections.abc import Mapping
from functools import partial

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from feedback_site.questionnaires.pages.assets import page_script
from feedback_site.questionnaires.pages.form_pages import as_data, conditions_on, question_contexts
from feedback_site.questionnaires.questions import Fields
from feedback_site.questionnaires.selectors.event_facts import NOTHING, event_facts
from feedback_site.questionnaires.services.piping import Known, fill
from feedback_site.questionnaires.services.questionnaires import CompiledQuestionnaire, questionnaire_of
from feedback_site.questionnaires.walk import Walk
from surveys.services.invitations.interviewing import spoken


def interview_form(
    *,
    version_id: int,
    language: str,
    fields: Fields | None = None,
    errors: Mapping[str, str] | None = None,
    prefix: str = "",
    question_set: str = "",
    event_id: uuid.UUID | None = None,
) -> SafeString:
    """Return the questions' HTML as customers see them, for use once inside another form.

    All are on one page, with those of `question_set`.

    `fields` and `errors` are by question key; `prefix` is put before the names of the fields, where the other
    form has names of its own. What the event rules out is not asked. What depends on other answers comes and
    goes as on the customer's page; without script it is shown, and left out when the answers are read.
    """
    questionnaire = questionnaire_of(version_id)
    shown = questionnaire.language_of(language, language)
    known = _known(questionnaire, shown, event_id)
    screen = Walk([spoken(questionnaire)], facts=known.facts.tested, question_set=question_set).screens[0]
    asked = [question for question in questionnaire.questions if question.key in screen.keys]
    questions = [question.renamed(f"{prefix}{question.key}") for question in asked]
    values = {f"{prefix}{key}": given for key, given in (fields or {}).items()}
    wrong = {f"{prefix}{key}": sentence for key, sentence in (errors or {}).items()}
    with translation.override(shown):
        contexts = question_contexts(
            questions, language=shown, values=values, errors=wrong, pipe=partial(fill, known=known)
        )
        data = as_data({"asked": conditions_on(screen, asked, prefix=prefix)})
        return render_to_string(
            "surveys/interview.html",
            {"questions": contexts, "data": data, "script": page_script("surveys/interview.js")},
        )


def question_texts(*, version_id: int, language: str, event_id: uuid.UUID | None) -> dict[str, str]:
    """Return what each question asks, by key, in the language that the form shows."""
    questionnaire = questionnaire_of(version_id)
    shown = questionnaire.language_of(language, language)
    known = _known(questionnaire, shown, event_id)
    return {
        question.key: fill(question.texts["text"].get(shown, ""), known)
        for question in questionnaire.questions
    }


def _known(questionnaire: CompiledQuestionnaire, language: str, event_id: uuid.UUID | None) -> Known:
    needs_facts = questionnaire.needs_facts or "event" in questionnaire.pipes
    return Known(language, event_facts(event_id) if needs_facts else NOTHING)
