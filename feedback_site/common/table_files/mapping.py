"""The mapping file: how the columns of somebody's file become our fields. What each kind of file adds stands beside its command."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError
from feedback_site.common.table_files.reading import FileRow


@dataclass(frozen=True, kw_only=True)
class TableMapping:
    """How a file is read. Without columns, the file's own headings are the fields' names."""

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    encoding: str = "utf-8-sig"
    time_zone: ZoneInfo | None = None
    time_formats: list[str] = field(default_factory=list)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

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
        try:
            data = json.loads(path.read_text("utf-8"))
        except ValueError as error:
            raise DomainError(_("The mapping file is not JSON: %(error)s") % {"error": error}) from None
        return cls.parse(data)

    def columns_read(self) -> set[str]:
        """Return the columns that the file must have."""
        return set(self.columns.values())

    def for_headings(self, headings: list[str]) -> Self:
        """Return this mapping for a file; raises `DomainError` naming the columns that the file does not have."""
        if not self.columns:
            return replace(self, columns={name: name for name in headings if self.is_field(name)})
        missing = sorted(self.columns_read() - set(headings))
        if missing:
            raise DomainError(_("The file has no column %(names)s.") % {"names": ", ".join(missing)}, {"columns": missing})
        return self

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
        raise DomainError(message % {"names": ", ".join(unknown), "known": ", ".join(known)}, {"fields": unknown})


def _zone(name: Any) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError):
        raise DomainError(_("There is no time zone %(name)s.") % {"name": name}) from None
