"""What an author should think about before publishing.

Warnings that forbid nothing, and how long customers will need.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback_site.common.languages import Language, organisation_languages
from feedback_site.common.listing import listed
from feedback_site.questionnaires.document import Document, QuestionContent, Texts
from feedback_site.questionnaires.enums import Metric
from feedback_site.questionnaires.questions import QUESTION_CLASSES

MOST_QUESTIONS, MOST_SECONDS = 10, 60
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What a customer can judge apart from another thing: two of these joined are two questions.
_ASPECTS_EN = (
    "friendly|polite|punctual|fast|quick|clear|helpful|professional|competent|clean|tidy|easy|cheap|reliable|safe|satisfied|happy|"
    "patient|careful|correct|complete|speed|quality|attitude|price|behaviou?r|knowledge|communication|cleanliness|punctuality|result"
)
_ASPECTS_ZH = (
    "满意|及时|专业|友好|热情|清楚|清晰|干净|整洁|准时|迅速|方便|合理|耐心|礼貌|规范|周到|解决|"
    "态度|速度|质量|价格|效果|环境|技术|沟通|收费|水平|效率"
)
_TWO_EN = re.compile(
    rf"\b({_ASPECTS_EN})\s+(and|or)\s+(\w+\s+)?({_ASPECTS_EN})\b|\b(and|or)\s+(did|does|was|were|is|are|has|have|how|would)\b",
    re.IGNORECASE,
)
_TWO_ZH = re.compile(rf"({_ASPECTS_ZH})(、|和|以及|并且|而且|及|与|或)\w{{0,6}}?({_ASPECTS_ZH})")


@dataclass(frozen=True)
class Estimate:
    """Seconds that an answer takes: without and with the questions that only some are asked."""

    least: int
    most: int


def estimate_time(document: Document) -> Estimate:
    """Return how long customers need; of rotating sets each is asked one, so the longest counts."""
    always: list[QuestionContent] = []
    sometimes: list[QuestionContent] = []
    for question in document.questions:
        (sometimes if question.depends_on else always).append(question)
    least = _seconds(always)
    return Estimate(least, max(least, _seconds([*always, *sometimes])))


def find_warnings(document: Document) -> Iterator[tuple[str, str]]:
    """Yield `(question key, sentence)` for everything that an author may regret.

    The key is empty for the whole.
    """
    questions = [question for question in document.questions if QUESTION_CLASSES[question.type].asks]
    if len(questions) > MOST_QUESTIONS:
        text = _(
            "%(count)d questions is a lot: beyond %(most)d, most customers stop. Consider question rotation."
        )
        yield "", text % {"count": len(questions), "most": MOST_QUESTIONS}
    estimate = estimate_time(document)
    if estimate.most > MOST_SECONDS:
        sentence = ngettext(
            "An answer takes up to %(seconds)d second.",
            "An answer takes up to %(seconds)d seconds.",
            estimate.most,
        )
        yield (
            "",
            sentence % {"seconds": estimate.most}
            + " "
            + _("Most customers only finish questionnaires that take less than a minute."),
        )
    if not any(question.metric == Metric.SATISFACTION for question in questions):
        yield (
            "",
            _(
                "No question counts as satisfaction: answers move no figure of satisfaction. If one should, "
                "say so at that question."
            ),
        )
    missing = [language for language in organisation_languages() if language not in document.languages]
    if missing:
        sentence = _("Customers are not offered %(languages)s: the title is not written in it.")
        yield "", sentence % {"languages": listed(language.label for language in missing)}
    for question in document.questions:
        yield from ((question.key, sentence) for sentence in _warnings_of(question, document.languages))


def _warnings_of(question: QuestionContent, languages: Sequence[str]) -> Iterator[str]:
    kind = QUESTION_CLASSES[question.type]
    if kind.has_ends and not (any(question.low_label.values()) and any(question.high_label.values())):
        yield _("The ends of the scale have no labels: customers guess which one is good.")
    if _asks_two_things(question.text):
        yield _(
            "This may be two questions in one. Customers who think differently about each cannot answer it."
        )
    if len(languages) > 1 and any(_is_untranslated(texts) for texts in _texts_of(question)):
        yield _("One of its texts is the same in both languages, or in the other language's letters.")


def _asks_two_things(text: Texts) -> bool:
    in_english = _TWO_EN.search(text.get(Language.ENGLISH.value, ""))
    return bool(in_english or _TWO_ZH.search(text.get(Language.CHINESE.value, "")))


def _is_untranslated(texts: Texts) -> bool:
    english, chinese = texts.get(Language.ENGLISH.value, ""), texts.get(Language.CHINESE.value, "")
    if not english or not chinese or not any(letter.isalpha() for letter in english):
        return False
    return bool(_CHINESE.search(english)) or (english == chinese and len(english.split()) > 1)


def _texts_of(question: QuestionContent) -> Iterator[Texts]:
    yield from (question.text, question.help, question.low_label, question.high_label)
    yield from (part.text for part in (*question.options, *question.rows))


def _seconds(questions: Sequence[QuestionContent]) -> int:
    by_set: dict[str, int] = {}
    for question in questions:
        kind = QUESTION_CLASSES[question.type]
        times = len(question.rows) if kind.has_rows else 1
        by_set[question.set] = by_set.get(question.set, 0) + kind.seconds * times
    always_asked = by_set.pop("", 0)
    return always_asked + max(by_set.values(), default=0)
