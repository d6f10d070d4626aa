"""What publishing adds to a draft, and what it leaves out because no customer sees it."""

from dataclasses import replace
from math import isfinite

from feedback_site.common.languages import Language
from feedback_site.evaluations.enums import MeasurementSource
from feedback_site.evaluations.models import Indicator
from feedback_site.questionnaires.document import (
    ConditionContent,
    ConditionTest,
    Document,
    OptionContent,
    QuestionContent,
    Texts,
    Value,
)
from feedback_site.questionnaires.enums import ConditionOperator, ConditionSource, EventFact, Metric
from feedback_site.questionnaires.models import Questionnaire
from feedback_site.questionnaires.questions import QUESTION_CLASSES, AnswerKind
from feedback_site.questionnaires.services.drafts import read_draft

# These are measured from what counts as their metric, whichever question that is.
METRIC_OF_INDICATOR = {"customer_satisfaction": Metric.SATISFACTION, "net_promoter_score": Metric.NPS}
_LANGUAGES = (Language.CHINESE.value, Language.ENGLISH.value)
_TRUTHS = {EventFact.IS_COMPLAINT, EventFact.IS_RESOLVED}
_EMPTINESS = {ConditionOperator.ANSWERED, ConditionOperator.UNANSWERED}


def compile_draft(draft: Questionnaire) -> Document:
    """Return the document of a draft as publishing makes it, but for its number."""
    return _Resolving(read_draft(draft)).document()


class _Resolving:
    """One document, of which each question may have to know the others."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._types = {question.key: question.type for question in document.questions}
        self._units = _units_fed(document)

    def document(self) -> Document:
        """Return all that customers see, with what it takes to show and to count it."""
        whole = self._document
        return replace(
            whole,
            title=_trimmed(whole.title),
            intro=_trimmed(whole.intro),
            thanks=_trimmed(whole.thanks),
            privacy=_trimmed(whole.privacy),
            hotline=whole.hotline.strip(),
            questions=tuple(map(self._question, sorted(whole.questions, key=lambda question: question.page))),
            end_pages=tuple(
                replace(end, text=_trimmed(end.text), condition=self._condition(end.condition))
                for end in whole.end_pages
            ),
            languages=_LANGUAGES,
        )

    def _question(self, question: QuestionContent) -> QuestionContent:
        kind = QUESTION_CLASSES[question.type]
        return replace(
            question,
            text=_trimmed(question.text),
            help=_trimmed(question.help),
            low_label=_trimmed(question.low_label),
            high_label=_trimmed(question.high_label),
            options=tuple(replace(one, text=_trimmed(one.text)) for one in question.options)
            if kind.has_options
            else (),
            rows=tuple(OptionContent(one.key, _trimmed(one.text)) for one in question.rows)
            if kind.has_rows
            else (),
            condition=self._condition(question.condition),
            feeds=self._units.get(question.indicator, ""),
        )

    def _condition(self, condition: ConditionContent) -> ConditionContent:
        if not condition.tests:
            return ConditionContent()
        tests = (replace(test, compared=self._compared(test)) for test in condition.tests)
        return replace(condition, tests=tuple(tests))

    def _compared(self, test: ConditionTest) -> Value:
        """Return the value as answers to the subject are stored.

        Words where it cannot be read, which publishing then refuses.
        """
        if test.operator in _EMPTINESS:
            return None
        if test.of == ConditionSource.EVENT:
            is_truth = test.name in _TRUTHS
            return test.value.strip().lower() in {"yes", "true", "1", "是"} if is_truth else test.value
        kind = self._types.get(test.name)
        is_number = kind is not None and QUESTION_CLASSES[kind].answer_kind is AnswerKind.NUMBER
        return _number_in(test.value) if is_number else test.value


def _number_in(text: str) -> float | str:
    try:
        number = float(text)
    except ValueError:
        return text
    # Python takes "nan" and "1e999" for numbers; a document holds none such.
    if not isfinite(number):
        return text
    return int(number) if number.is_integer() else number


def _units_fed(document: Document) -> dict[str, str]:
    """Return in which units answers feed the indicators, as these are now.

    A version counts as it was published.
    """
    slugs = {question.indicator for question in document.questions} - {"", *METRIC_OF_INDICATOR}
    found = Indicator.objects.filter(slug__in=slugs, source=MeasurementSource.SURVEY) if slugs else ()
    return {indicator.slug: indicator.unit for indicator in found}


def _trimmed(texts: Texts) -> Texts:
    return {language: text.strip() for language, text in texts.items()}
