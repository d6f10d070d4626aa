"""The phone beside the form, on which an author sees a draft.

Every screen of one branch, one below the other, as customers' pages show them.
"""

from functools import partial
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from feedback_site.common.public_pages import brand, render, security_policy
from feedback_site.questionnaires.document import ConditionContent, Document
from feedback_site.questionnaires.pages.form_pages import question_contexts
from feedback_site.questionnaires.questions import CompiledQuestion
from feedback_site.questionnaires.selectors.condition_subjects import names_of_values
from feedback_site.questionnaires.services.piping import Known, fill
from feedback_site.questionnaires.services.previewing.branches import (
    SHORTEST,
    Names,
    Way,
    compile_draft_leniently,
    condition_in_words,
    tests_of_facts,
    way_of,
)
from feedback_site.questionnaires.services.previewing.examples import example_answers, example_facts
from feedback_site.questionnaires.services.questionnaires import CompiledQuestionnaire
from feedback_site.questionnaires.walk import Screen, end_reached, fields_of

_STYLE = "questionnaires/preview.css"


def preview(document: Document, *, language: str, branch: str) -> bytes:
    """Return the screens of one branch in one language, with the answers that lead there.

    Its buttons do nothing.
    """
    questionnaire = compile_draft_leniently(document)
    way = way_of(questionnaire, branch)
    given = {**example_answers(questionnaire.questions), **way.answers}
    known = Known(language, example_facts(way.facts, language=language), given, questionnaire.questions)
    with translation.override(language):
        names = names_of_values(tests_of_facts(document)) if way.is_whole else {}
        screens = [_screen(questionnaire, way, screen, known, names) for screen in way.screens]
        ends = _ends(document, way, known, names, is_shortest=branch == SHORTEST)
        thanks = fill(questionnaire.word("thanks", language), known) if way.is_whole or not ends else ""
        context = {
            **{name: fill(questionnaire.word(name, language), known) for name in ("title", "intro")},
            "thanks": thanks,
            "privacy": questionnaire.word("privacy", language),
            "hotline": document.hotline or brand().hotline,
            "screens": screens,
            "ends": ends,
            "left_out": len(document.questions) - len(questionnaire.questions),
        }
        return render(
            "questionnaires/preview.html", language=language, languages=(), context=context, more_style=_STYLE
        ).plain


def framed_policy() -> str:
    """Return the Content-Security-Policy of customers' pages that staff pages show in a frame."""
    return security_policy(_STYLE).replace("frame-ancestors 'none'", "frame-ancestors 'self'")


def _screen(
    questionnaire: CompiledQuestionnaire, way: Way, screen: Screen, known: Known, names: Names
) -> dict[str, Any]:
    asked = [question for question in questionnaire.questions if question.key in screen.keys]
    contexts = question_contexts(
        asked,
        language=known.language,
        values=fields_of(asked, way.answers),
        errors={},
        pipe=partial(fill, known=known),
    )
    notes = [_notes(question, names) if way.is_whole else [] for question in asked]
    return {"questions": [{**shown, "notes": own} for shown, own in zip(contexts, notes, strict=True)]}


def _notes(question: CompiledQuestion, names: Names) -> list[str]:
    """Return which customers a question is asked, where that is not all of them."""
    notes = [_only_if(question.condition, names)] if question.condition else []
    return (
        [*notes, _("only in question rotation group %(name)s") % {"name": question.question_set}]
        if question.question_set
        else notes
    )


def _only_if(condition: ConditionContent, names: Names) -> str:
    return _("only if %(condition)s") % {"condition": condition_in_words(condition, names)}


def _ends(
    document: Document, way: Way, known: Known, names: Names, *, is_shortest: bool
) -> list[dict[str, str]]:
    """Return the end pages that may be shown on a way, with when: the one that is reached, or all."""
    ends = list(document.end_pages)
    if not way.is_whole:
        if is_shortest:
            # Where no condition holds, only an end page that has none is reached.
            ends = [end for end in ends if not end.depends_on]
        reached = end_reached(ends, answers=way.answers, facts=way.facts)
        ends = [] if reached is None else [ends[reached]]
    return [
        {
            "text": fill(end.text.get(known.language, ""), known),
            "redirect": end.redirect,
            "when": _only_if(end.condition, names) if end.depends_on and way.is_whole else "",
        }
        for end in ends
    ]
