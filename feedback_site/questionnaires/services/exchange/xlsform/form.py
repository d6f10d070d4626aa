"""What an XLSForm becomes: a questionnaire, and the list of everything in it that has no counterpart here."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from feedback_site.common.listing import listed
from feedback_site.questionnaires.document import Document


@dataclass(frozen=True, slots=True)
class Listed:
    """Something that was not mapped as it stands, and what it is.

    Its sheet, and the rows where it is so (none: the sheet as a whole).
    """

    sheet: str
    rows: tuple[int, ...]
    sentence: str

    def __str__(self) -> str:
        words = {"sheet": self.sheet, "rows": _in_words(self.rows), "sentence": self.sentence}
        if not self.rows:
            return _("%(sheet)s: %(sentence)s") % words
        if len(self.rows) == 1:
            return _("%(sheet)s, row %(rows)s: %(sentence)s") % words
        return _("%(sheet)s, rows %(rows)s: %(sentence)s") % words


@dataclass(slots=True)
class Notes:
    """Collects what is to be listed: what is so in several rows is one entry."""

    found: dict[tuple[str, str], set[int]] = field(default_factory=dict)

    def add(self, row: int, sentence: str, *, sheet: str = "survey") -> None:
        """List something about a row; 0 is the sheet as a whole."""
        self.found.setdefault((sheet, sentence), set()).update({row} - {0})

    def listed(self) -> tuple[Listed, ...]:
        """Return what was found, the questions first, in the order of their rows."""
        entries = [
            Listed(sheet, tuple(sorted(rows)), sentence) for (sheet, sentence), rows in self.found.items()
        ]
        return tuple(
            sorted(entries, key=lambda entry: (entry.sheet != "survey", entry.sheet, entry.rows[:1]))
        )


def _in_words(rows: tuple[int, ...]) -> str:
    """Return numbers as people list them: 2, 4–7."""
    spans: list[list[int]] = []
    for row in rows:
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    return listed(str(first) if first == last else f"{first}–{last}" for first, last in spans)


@dataclass(frozen=True, slots=True)
class XlsForm:
    """What became of a workbook.

    `document` is ready to be imported unless there is a `refusal`; `mapped` counts its questions, sections
    included.
    """

    document: Document
    listed: tuple[Listed, ...]

    @property
    def mapped(self) -> int:
        """How many questions and sections came over."""
        return len(self.document.questions)

    @property
    def refusal(self) -> str:
        """Why nothing can be imported, empty where something can."""
        return "" if self.mapped else _("No question of this form can be asked here.")
