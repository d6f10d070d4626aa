"""The base of every export: explicit columns, masks, times with the team's offset, safe files.

It is built on django-import-export.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field
from import_export.formats.base_formats import CSV, XLSX
from import_export.resources import ModelResource

from feedback_site.common.spreadsheets import Cell, CsvWriter, XlsxWriter

CHUNK = 500


def column(heading: Any, path: str = "") -> Field:
    """Return a column: its translated heading, and the path to its value (`service_event__external_id`)."""
    return Field(attribute=path or None, column_name=heading, readonly=True)


def customer_columns(path: str) -> dict[str, Field]:
    """Return the columns that name the customer at `path` (`customer__`): number and masks.

    Clear contacts are in no export.
    """
    return {
        "customer_source": column(gettext_lazy("customer's system"), f"{path}source"),
        "customer_external_id": column(gettext_lazy("customer number"), f"{path}shown_number"),
        "customer_name": column(gettext_lazy("customer (masked)"), f"{path}name_mask"),
        "customer_phone": column(gettext_lazy("phone (masked)"), f"{path}phone_mask"),
        "customer_email": column(gettext_lazy("email (masked)"), f"{path}email_mask"),
    }


def unread(path: str, *columns: str) -> tuple[str, ...]:
    """Return the paths of columns that an export never loads."""
    return tuple(f"{path}{name}" for name in columns)


def unread_customer(path: str) -> tuple[str, ...]:
    """Return the sealed columns of a customer: what is not loaded cannot leak."""
    return unread(path, "name_sealed", "phone_sealed", "phone_index", "email_sealed", "email_index")


def written(value: Any, zone: ZoneInfo) -> Cell:
    """Return `value` as a cell.

    Moments are ISO 8601 with the zone's offset, yes and no words, lists and objects JSON.
    """
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    if value is None or isinstance(value, int | float | Decimal | date):
        return value
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
    return str(value)


class ExportResource(ModelResource):
    """One row per instance. References are written by code or slug, choices in the reader's words.

    `columns` are all there are, in order. `related` are the joined rows, `unread` what
    is left in the database, `team_path` leads to the team whose zone the times are in.
    """

    columns: ClassVar[dict[str, Field]] = {}
    related: ClassVar[tuple[str, ...]] = ()
    unread: ClassVar[tuple[str, ...]] = ()
    team_path: ClassVar[str] = "credited_team"
    # What a background export calls these rows, and which of its filters a list page's parameters are.
    export_kind: ClassVar[str] = ""
    list_filters: ClassVar[dict[str, str]] = {}

    class Meta:
        fields = ()  # no column of a model gets in by itself
        clean_model_instances = True
        chunk_size = CHUNK

    def __init__(self) -> None:
        super().__init__()
        self.fields = dict(self.columns)

    @classmethod
    def for_rows(cls, queryset: QuerySet[Any]) -> Self:
        """Return the resource for these rows; those whose columns depend on the rows look at them."""
        del queryset
        return cls()

    def filter_export(self, queryset: QuerySet[Any], **_kwargs: Any) -> QuerySet[Any]:
        """Join what the columns name, so that a row costs no query of its own."""
        return queryset.select_related(*self.related).defer(*self.unread)

    def iter_rows(self, queryset: QuerySet[Any]) -> Iterator[list[Cell]]:
        """Yield the cells of each row, read in chunks."""
        for instance in self.filter_export(queryset).iterator(chunk_size=CHUNK):
            yield self.export_resource(instance)

    def headings(self) -> list[str]:
        """Return the translated headings in the order of the cells."""
        return [str(heading) for heading in self.get_export_headers()]

    def export_resource(self, instance: Any, selected_fields: Any = None, **_kwargs: Any) -> list[Cell]:  # noqa: ARG002 - its signature
        """Return the cells of one row."""
        zone = self.zone_of(instance)
        return [written(self.value_of(name, instance), zone) for name in self.fields]

    def get_export_fields(self, selected_fields: Any = None) -> list[Field]:  # noqa: ARG002 - its signature
        """Return the columns in order."""
        return list(self.fields.values())

    def value_of(self, name: str, instance: Any) -> Any:
        """Return the value of one column."""
        return self.fields[name].get_value(instance)

    def zone_of(self, instance: Any) -> ZoneInfo:
        """Return the zone of the row's team."""
        team = instance
        for step in self.team_path.split("__"):
            team = getattr(team, step)
        zone: ZoneInfo = team.zone
        return zone


class CsvFormat(CSV):
    """CSV with a byte order mark, formulae neutralised."""

    CONTENT_TYPE = "text/csv; charset=utf-8"

    def get_title(self) -> str:
        """Return what the form offers."""
        return "CSV"

    def is_binary(self) -> bool:
        """The byte order mark is part of the file."""
        return True

    def export_data(self, dataset: Any, **_kwargs: Any) -> bytes:
        """Write the file.

        The library's own escape drops one leading `=` and makes a text of every number: ours does
        neither.
        """
        stream = BytesIO()
        with CsvWriter(stream) as writer:
            writer.write_rows([dataset.headers, *dataset])
        return stream.getvalue()


class XlsxFormat(XLSX):
    """XLSX with numbers and dates as such, everything else as text."""

    def get_title(self) -> str:
        """Return what the form offers."""
        return "Excel (XLSX)"

    def export_data(self, dataset: Any, **_kwargs: Any) -> bytes:
        """Write the file."""
        stream = BytesIO()
        with XlsxWriter(stream) as writer:
            writer.write_rows([dataset.headers, *dataset])
        return stream.getvalue()
