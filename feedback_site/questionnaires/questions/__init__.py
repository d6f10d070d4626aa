"""Question types: how an answer is read, stored, exported,
and how the question looks. A new type is registered here.
"""

from collections.abc import Iterator, Mapping

from feedback_site.questionnaires.questions.base import (
    Answer,
    CompiledQuestion,
    Content,
    Fields,
    InvalidAnswer,
    Statistics,
)
from feedback_site.questionnaires.questions.call_back import CallBackQuestion
from feedback_site.questionnaires.questions.ces import CesQuestion
from feedback_site.questionnaires.questions.choice import ChoiceQuestion
from feedback_site.questionnaires.questions.consent import ConsentQuestion
from feedback_site.questionnaires.questions.contact import ContactQuestion
from feedback_site.questionnaires.questions.csat import CsatQuestion
from feedback_site.questionnaires.questions.date import DateQuestion
from feedback_site.questionnaires.questions.file import FileQuestion
from feedback_site.questionnaires.questions.kept import KeptQuestion
from feedback_site.questionnaires.questions.matrix import MatrixQuestion
from feedback_site.questionnaires.questions.multiple import MultipleQuestion
from feedback_site.questionnaires.questions.not_mine import NotMineQuestion
from feedback_site.questionnaires.questions.nps import NpsQuestion
from feedback_site.questionnaires.questions.number import NumberQuestion
from feedback_site.questionnaires.questions.rating import RatingQuestion
from feedback_site.questionnaires.questions.section import SectionQuestion
from feedback_site.questionnaires.questions.settings import Setting, SettingKind
from feedback_site.questionnaires.questions.short_text import ShortTextQuestion
from feedback_site.questionnaires.questions.signature import SignatureQuestion
from feedback_site.questionnaires.questions.text import TextQuestion
from feedback_site.questionnaires.questions.yes_no import YesNoQuestion

QUESTION_CLASSES: Mapping[str, type[CompiledQuestion]] = {
    "rating": RatingQuestion,
    "csat": CsatQuestion,
    "nps": NpsQuestion,
    "ces": CesQuestion,
    "yes_no": YesNoQuestion,
    "choice": ChoiceQuestion,
    "multiple": MultipleQuestion,
    "matrix": MatrixQuestion,
    "number": NumberQuestion,
    "date": DateQuestion,
    "short_text": ShortTextQuestion,
    "text": TextQuestion,
    "contact": ContactQuestion,
    "consent": ConsentQuestion,
    "call_back": CallBackQuestion,
    "not_mine": NotMineQuestion,
    "file": FileQuestion,
    "signature": SignatureQuestion,
    "section": SectionQuestion,
}


def compile_question(content: Content) -> CompiledQuestion:
    """Compile one question of a published document. Raises KeyError on a type that no one registered."""
    return QUESTION_CLASSES[content["type"]](content)


def faults_of_type(content: Content) -> Iterator[str]:
    """Yield a sentence for everything that keeps a question from being published as its type."""
    return QUESTION_CLASSES[content["type"]].faults(content)


__all__ = [
    "QUESTION_CLASSES",
    "Answer",
    "CompiledQuestion",
    "Content",
    "Fields",
    "InvalidAnswer",
    "KeptQuestion",
    "Setting",
    "SettingKind",
    "Statistics",
    "compile_question",
    "faults_of_type",
]
