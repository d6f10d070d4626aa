"""The branches of a draft that an author can look at.

Everything at once, the shortest, one for each condition, and one for each rotating set.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from feedback_site.common.languages import Language
from feedback_site.questionnaires.document import ConditionContent, ConditionTest, Document, Value
from feedback_site.questionnaires.enums import ConditionJoin, ConditionOperator, ConditionSource, EventFact
from feedback_site.questionnaires.questions import CompiledQuestion, compile_question
from feedback_site.questionnaires.selectors.condition_subjects import names_of_values
from feedback_site.questionnaires.services.previewing.examples import lead_to
from feedback_site.questionnaires.services.questionnaires import CompiledQuestionnaire
from feedback_site.questionnaires.walk import ReadAnswers, Screen, Walk, is_of_set

Names = Mapping[tuple[str, str], str]
EVERYTHING, SHORTEST = "all", "short"
_SET = "set:"


@dataclass(frozen=True)
class Branch:
    """One way through a questionnaire."""

    key: str
    label: str


@dataclass(frozen=True, eq=False)
class Way:
    """What is shown on a branch: screens, with the answers and facts that lead there.

    `is_whole`: everything, no matter who is asked it.
    """

    screens: Sequence[Screen]
    answers: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    is_whole: bool = False


def compile_draft_leniently(document: Document) -> CompiledQuestionnaire:
    """Compile a draft as versions are, leaving out questions that cannot be drawn yet.

    Publishing says why they cannot.
    """
    compiled = []
    for content in document.questions:
        try:
            question = compile_question(content)
            question.context(language=Language.ENGLISH.value, values={}, error="")
        except (KeyError, TypeError, ValueError):
            continue
        compiled.append(question)
    return CompiledQuestionnaire(0, document, tuple(compiled))


def branches_of(document: Document) -> list[Branch]:
    """Return the ways through a draft with their names."""
    conditions = _conditions_of(document)
    names = names_of_values(tests_of_facts(document))
    sets = sorted({question.set for question in document.questions} - {""})
    own = [
        Branch(str(number), condition_in_words(condition, names))
        for number, condition in enumerate(conditions)
    ]
    own += [Branch(f"{_SET}{name}", _("question rotation group %(name)s") % {"name": name}) for name in sets]
    return [
        Branch(EVERYTHING, _("All questions")),
        *([Branch(SHORTEST, _("no condition holds")), *own] if own else []),
    ]


def way_of(questionnaire: CompiledQuestionnaire, branch: str) -> Way:
    """Return what one branch shows; an unknown one shows everything."""
    conditions = _conditions_of(questionnaire.document)
    chosen = {str(number): condition for number, condition in enumerate(conditions)}.get(branch)
    if chosen is not None:
        return _way_by(questionnaire, chosen)
    first = next(iter(questionnaire.sets), "")
    if branch.startswith(_SET) and branch.removeprefix(_SET) in questionnaire.sets:
        return _plan(questionnaire, {}, {}, branch.removeprefix(_SET))
    if branch == SHORTEST:
        always = [question for question in questionnaire.questions if not question.condition]
        asked = [question.key for question in always if is_of_set(question, first)]
        return Way(_screens_with(questionnaire, asked))
    return Way(
        _screens_with(questionnaire, [question.key for question in questionnaire.questions]), is_whole=True
    )


def condition_in_words(condition: ConditionContent, names: Names) -> str:
    """Return a condition as authors say it; `names` are those of values that facts of the event take."""
    is_all = condition.join == ConditionJoin.ALL
    joint = pgettext("between conditions", " and ") if is_all else pgettext("between conditions", " or ")
    return joint.join(_test_in_words(test, names) for test in condition.tests)


def name_in_words(test: ConditionTest) -> str:
    """Return what a comparison looks at: a fact of the event by its name, a question by its key."""
    is_fact = test.of == ConditionSource.EVENT and test.name in EventFact.values
    return str(EventFact(test.name).label) if is_fact else test.name


def value_in_words(test: ConditionTest, value: Value, names: Names) -> str:
    """Return a value that something is compared with as authors say it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return names.get((test.name, str(value)), str(value)) if test.of == ConditionSource.EVENT else str(value)


def tests_of_facts(document: Document) -> Iterator[ConditionTest]:
    """Yield the comparisons that look at the event."""
    for condition in _conditions_of(document):
        yield from (test for test in condition.tests if test.of == ConditionSource.EVENT)


def _test_in_words(test: ConditionTest, names: Names) -> str:
    value = value_in_words(test, "" if test.compared is None else test.compared, names)
    return f"{name_in_words(test)} {ConditionOperator(test.operator).label} {value}".strip()


def _way_by(questionnaire: CompiledQuestionnaire, condition: ConditionContent) -> Way:
    """Return the way of a customer for whom a condition holds."""
    answers, facts = lead_to(_with_what_it_needs(questionnaire, condition), questionnaire.questions)
    in_sets = [question for question in questionnaire.questions if question.question_set]
    own = [question.question_set for question in in_sets if question.condition == condition]
    sets = sorted(question.question_set for question in in_sets)
    return _plan(questionnaire, answers, facts, next(iter([*own, *sets]), ""))


def _plan(
    questionnaire: CompiledQuestionnaire,
    answers: Mapping[str, Any],
    facts: Mapping[str, Any],
    question_set: str,
) -> Way:
    """Return the screens as customers get them.

    What is decided on the screen itself is decided as these answers do.
    """
    given = ReadAnswers(answers, errors={})
    walk = Walk(questionnaire.steps, facts=facts, question_set=question_set, given=given)
    return Way(_screens_with(questionnaire, [question.key for question in walk.on_path]), answers, facts)


def _screens_with(questionnaire: CompiledQuestionnaire, keys: Sequence[str]) -> list[Screen]:
    steps: Sequence[Sequence[CompiledQuestion]] = questionnaire.steps
    screens = (
        Screen(number, tuple(one.key for one in step if one.key in keys))
        for number, step in enumerate(steps, start=1)
    )
    return [screen for screen in screens if screen.keys]


def _conditions_of(document: Document) -> list[ConditionContent]:
    """Return every condition once, in the order of the questionnaire."""
    found: list[ConditionContent] = []
    stated = [question.depends_on for question in document.questions]
    stated += [end.depends_on for end in document.end_pages]
    for condition in stated:
        if condition and condition not in found:
            found.append(condition)
    return found


def _with_what_it_needs(
    questionnaire: CompiledQuestionnaire, condition: ConditionContent
) -> list[ConditionContent]:
    """Return a condition with those of the questions that it depends on."""
    by_key = {question.key: question.condition for question in questionnaire.questions}
    wanted = [condition]
    for one in wanted:  # grows as it goes
        needed = (by_key.get(test.name) for test in one.tests if test.of == ConditionSource.ANSWER)
        wanted += [other for other in filter(None, needed) if other not in wanted]
    return wanted
