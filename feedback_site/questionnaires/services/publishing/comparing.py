"""What changed between two documents, and where that breaks a series of answers."""

from dataclasses import dataclass

from feedback_site.questionnaires.document import Document, QuestionContent


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
    old, new = _by_key(before), _by_key(after)
    both = [key for key in new if key in old]
    return Changes(
        added=tuple(key for key in new if key not in old),
        removed=tuple(key for key in old if key not in new),
        reworded=tuple(key for key in both if _words(old[key]) != _words(new[key])),
        rescaled=tuple(key for key in both if _scale(old[key]) != _scale(new[key])),
        moved=tuple(key for key in _moved([key for key in old if key in new], both)),
    )


def _moved(before: list[str], after: list[str]) -> list[str]:
    return [key for key, other in zip(after, before, strict=True) if key != other]


def _by_key(document: Document) -> dict[str, QuestionContent]:
    return {question.key: question for question in document.questions}


def _words(question: QuestionContent) -> dict[str, str]:
    """Return the wording without what no one reads: blanks."""
    return {language: " ".join(text.split()) for language, text in question.text.items() if text.strip()}


def _scale(question: QuestionContent) -> tuple[object, ...]:
    """Return what an answer is chosen from, and what it says of the indicator."""
    labels = [
        {language: text for language, text in texts.items() if text}
        for texts in (question.low_label, question.high_label)
    ]
    parts = [
        [(part.key, part.text, part.fulfils) for part in together]
        for together in (question.options, question.rows)
    ]
    return question.type, question.settings, labels, parts
