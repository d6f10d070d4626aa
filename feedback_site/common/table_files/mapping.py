"""The mapping file: how the columns of somebody's file become our fields. What each kind of file adds stands beside its command."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError
from feedback_site.common.listing import listed
from feedback_site.common.table_files.reading import FileRow, clean_heading


@dataclass(frozen=True, kw_only=True)
class TableMapping:
    """How a file is read. Without columns, the file's own headings are the fields' names."""

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""  # none: found out from the file
    time_zone: ZoneInfo | None = None
    time_formats: list[str] = field(default_factory=list)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    required: ClassVar[tuple[str, ...]] = ()
    # Other headings that are understood without a mapping, by what they mean.
    aliases: ClassVar[Mapping[str, str]] = {}

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
        named = {**object_at(given.get("columns", {}), "columns"), **object_at(given.get("constants", {}), "constants")}
        refuse_unknown_fields(named, is_known=cls.is_field, known=cls.known_fields())
        if "time_zone" in given:
            given["time_zone"] = _zone(given["time_zone"])
        mapping: Self = build_part(cls, cls.parts(given), "mapping")
        return mapping

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a mapping file. Raises `DomainError` naming what in it is wrong."""
        return cls.parse(read_mapping(path))

    def columns_read(self) -> set[str]:
        """Return the columns that the file must have."""
        return set(self.columns.values())

    def for_headings(self, headings: list[str]) -> Self:
        """Return this mapping for a file; raises `DomainError` naming the columns that it does not have, or that nobody knows."""
        missing = sorted(column for column in self.columns_read() if clean_heading(column) not in headings)
        if missing:
            raise DomainError(_("The file has no column %(names)s.") % {"names": listed(missing)}, {"columns": missing})
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
        return cls.aliases.get(heading, "")

    def _columns_named_as_fields(self, headings: list[str]) -> dict[str, str]:
        columns: dict[str, str] = {}
        unknown: list[str] = []
        for heading in headings:
            name = self.field_named(heading)
            if name and name in columns:
                twice = f"{columns[name]}, {heading}"
                raise DomainError(_("The file has these headings twice: %(names)s.") % {"names": twice}, {"columns": [heading]})
            if name:
                columns[name] = heading
            elif heading not in self.columns_read():
                unknown.append(heading)
        if unknown:
            sentence = _("The file has unknown columns: %(names)s. Known are: %(known)s")
            raise DomainError(sentence % {"names": listed(unknown), "known": listed(self.known_fields())}, {"columns": unknown})
        return columns

    def _refuse_without_required(self, columns: Mapping[str, str]) -> None:
        missing = [name for name in self.required if name not in columns and name not in self.constants]
        if missing:
            raise DomainError(_("The file has no column %(names)s.") % {"names": listed(missing)}, {"columns": missing})

    def values_of(self, row: FileRow) -> dict[str, str]:
        """Return what a row says, by field; empty cells say nothing."""
        values = dict(self.constants)
        for name, column in self.columns.items():
            cell = row.cells.get(column, "").strip()
            if cell:
                values[name] = self.values.get(name, {}).get(cell, cell)
        return values

    def with_zone(self, text: str) -> str:
        """Return a time as ISO 8601, in the mapping's zone where it states none; what is no time comes back as it was."""
        moment = self._moment(text)
        if moment is None:
            return text
        if moment.tzinfo is None and self.time_zone is not None:
            moment = moment.replace(tzinfo=self.time_zone)
        return moment.isoformat()

    def _moment(self, text: str) -> datetime | None:
        for form in self.time_formats:
            try:
                return datetime.strptime(text, form)  # noqa: DTZ007 - the mapping's zone is added where the text has none
            except ValueError:
                continue
        try:
            return parse_datetime(text)
        except ValueError:
            return None


def read_mapping(path: Path) -> Any:
    """Return what a mapping file holds. Raises `DomainError` where that is not JSON."""
    try:
        return json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise DomainError(_("The mapping file is not JSON: %(error)s") % {"error": error}) from None


def build_part(kind: Any, data: Any, name: str) -> Any:
    """Return `kind` made of the entries of an object. Raises `DomainError` naming the place where they do not fit."""
    try:
        return kind(**object_at(data, name))
    except TypeError as error:
        raise DomainError(_("The mapping is wrong at %(name)s: %(error)s") % {"name": name, "error": error}) from None


def object_at(data: Any, name: str) -> Mapping[str, Any]:
    """Return an object of the mapping. Raises `DomainError` naming the place that holds something else."""
    if not isinstance(data, dict):
        raise DomainError(_("The mapping is wrong at %(name)s: %(error)s") % {"name": name, "error": "{}"})
    return data


def refuse_unknown_fields(named: Collection[str], *, is_known: Any, known: list[str]) -> None:
    """Raise `DomainError` naming the fields that nobody knows, with the list of those that are."""
    unknown = sorted(name for name in named if not is_known(name))
    if unknown:
        message = _("The mapping names unknown fields: %(names)s. Known are: %(known)s")
        raise DomainError(message % {"names": listed(unknown), "known": listed(known)}, {"fields": unknown})


def _zone(name: Any) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError):
        raise DomainError(_("There is no time zone %(name)s.") % {"name": name}) from None
