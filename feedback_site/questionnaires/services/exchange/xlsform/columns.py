"""Cells that have no counterpart here, listed under the names that the form's author wrote."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from feedback_site.questionnaires.document import Json
from feedback_site.questionnaires.services.exchange.xlsform.form import Notes
from feedback_site.questionnaires.services.exchange.xlsform.types import known_appearances

_READ = {
    "type",
    "written_type",
    "control",
    "looks",
    "name",
    "label",
    "hint",
    "bind",
    "row",
    "list",
    "or_other",
    "parameters",
}
_OF_NO_END = {"label", "hint"}
_READ_OF_BIND = {"relevant", "required", "constraint"}
# How pyxform calls what authors write.
_WRITTEN = {
    "jr:requiredMsg": "required_message",
    "jr:constraintMsg": "constraint_message",
    "jr:noAppErrorString": "no_app_error_string",
    "jr:count": "repeat_count",
    "readonly": "read_only",
}
_SETTINGS = {"title", "id_string", "default_language", "row"}
_SHEETS = {"survey", "choices", "settings"}


def list_unread(sheets: Json, notes: Notes) -> None:
    """List sheets, columns and rows that are not read."""
    settings = sheets["settings"][0] if sheets["settings"] else {}
    for note in sheets["columns"]:
        sentences = {
            "twice": _("the columns “%(other)s” and “%(name)s” mean the same; only the first is read."),
            "columns": _("the row fills only columns that are not read: %(name)s."),
            "heading": _("a cell stands in a column without a heading; it is not read."),
            "row": _("the row cannot be read: %(name)s"),
        }
        words = {"name": str(note["name"])[:200], "other": str(note.get("other", ""))[:60]}
        notes.add(note["row"], sentences[note["problem"]] % words, sheet=note["sheet"])
    for sheet in sheets["sheets"]:
        if str(sheet).lower() not in _SHEETS and len(sheets["sheets"]) > 1:
            notes.add(0, _("the sheet is not read."), sheet=str(sheet)[:60])
    for column in sorted(settings.keys() - _SETTINGS):
        list_column(settings, column, notes, sheet="settings")
    for row in sheets["settings"][1:]:
        notes.add(row["row"], _("only the first row of settings is read."), sheet="settings")
    if sheets["complaint"]:
        notes.add(0, _("pyxform objects: %(sentence)s") % {"sentence": sheets["complaint"]}, sheet="survey")


def list_unused(row: Json, notes: Notes, *, is_end: bool = False) -> None:
    """List every filled cell of a row that nothing here stands for.

    Where a group ends, nothing is read but that.
    """
    unused = {str(column) for column in row.keys() - (_READ - _OF_NO_END if is_end else _READ)}
    bind = row.get("bind")
    if isinstance(bind, Mapping):
        unused |= {str(column) for column in bind.keys() - (set() if is_end else _READ_OF_BIND)}
        # Expressions have no language; one that is written in a language's column is not read.
        unused |= {str(column) for column in _READ_OF_BIND if isinstance(bind.get(column), Mapping)}
    for place in ("control", "looks"):
        unused |= set(_control_columns(row.get(place)))
    for column in unused:
        list_column(row, column, notes)


def list_column(row: Json, column: str, notes: Notes, *, sheet: str = "survey") -> None:
    """List one cell."""
    notes.add(
        row["row"],
        _("the column “%(column)s” is not used.") % {"column": _WRITTEN.get(column, column)[:60]},
        sheet=sheet,
    )


def _control_columns(control: object) -> Iterator[str]:
    if not isinstance(control, Mapping):
        return
    for column, value in control.items():
        if column != "appearance" or str(value).strip() not in known_appearances():
            yield str(column)


def bound(row: Json, name: str) -> str:
    """Return one of the expressions of a row; a translated one is none."""
    bind = row.get("bind")
    value = bind.get(name, "") if isinstance(bind, Mapping) else ""
    return value.strip() if isinstance(value, str) else ""


def is_bound_by_language(row: Json, name: str) -> bool:
    """Whether an expression stands in a language's column, where it cannot be read."""
    bind = row.get("bind")
    return isinstance(bind, Mapping) and isinstance(bind.get(name), Mapping)
