"""What changed between two documents, and where that breaks a series of answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback_site.questionnaires.document import Document, QuestionContent, Texts


@dataclass(frozen=True)
class Changes:
    """Keys of questions by what became of them.

    Reworded and rescaled ones break their series: figures before and after differ in kind.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    reworded: tuple[str, ...] = ()
    rescaled: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()

    @property
    def breaks(self) -> list[str]:
        """Keys whose series breaks."""
        return sorted({*self.reworded, *self.rescaled})

    @property
    def is_empty(self) -> bool:
        """Whether no question changed."""
        return not any((self.added, self.removed, self.reworded, self.rescaled, self.moved))


def compare_documents(before: Document | None, after: Document) -> Changes:
    """Return what changed in the questions of `after`; nothing against no version."""
    if before is None:
        return Changes()
    # What is written in one more language is worded as before.
    languages = [code for code in after.languages if code in before.languages] or after.languages
    old, new = _by_key(before), _by_key(after)
    both = [key for key in new if key in old]
    return Changes(
        added=tuple(key for key in new if key not in old),
        removed=tuple(key for key in old if key not in new),
        reworded=tuple(key for key in both if _words(old[key], languages) != _words(new[key], languages)),
        rescaled=tuple(key for key in both if _scale(old[key], languages) != _scale(new[key], languages)),
        moved=tuple(key for key in _moved([key for key in old if key in new], both)),
    )


def _moved(before: list[str], after: list[str]) -> list[str]:
    return [key for key, other in zip(after, before, strict=True) if key != other]


def _by_key(document: Document) -> dict[str, QuestionContent]:
    return {question.key: question for question in document.questions}


def _words(question: QuestionContent, languages: Sequence[str]) -> dict[str, str]:
    """Return the wording without what no one reads: blanks."""
    return {code: " ".join(text.split()) for code, text in _in(question.text, languages).items()}


def _in(texts: Texts, languages: Sequence[str]) -> dict[str, str]:
    """Return what is written in these languages."""
    return {code: texts[code] for code in languages if texts.get(code, "").strip()}


def _scale(question: QuestionContent, languages: Sequence[str]) -> tuple[object, ...]:
    """Return what an answer is chosen from, and what it says of the indicator."""
    labels = [_in(texts, languages) for texts in (question.low_label, question.high_label)]
    parts = [
        [(part.key, _in(part.text, languages), part.fulfils) for part in together]
        for together in (question.options, question.rows)
    ]
    return question.type, question.settings, labels, parts
