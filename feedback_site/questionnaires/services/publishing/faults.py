"""What keeps a draft from being published, in sentences for its author."""

from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from feedback_site.common.listing import listed
from feedback_site.evaluations.enums import Unit
from feedback_site.questionnaires.document import (
    ConditionContent,
    ConditionTest,
    Document,
    EndPageContent,
    QuestionContent,
    Texts,
)
from feedback_site.questionnaires.enums import (
    ConditionOperator,
    ConditionSource,
    Layout,
    Metric,
)
from feedback_site.questionnaires.questions import (
    QUESTION_CLASSES,
    AnswerKind,
    compile_question,
    faults_of_type,
)
from feedback_site.questionnaires.questions.base import EMPTINESS
from feedback_site.questionnaires.services.publishing.compiling import METRIC_OF_INDICATOR
from feedback_site.questionnaires.services.publishing.piping_faults import find_piping_faults

_ORDER = {ConditionOperator.AT_LEAST, ConditionOperator.AT_MOST}
_OF_OPTIONS = {AnswerKind.OPTION, AnswerKind.OPTIONS}
# What one screen sends arrives in one piece (`feedback_site.common.public_pages.uploads`).
_MOST_MEGABYTES = 11


def find_faults(document: Document) -> Iterator[tuple[str, str]]:
    """Yield `(question key, sentence)` for everything that keeps a compiled draft from being published."""
    questions = document.questions
    if not questions:
        yield "", _("Add at least one question.")
    for texts, label in ((document.title, _("title")), (document.thanks, _("thanks"))):
        if not all(texts.values()):
            yield "", _("Write the %(field)s in each language.") % {"field": label}
    for texts, label in ((document.intro, _("introduction")), (document.privacy, _("privacy notice"))):
        if _is_half_written(texts):
            yield "", _("Write the %(field)s in each language.") % {"field": label}
    for question in questions:
        yield from ((question.key, _named(question.key, fault)) for fault in _faults_of(question))
    yield from _repeats(questions)
    yield from find_condition_faults(document)
    yield from ((key, _named(key, fault) if key else fault) for key, fault in find_piping_faults(document))
    yield from _faults_of_screens(document)
    yield from _faults_of_ends(document.end_pages)


def _faults_of_ends(ends: Sequence[EndPageContent]) -> Iterator[tuple[str, str]]:
    for end in ends:
        if not all(end.text.values()):
            yield "", _("End page “%(key)s”: write the text in each language.") % {"key": end.key}
        if end.redirect and not is_allowed_redirect(end.redirect):
            message = _("End page “%(key)s”: this web address is not allowed. Allowed are: %(hosts)s")
            yield "", message % {"key": end.key, "hosts": listed(settings.REDIRECT_HOSTS) or "–"}


def _faults_of_screens(document: Document) -> Iterator[tuple[str, str]]:
    for key in _told_too_early(document):
        yield (
            key,
            _named(
                key,
                _(
                    "a contact is asked for on the last screen, because it is not kept before the answers "
                    "are sent."
                ),
            ),
        )
    for key in _too_large_together(document):
        yield (
            key,
            _named(
                key,
                _("the files of one screen have at most %(size)s MB together.") % {"size": _MOST_MEGABYTES},
            ),
        )


def _told_too_early(document: Document) -> Iterator[str]:
    """Yield the keys of questions for a contact that do not stand on the last screen.

    Nothing is sealed before the answers are sent.
    """
    questions = document.questions
    is_single = document.layout == Layout.SINGLE
    last = max((question.page for question in questions), default=1)
    for question in questions:
        is_last = question is questions[-1] if is_single else question.page == last
        if QUESTION_CLASSES[question.type].only_at_the_end and not is_last:
            yield question.key


def _too_large_together(document: Document) -> Iterator[str]:
    """Yield the keys of questions for files that are too large together.

    With those before them on their screen they take more than arrives in one piece.
    """
    together: Counter[object] = Counter()
    for question in document.questions:
        if not QUESTION_CLASSES[question.type].takes_uploads or list(faults_of_type(question)):
            continue
        screen = question.key if document.layout == Layout.SINGLE else question.page
        together[screen] += compile_question(question).megabytes_together
        if together[screen] > _MOST_MEGABYTES:
            yield question.key


def _faults_of(question: QuestionContent) -> Iterator[str]:
    if not all(question.text.values()):
        yield _("write the question in each language.")
    if any(map(_is_half_written, (question.help, question.low_label, question.high_label))):
        yield _("write help and labels in each language, or in none.")
    metric = question.metric
    if not QUESTION_CLASSES[question.type].may_count_as(metric):
        yield _("this type of question cannot count as %(metric)s.") % {"metric": Metric(metric).label}
    yield from faults_of_type(question)
    yield from _faults_of_feeding(question)


def _faults_of_feeding(question: QuestionContent) -> Iterator[str]:
    metric = METRIC_OF_INDICATOR.get(question.indicator)
    if metric is not None and question.metric != metric:
        yield _("its indicator is measured from the question that counts as %(metric)s.") % {
            "metric": metric.label
        }
    unit = question.feeds
    if not unit or QUESTION_CLASSES[question.type].can_feed(question, unit):
        return
    if unit == Unit.RATING:
        yield _(
            "its indicator is rated from 1 to 5: only a rating or a satisfaction question of five points can "
            "feed it."
        )
    elif unit == Unit.PERCENT:
        yield _(
            "its indicator is a percentage: use a yes/no, satisfaction or effort question, or a single "
            "choice where "
            "some options meet the indicator and some do not."
        )
    else:
        yield _("answers cannot feed an indicator in %(unit)s.") % {"unit": Unit(unit).label}


def _repeats(questions: Sequence[QuestionContent]) -> Iterator[tuple[str, str]]:
    for key, count in Counter(question.key for question in questions).items():
        if count > 1:
            yield key, _named(key, _("this ID is used more than once."))
    counted = Counter(question.metric for question in questions if question.metric != Metric.NONE)
    for metric, count in counted.items():
        if count > 1:
            yield "", _("At most one question may count as %(metric)s.") % {"metric": Metric(metric).label}
    yield from _fed_twice(questions)


def _fed_twice(questions: Sequence[QuestionContent]) -> Iterator[tuple[str, str]]:
    """Yield the questions that feed an indicator which another one feeds already.

    Both are asked of the same customers.
    """
    fed: dict[str, set[str]] = {}
    for question in questions:
        if not question.feeds:
            continue
        drawn, others = question.set, fed.setdefault(question.indicator, set())
        if others & {"", drawn} or (others and not drawn):
            yield (
                question.key,
                _named(question.key, _("another question feeds this indicator already.")),
            )
        others.add(drawn)


def _named(key: str, fault: str) -> str:
    return _("Question “%(key)s”: %(fault)s") % {"key": key, "fault": fault}


def _is_half_written(texts: Texts) -> bool:
    return any(texts.values()) and not all(texts.values())


def is_allowed_redirect(address: str) -> bool:
    """Say whether an end page may lead to `address`: HTTPS, at a host of REDIRECT_HOSTS."""
    parts = urlsplit(address)
    return parts.scheme == "https" and parts.hostname in settings.REDIRECT_HOSTS


def find_condition_faults(document: Document) -> Iterator[tuple[str, str]]:
    """Yield `(question key, sentence)` for every condition that cannot be decided when it is needed.

    A question may depend on earlier ones alone, so conditions never run in a circle.
    """
    questions = document.questions
    for place, question in enumerate(questions):
        for fault in _faults_of_condition(
            question.condition, known=questions[:place], all_questions=questions
        ):
            yield question.key, _named(question.key, fault)
    for end in document.end_pages:
        for fault in _faults_of_condition(end.condition, known=questions, all_questions=questions):
            yield "", _("End page “%(key)s”: %(fault)s") % {"key": end.key, "fault": fault}


def _faults_of_condition(
    condition: ConditionContent,
    *,
    known: Sequence[QuestionContent],
    all_questions: Sequence[QuestionContent],
) -> Iterator[str]:
    by_key = {question.key: question for question in known}
    for test in condition.tests:
        if test.of != ConditionSource.ANSWER:
            continue
        name = test.name
        if name in by_key:
            yield from _faults_of_test(test, by_key[name])
        elif any(question.key == name for question in all_questions):
            yield _("its condition depends on “%(key)s”, which is not asked before it.") % {"key": name}
        else:
            yield _("its condition depends on “%(key)s”, which is not a question here.") % {"key": name}


def _faults_of_test(test: ConditionTest, subject: QuestionContent) -> Iterator[str]:
    operator, kind, value = test.operator, QUESTION_CLASSES[subject.type], test.compared
    if not kind.operators:
        yield _("its condition cannot depend on “%(key)s”.") % {"key": subject.key}
    elif operator in EMPTINESS:
        return
    elif kind.operators == EMPTINESS:
        yield _("its condition can only ask whether “%(key)s” was answered.") % {"key": subject.key}
    elif operator in _ORDER and operator not in kind.operators:
        yield _("its condition compares “%(key)s”, which has no order.") % {"key": subject.key}
    elif kind.answer_kind is AnswerKind.NUMBER and not isinstance(value, int | float):
        yield _("its condition compares “%(key)s” with “%(value)s”, which is no number.") % {
            "key": subject.key,
            "value": value,
        }
    elif kind.answer_kind in _OF_OPTIONS and value not in compile_question(subject).option_keys:
        yield _("its condition names “%(value)s”, which is no option of “%(key)s”.") % {
            "key": subject.key,
            "value": value,
        }
