"""What publishing adds to a draft, and what it leaves out because no customer sees it."""

from dataclasses import replace
from math import isfinite

from feedback_site.common.languages import organisation_languages
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
    with_texts,
)
from feedback_site.questionnaires.enums import ConditionOperator, ConditionSource, EventFact, Metric
from feedback_site.questionnaires.models import Questionnaire
from feedback_site.questionnaires.questions import QUESTION_CLASSES, AnswerKind
from feedback_site.questionnaires.services.drafts import read_draft

# These are measured from what counts as their metric, whichever question that is.
METRIC_OF_INDICATOR = {"customer_satisfaction": Metric.SATISFACTION, "net_promoter_score": Metric.NPS}
_TRUTHS = {EventFact.IS_COMPLAINT, EventFact.IS_RESOLVED}
_EMPTINESS = {ConditionOperator.ANSWERED, ConditionOperator.UNANSWERED}


def compile_draft(draft: Questionnaire) -> Document:
    """Return the document of a draft as publishing makes it, but for its number."""
    return _Resolving(read_draft(draft)).document()


def without_replacements(document: Document) -> Document:
    """Return a published document as it was written.

    In languages that customers were not offered, a text stands there too where none was written.
    """

    def written(texts: Texts) -> Texts:
        return {
            code: text if code in document.languages or text not in map(texts.get, document.languages) else ""
            for code, text in texts.items()
        }

    return with_texts(document, written)


class _Resolving:
    """One document, of which each question may have to know the others."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._types = {question.key: question.type for question in document.questions}
        self._units = _units_fed(document)
        self._languages = _languages_of(document)

    def document(self) -> Document:
        """Return all that customers see, with what it takes to show and to count it."""
        whole = with_texts(self._document, self._shown)
        return replace(
            whole,
            hotline=whole.hotline.strip(),
            questions=tuple(map(self._question, sorted(whole.questions, key=lambda question: question.page))),
            end_pages=tuple(
                replace(end, condition=self._condition(end.condition)) for end in whole.end_pages
            ),
            languages=self._languages,
            default_language=self._default_language,
        )

    @property
    def _default_language(self) -> str:
        own = self._document.default_language
        return own if own in self._languages else self._languages[0]

    def _shown(self, texts: Texts) -> Texts:
        """Return a text as it is read in each language.

        In those that customers are not offered, staff read another where it is not written.
        """
        trimmed = {code: text.strip() for code, text in texts.items()}
        readable = (self._default_language, *self._languages)
        instead = next((trimmed[code] for code in readable if trimmed[code]), "")
        return {code: text if code in self._languages else text or instead for code, text in trimmed.items()}

    def _question(self, question: QuestionContent) -> QuestionContent:
        kind = QUESTION_CLASSES[question.type]
        return replace(
            question,
            options=question.options if kind.has_options else (),
            rows=tuple(OptionContent(one.key, one.text) for one in question.rows) if kind.has_rows else (),
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


def _languages_of(document: Document) -> tuple[str, ...]:
    """Return those of the organisation's languages in which the title is written, all where it is in none."""
    languages = tuple(language.value for language in organisation_languages())
    return tuple(code for code in languages if document.title[code].strip()) or languages
