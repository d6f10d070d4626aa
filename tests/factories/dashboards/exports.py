"""Two cases, one in each region, and files that are read back."""

import csv
import io
from pathlib import Path
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook

from feedback_site.dashboards.enums import ExportFormat, ExportKind
from feedback_site.dashboards.services.exporting import request_export
from tests.factories.cases import ask, write_case

EAST, WEST = "Kanarienvogel", "Westwind"


@pytest.fixture(autouse=True)
def export_folder(settings, tmp_path) -> Path:
    settings.EXPORT_DIR = tmp_path / "exports"
    return settings.EXPORT_DIR


@pytest.fixture
def cases(organisation) -> SimpleNamespace:
    asked = ask(organisation)
    return SimpleNamespace(
        asked=asked,
        east=write_case(organisation=organisation, asked=asked, team=organisation.east_1, canary=EAST),
        west=write_case(organisation=organisation, asked=asked, team=organisation.west_1, canary=WEST),
    )


@pytest.fixture
def ask_for(noon):
    def ask_for(
        by, kind=ExportKind.RESPONSES, file_format=ExportFormat.CSV, filters=None, language="en", at=noon
    ):
        return request_export(
            kind=kind, format=file_format, filters=filters or {}, language=language, by=by, at=at
        )

    return ask_for


def read_rows(data: bytes, format_name: str = "csv") -> list[dict[str, object]]:
    if format_name == "csv":
        assert data.startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    heads, *rows = load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]
