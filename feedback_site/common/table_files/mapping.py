"""The mapping file: how the columns of a person's file become our fields.

What each kind of file adds is beside its command.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError
from feedback_site.common.listing import labelled, listed
from feedback_site.common.table_files.heading_rows import IsHeading
from feedback_site.common.table_files.marks import (
    SENTENCES,
    CellMark,
    has_lost_digits,
    mark_of_text,
    without_decimals,
)
from feedback_site.common.table_files.notes import NoteKind
from feedback_site.common.table_files.reading import FileRow, Table, clean_heading
from feedback_site.common.table_files.times import DATE_ORDERS, TimeReader
from feedback_site.common.table_files.words import plain

_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]|【[^】]*】")


@dataclass(frozen=True, kw_only=True)
class TableMapping:
    """How a file is read. Without columns, the file's own headings are the fields' names."""

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""  # none: found out from the file
    time_zone: ZoneInfo | None = None
    time_formats: list[str] = field(default_factory=list)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    date_order: str = ""  # of 05/06/2026, where the file writes such dates: see `DATE_ORDERS`
    is_1904: bool = False  # from when the workbook counts its days; the file says so itself

    required: ClassVar[tuple[str, ...]] = ()
    # Other headings that are understood without a mapping, by what they mean.
    aliases: ClassVar[Mapping[str, str]] = {}
    # Fields that name something by a number: one that a spreadsheet rounded names something else.
    identifiers: ClassVar[frozenset[str]] = frozenset()
    # Fields that a row can do without: what cannot be used
    # in them is left out and said, and the row is taken in.
    dispensable: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def is_field(cls, name: str) -> bool:
        """Return whether `name` is a field of this kind of file."""
        raise NotImplementedError

    @classmethod
    def known_fields(cls) -> list[str]:
        """Return the names to show where one is unknown."""
        raise NotImplementedError

    @classmethod
    def parts(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Return what the mapping's own entries hold, checked. Raises `DomainError` naming what is wrong."""
        return given

    @classmethod
    def parse(cls, data: Any) -> Self:
        """Check a mapping and return it. Raises `DomainError` naming what in it is wrong."""
        given = dict(object_at(data, "mapping"))
        named = {
            **object_at(given.get("columns", {}), "columns"),
            **object_at(given.get("constants", {}), "constants"),
        }
        refuse_unknown_fields(named, is_known=cls.is_field, known=cls.known_fields())
        if "time_zone" in given:
            given["time_zone"] = _zone(given["time_zone"])
        if given.get("date_order", "") not in {"", *DATE_ORDERS}:
            raise DomainError(
                _("The mapping is wrong at %(name)s: %(error)s")
                % {"name": "date_order", "error": listed(DATE_ORDERS)}
            )
        mapping: Self = build_part(cls, cls.parts(given), "mapping")
        return mapping

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a mapping file. Raises `DomainError` naming what in it is wrong."""
        return cls.parse(read_mapping(path))

    def columns_read(self) -> set[str]:
        """Return the columns that the file must have."""
        return set(self.columns.values())

    def is_heading(self) -> IsHeading:
        """Return what tells headings from other texts.

        The columns of this mapping do; without any, those that are understood.
        """
        named = {clean_heading(column) for column in self.columns_read()}
        return (
            (lambda text: text in named)
            if self.columns
            else (lambda text: bool(text and self.field_named(text)))
        )

    def for_table(self, table: Table) -> Self:
        """Return this mapping for an open file, and note which of its columns are not read.

        Raises `DomainError` as `for_headings`.
        """
        mapping = replace(self.for_headings(table.headings), is_1904=table.is_1904)
        read = {clean_heading(column) for column in mapping.columns_read()}
        table.notes.add_all(
            NoteKind.UNREAD, [heading for heading in filter(None, table.headings) if heading not in read]
        )
        return mapping

    def for_headings(self, headings: list[str]) -> Self:
        """Return this mapping for a file.

        Raises `DomainError` naming the columns that it does not have, or that are unknown.
        """
        missing = sorted(column for column in self.columns_read() if clean_heading(column) not in headings)
        if missing:
            raise DomainError(
                _("The file has no column %(names)s.") % {"names": listed(missing)}, {"columns": missing}
            )
        if self.columns:
            columns = {name: clean_heading(column) for name, column in self.columns.items()}
        else:
            columns = self._columns_named_as_fields([heading for heading in headings if heading])
        self._refuse_without_required(columns)
        return replace(self, columns=columns)

    @classmethod
    def field_named(cls, heading: str) -> str:
        """Return the field that a heading stands for, or an empty text."""
        for name in (heading, heading.lower().replace(" ", "_")):
            if cls.is_field(name):
                return name
        return cls.aliases.get(heading_word(heading), "")

    def _columns_named_as_fields(self, headings: list[str]) -> dict[str, str]:
        columns: dict[str, str] = {}
        unknown: list[str] = []
        for heading in headings:
            name = self.field_named(heading)
            if name and name in columns:
                twice = f"{columns[name]}, {heading}"
                raise DomainError(
                    _("The file has these headings twice: %(names)s.") % {"names": twice},
                    {"columns": [heading]},
                )
            if name:
                columns[name] = heading
            elif heading not in self.columns_read():
                unknown.append(heading)
        if unknown:
            sentence = _("The file has unknown columns: %(names)s. Known are: %(known)s")
            raise DomainError(
                sentence % {"names": listed(unknown), "known": listed(self.known_fields())},
                {"columns": unknown},
            )
        return columns

    def _refuse_without_required(self, columns: Mapping[str, str]) -> None:
        stated = {*columns, *self.constants}
        missing = [name for name in self.required if name not in stated]
        if missing:
            raise DomainError(
                _("The file has no column %(names)s.") % {"names": listed(missing)}, {"columns": missing}
            )

    def values_of(self, row: FileRow) -> dict[str, str]:
        """Return what a row says, by field.

        Empty cells say nothing, and neither do those that hold an error or no result.
        """
        values = dict(self.constants)
        for name, column in self.columns.items():
            cell = row.cells.get(column, "").strip()
            if name in self.identifiers:
                cell = without_decimals(cell)
            if cell and not mark_of_text(cell):
                values[name] = self.values.get(name, {}).get(cell, cell)
        return values

    def refusals_of(self, row: FileRow) -> dict[str, list[str]]:
        """Return by field why a cell does not hold what it seems to hold: the row is not taken in."""
        return {
            name: [sentence] for name, sentence in self._marked(row).items() if name not in self.dispensable
        }

    def warnings_of(self, row: FileRow) -> dict[str, list[str]]:
        """Return what is left out of a row that is taken in for the same reasons, by field."""
        return {name: [sentence] for name, sentence in self._marked(row).items() if name in self.dispensable}

    def sentences_for(self, errors: Mapping[str, Any]) -> list[str]:
        """Return what is wrong with the fields of a row, each by the column's name in the file."""
        return [
            labelled(self.columns.get(name, name), said) if name else said for name, said in _by_field(errors)
        ]

    @property
    def time_reader(self) -> TimeReader:
        """How the file's times are read."""
        return TimeReader(
            zone=self.time_zone, formats=self.time_formats, date_order=self.date_order, is_1904=self.is_1904
        )

    def with_zone(self, text: str) -> str:
        """Return a time as ISO 8601, in the mapping's zone where it states none.

        What is no time comes back as it was.

        Raises `UnclearTimeError` for what could be two moments, or was none.
        """
        moment = self.time_reader.read(text)
        return text if moment is None else moment.isoformat()

    def _marked(self, row: FileRow) -> dict[str, str]:
        marks = {
            name: self._mark(name, row.cells.get(column, "").strip(), row.marks.get(column))
            for name, column in self.columns.items()
        }
        return {name: str(SENTENCES[mark]) for name, mark in marks.items() if mark is not None}

    def _mark(self, name: str, cell: str, mark: str | None) -> CellMark | None:
        if mark is not None and (mark != CellMark.DATE or name in self.identifiers):
            return CellMark(mark)
        if name in self.identifiers and has_lost_digits(cell):
            return CellMark.LOST
        return mark_of_text(cell)


def heading_word(heading: str) -> str:
    """Return a heading as aliases are written.

    Without spaces, case, marks of duty and what stands in brackets.
    """
    return "".join(character for character in _BRACKETS.sub("", plain(heading)) if character not in "*:_-./#")


def _by_field(errors: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, error in errors.items():
        if isinstance(error, Mapping):
            yield from _by_field(error, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", " ".join(str(sentence) for sentence in error)


def read_mapping(path: Path) -> Any:
    """Return what a mapping file holds. Raises `DomainError` where that is not JSON."""
    try:
        return json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise DomainError(_("The mapping file is not JSON: %(error)s") % {"error": error}) from None


def build_part(kind: Any, data: Any, name: str) -> Any:
    """Return `kind` made of the entries of an object.

    Raises `DomainError` naming the entry that does not fit.
    """
    try:
        return kind(**object_at(data, name))
    except TypeError as error:
        raise DomainError(
            _("The mapping is wrong at %(name)s: %(error)s") % {"name": name, "error": error}
        ) from None


def object_at(data: Any, name: str) -> Mapping[str, Any]:
    """Return an object of the mapping. Raises `DomainError` naming the entry that is none."""
    if not isinstance(data, dict):
        raise DomainError(_("The mapping is wrong at %(name)s: %(error)s") % {"name": name, "error": "{}"})
    return data


def refuse_unknown_fields(named: Collection[str], *, is_known: Any, known: list[str]) -> None:
    """Raise `DomainError` naming the fields that are unknown, with the list of those that are."""
    unknown = sorted(name for name in named if not is_known(name))
    if unknown:
        message = _("The mapping names unknown fields: %(names)s. Known are: %(known)s")
        raise DomainError(message % {"names": listed(unknown), "known": listed(known)}, {"fields": unknown})


def _zone(name: Any) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError):
        raise DomainError(_("There is no time zone %(name)s.") % {"name": name}) from None
