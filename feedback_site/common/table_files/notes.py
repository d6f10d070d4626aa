"""What the reader of a result should know of a file beyond its rows.

What was left out of it, and what the eye does not see in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback_site.common.listing import listed

_MOST_NAMED = 20


class NoteKind(StrEnum):
    OTHER_SHEETS = "other_sheets"
    HIDDEN_SHEETS = "hidden_sheets"
    ABOVE = "above"
    TOTALS = "totals"
    HEADINGS_AGAIN = "headings_again"
    FOOTNOTES = "footnotes"
    HIDDEN_ROWS = "hidden_rows"
    HIDDEN_COLUMNS = "hidden_columns"
    UNTITLED = "untitled"
    UNREAD = "unread"
    CONTINUED = "continued"


SENTENCES: dict[NoteKind, Promise] = {
    NoteKind.OTHER_SHEETS: _(
        "Only one sheet is read. Not read: %(names)s. Save each as a file of its own to import it."
    ),
    NoteKind.HIDDEN_SHEETS: _("Hidden sheets were not read: %(names)s."),
    NoteKind.ABOVE: _("Above the headings, no rows of the table: line %(names)s."),
    NoteKind.TOTALS: _("Totals, not taken for rows: line %(names)s."),
    NoteKind.HEADINGS_AGAIN: _("The headings once more: line %(names)s."),
    NoteKind.FOOTNOTES: _("Below the table, no rows of it: line %(names)s."),
    NoteKind.HIDDEN_ROWS: _("Hidden in the spreadsheet, and read like the others: line %(names)s."),
    NoteKind.HIDDEN_COLUMNS: _("Hidden in the spreadsheet, and read like the others: column %(names)s."),
    NoteKind.UNTITLED: _("There is no heading over these columns, they were not read: %(names)s."),
    NoteKind.UNREAD: _("Columns that the mapping leaves out: %(names)s."),
    NoteKind.CONTINUED: _("Further rows of the service event above them: line %(names)s."),
}


@dataclass
class TableNotes:
    """Names and line numbers by kind; of many, the first ones and how many more.

    Memory does not grow with the file.
    """

    _named: dict[NoteKind, list[str]] = field(default_factory=dict)
    _more: dict[NoteKind, int] = field(default_factory=dict)

    def add(self, kind: NoteKind, name: object) -> None:
        """Note a line or a name, once."""
        named = self._named.setdefault(kind, [])
        if str(name) in named:
            return
        if len(named) < _MOST_NAMED:
            named.append(str(name))
        else:
            self._more[kind] = self._more.get(kind, 0) + 1

    def add_all(self, kind: NoteKind, names: Iterable[object]) -> None:
        """Note several."""
        for name in names:
            self.add(kind, name)

    def sentences(self) -> list[str]:
        """Return what there is to say, in the active language."""
        return [
            str(SENTENCES[kind]) % {"names": self._names(kind)} for kind in NoteKind if kind in self._named
        ]

    def _names(self, kind: NoteKind) -> str:
        more = self._more.get(kind, 0)
        return listed(self._named[kind]) + (f" … (+{more:,})" if more else "")
