"""What spreadsheet programs make of our files: text stays text, numbers stay numbers."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from feedback_site.common import spreadsheets
from feedback_site.common.spreadsheets import CsvWriter, TooManyRowsError, XlsxWriter, neutralised

FORMULAE = [
    '=HYPERLINK("http://evil.example","click")',
    "+1",
    "-1",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "＝1+1",
    "-2+3+cmd|' /C calc'!A0",
]
HARMLESS = [
    "138****5678",
    "a***@example.com",
    "王**",
    "2026-11-20T12:00:00+08:00",
    "well = done",
    "A-1",
    "",
    "'quoted",
    '"=1"',
]


def written(writer_class, rows):
    stream = io.BytesIO()
    with writer_class(stream) as writer:
        writer.write_rows(rows)
    return stream.getvalue()


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def read_xlsx(data: bytes) -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(data)).active.iter_rows())


@pytest.mark.parametrize("text", FORMULAE)
def test_what_could_be_calculated_gets_an_apostrophe(text):
    assert neutralised(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_masks_times_and_plain_text_stay_as_they_are(text):
    assert neutralised(text) == text


def test_a_csv_file_begins_with_a_byte_order_mark_and_reads_back():
    rows = [
        ["名称", "=head"],
        ['逗号,"引号"\n换行', '=HYPERLINK("x")'],
        [None, date(2026, 11, 20)],
        [-5, Decimal("-1.50")],
    ]

    data = written(CsvWriter, rows)

    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\xef\xbb\xbf") == 1
    assert read_csv(data) == [
        ["名称", "'=head"],
        ['逗号,"引号"\n换行', '\'=HYPERLINK("x")'],
        ["", "2026-11-20"],
        ["-5", "-1.50"],
    ]


def test_an_xlsx_file_holds_numbers_and_dates_as_such_and_no_formula():
    rows = [["head", "=head"], *([text, -5] for text in FORMULAE), [date(2026, 11, 20), 2**60]]

    sheet = read_xlsx(written(XlsxWriter, rows))

    assert [[cell.value for cell in row] for row in sheet[1:-1]] == [
        ["'" + text.replace("\r", "\n"), -5] for text in FORMULAE
    ]
    assert {cell.data_type for row in sheet for cell in row} == {"s", "n", "d"}
    assert sheet[-1][0].value.date() == date(2026, 11, 20)
    assert sheet[-1][1].value == str(2**60)
    assert sheet[0][1].value == "'=head"


def test_a_text_longer_than_a_cell_ends_with_an_ellipsis():
    (row,) = read_xlsx(written(XlsxWriter, [["长" * 40_000]]))

    assert (len(row[0].value), row[0].value[-1]) == (32_767, "…")


def test_links_stay_text():
    data = written(XlsxWriter, [["https://evil.example/"]])

    (row,) = read_xlsx(data)

    assert row[0].hyperlink is None


def test_a_full_sheet_says_to_choose_csv(monkeypatch):
    monkeypatch.setattr(spreadsheets, "_MOST_ROWS", 2)

    with pytest.raises(TooManyRowsError, match="Choose CSV"):
        written(XlsxWriter, [["head"], ["one"], ["two"]])
