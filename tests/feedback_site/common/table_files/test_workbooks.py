"""Workbooks, and what a person may hide in one."""

import os
import time
import zipfile
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from feedback_site.common.exceptions import DomainError
from feedback_site.common.table_files import UPLOAD, open_table

_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


@pytest.fixture
def read(tmp_path):
    """Read a workbook of these bytes; the child reads a real file."""

    def read(data: bytes, limits=UPLOAD):
        path = tmp_path / "table.xlsx"
        path.write_bytes(data)
        with path.open("rb") as stream, open_table(stream, name="table.xlsx", limits=limits) as table:
            return table.headings, [(row.line, list(row.cells.values()), row.problem) for row in table.rows]

    return read


def workbook(*rows, hidden: bool = False) -> bytes:
    book = Workbook()
    if hidden:
        book.active.sheet_state = "hidden"
        book.active.append(["not", "this"])
        book.create_sheet("Table")
    for row in rows:
        book.worksheets[-1].append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_entry(data: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one of its parts replaced."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry.filename))
        new.writestr(name, content)
    return stream.getvalue()


def with_shared_strings(strings: str) -> bytes:
    """A workbook whose texts stand in a table of their own, as Excel writes them.

    That table has to be held in memory.
    """
    data = workbook(["a"], ["1"])
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    with zipfile.ZipFile(BytesIO(data)) as archive:
        types = archive.read("[Content_Types].xml").replace(
            b"</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'.encode()
        )
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    table = f'<sst xmlns="{namespace}">{strings}</sst>'
    return with_entry(with_entry(data, "[Content_Types].xml", types), "xl/sharedStrings.xml", table.encode())


def bomb(unpacked: int, *, entries: int = 1) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        for number in range(entries):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * (unpacked // entries))
    return stream.getvalue()


def test_dates_numbers_and_flags_become_the_text_that_means_them(read):
    data = workbook(
        ["a", "b", "c", "d", "e"],
        [13812345678, 2.0, 2.5, datetime.fromisoformat("2026-01-31T09:30"), True],
        [None, date(2026, 1, 31)],
    )

    assert read(data)[1] == [
        (2, ["13812345678", "2", "2.5", "2026-01-31T09:30:00", "True"], ""),
        (3, ["", "2026-01-31T00:00:00", "", "", ""], ""),
    ]


def test_the_first_visible_sheet_is_read(read):
    assert read(workbook(["a"], ["1"], hidden=True)) == (["a"], [(2, ["1"], "")])


def test_a_bomb_of_48_kilobytes_is_refused_at_once_and_in_little_memory(read):
    data = bomb(48_000_000)
    assert 45_000 < len(data) < 50_000
    began = time.monotonic()

    # The child may not even ask for more than 100 MB, and still
    # says what is wrong instead of running out of memory.
    with pytest.raises(DomainError, match="unpacks to more than 100 times its size"):
        read(data, replace(UPLOAD, child_memory=100_000_000))

    assert time.monotonic() - began <= 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (bomb(60_000_000), "larger than 50 MB"),
        (bomb(60_000_000, entries=60), "larger than 50 MB"),
        (bomb(1_100, entries=1_100), "too many parts"),
        (b"PK\x03\x04 and nothing else", "This is not a workbook: BadZipFile"),
        (b"not a workbook", "This is not a workbook: BadZipFile"),
    ],
    ids=["large", "large in sum", "many parts", "cut off", "text"],
)
def test_archives_that_are_no_workbook_are_refused(read, data, sentence):
    with pytest.raises(DomainError, match=sentence):
        read(data)


def test_an_entry_that_lies_about_its_size_gains_nothing(read):
    data = bytearray(bomb(48_000_000))
    real = (48_000_000).to_bytes(4, "little")
    assert data.count(real) == 2  # the local header and the directory
    small = bytes(data.replace(real, (900_000).to_bytes(4, "little")))

    with pytest.raises(DomainError, match="This is not a workbook"):
        read(small)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
    ],
    ids=["growing", "external"],
)
def test_a_workbook_that_declares_entities_is_refused(read, declaration):
    sheet = (
        f'<?xml version="1.0"?>{declaration}<worksheet '
        'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row></sheetData></worksheet>'
    )

    with pytest.raises(DomainError, match="This workbook declares entities"):
        read(with_entry(workbook(["a"], ["1"]), "xl/worksheets/sheet1.xml", sheet.encode()))


def test_long_cells_and_wide_rows_are_listed(read):
    wide = [None] * 400
    wide[399] = "x"

    assert read(workbook(["a"], ["x" * 10_001], wide, ["1"]))[1] == [
        (2, [], "A cell holds more than 10,000 characters."),
        (3, [], "The row has more than 300 cells."),
        (4, ["1"], ""),
    ]


def test_too_many_rows_too_little_memory_and_too_little_time_end_with_a_sentence(read):
    rows = workbook(["a"], *[[str(number)] for number in range(20)])
    shared = with_shared_strings(
        "".join(f"<si><t>{os.urandom(50).hex() * 90}</t></si>" for _ in range(5_000))
    )

    with pytest.raises(DomainError, match="more than 10 rows"):
        read(rows, replace(UPLOAD, rows=10))
    with pytest.raises(DomainError, match="too much memory"):
        read(shared, replace(UPLOAD, child_memory=60_000_000))
    with pytest.raises(DomainError, match="too much memory or time"):
        read(workbook(["a"], *[[number] * 50 for number in range(6_000)]), replace(UPLOAD, child_seconds=1))


def test_the_child_ends_with_its_reader(tmp_path):
    path = tmp_path / "table.xlsx"
    path.write_bytes(workbook(["a"], *[[str(number)] for number in range(5_000)]))

    with path.open("rb") as stream, open_table(stream, name="table.xlsx") as table:
        next(table.rows)
        children = _children()
        assert len(children) == 1

    assert _children() == []


def _children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
