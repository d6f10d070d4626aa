"""Question types: how an answer is read, stored, exported,
and how the question looks. A new type is registered here.
"""

from collections.abc import Iterator, Mapping

from surveys.questions.base import Answer, CompiledQuestion, Content, Fields, InvalidAnswer, Statistics
from surveys.questions.call_back import CallBackQuestion
from surveys.questions.ces import CesQuestion
from surveys.questions.choice import ChoiceQuestion
from surveys.questions.consent import ConsentQuestion
from surveys.questions.contact import ContactQuestion
from surveys.questions.csat import CsatQuestion
from surveys.questions.date import DateQuestion
from surveys.questions.file import FileQuestion
from surveys.questions.kept import KeptQuestion
from surveys.questions.matrix import MatrixQuestion
from surveys.questions.multiple import MultipleQuestion
from surveys.questions.not_mine import NotMineQuestion
from surveys.questions.nps import NpsQuestion
from surveys.questions.number import NumberQuestion
from surveys.questions.rating import RatingQuestion
from surveys.questions.section import SectionQuestion
from surveys.questions.settings import Setting, SettingKind
from surveys.questions.short_text import ShortTextQuestion
from surveys.questions.signature import SignatureQuestion
from surveys.questions.text import TextQuestion
from surveys.questions.yes_no import YesNoQuestion

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
