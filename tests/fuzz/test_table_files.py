"""Files of any bytes: read, or refused with a sentence; never another error, never for long."""

import csv
import io
import random
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook

from feedback_site.common.exceptions import DomainError
from feedback_site.common.table_files import UPLOAD, open_table
from tests.fuzz import budget

SECONDS = 10.0
LIMITS = replace(UPLOAD, child_seconds=5)
ENCODINGS = [
    "utf-8",
    "utf-8-sig",
    "gbk",
    "gb18030",
    "utf-16",
    "utf-16-le",
    "utf-32",
    "latin-1",
    "big5",
    "shift-jis",
]
CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", '"', "\x00", "=1+1", "﻿", "工单号", "a\nb", "'", "\ud800".encode(errors="replace").decode()]
    ),
)


def read(data: bytes, name: str = "table.csv", encoding: str = "") -> list[str] | None:
    """Return the headings, None when the file is refused.

    Whatever is read must be text that can be stored somewhere.
    """
    started = time.monotonic()
    try:
        with open_table(io.BytesIO(data), name=name, encoding=encoding, limits=LIMITS) as table:
            for row in table.rows:
                assert row.line > 0
                assert row.problem or row.cells.keys() == set(table.headings)
                assert row.problem or all(len(cell) <= LIMITS.cell_characters for cell in row.cells.values())
            return table.headings
    except DomainError as refusal:
        return None if str(refusal.message) else [f"{refusal!r} says nothing"]
    finally:
        assert time.monotonic() - started < SECONDS


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """A table written by some program, with its bytes damaged now and then."""
    text = io.StringIO()
    dialect = {
        "delimiter": draw(st.sampled_from(",;\t|")),
        "quotechar": draw(st.sampled_from("\"'")),
        "lineterminator": draw(st.sampled_from(["\r\n", "\n", "\r"])),
    }
    csv.writer(text, escapechar="\\", **dialect).writerows(
        draw(st.lists(st.lists(CELLS, max_size=5), max_size=6))
    )
    data = text.getvalue().encode(draw(st.sampled_from(ENCODINGS)), errors="replace")
    cut = draw(st.integers(0, len(data)))
    return data[:cut] + draw(st.binary(max_size=6)) + data[cut + draw(st.integers(0, 3)) :]


def test_texts_of_any_kind_are_read_or_refused():
    read_files: list[list[str]] = []

    @budget(250)
    @given(
        data=st.one_of(tables(), st.binary(max_size=400)),
        encoding=st.sampled_from(["", "", "utf-8", "gb18030"]),
    )
    @example(data=b'a,b\n"' + b"x" * 200_000, encoding="")
    @example(data=b"a," * 100_000, encoding="")
    @example(data=b"a,b\n" + b"x" * 20_000 + b",1", encoding="")
    @example(data=b"\xff\xfe" + b"\x00" * 1001, encoding="")
    @example(data=b"\n" * 200_000, encoding="")
    @example(data=b"sep=\x00\na", encoding="")
    @example(data=b"sep=\r\na", encoding="")
    @example(data="sep=\ue000\na".encode(), encoding="")
    @example(data=b"sep=\xff\na\xffb", encoding="")
    @example(data=b"sep= \na b", encoding="")
    @example(data=b'sep="\na', encoding="")
    @example(data=b"a;b\r\r\n1;2\r\x85\xe2\x80\xa8", encoding="utf-8")
    def check(data: bytes, encoding: str) -> None:
        headings = read(data, encoding=encoding)
        if headings:
            read_files.append(headings)

    check()

    assert len(read_files) > 25


def workbook() -> bytes:
    book = Workbook()
    for row in (["number", "when"], ["T-1", "2026-11-20"], ["T-2", 3.5]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


GOOD = workbook()
PARTS = zipfile.ZipFile(io.BytesIO(GOOD)).namelist()


def flip(data: bytes, dice: random.Random) -> bytes:
    """Change some bytes of the archive itself."""
    spoiled = bytearray(data)
    for _ in range(dice.randint(1, 12)):
        spoiled[dice.randrange(len(spoiled))] = dice.randrange(256)
    return bytes(spoiled)


def cut(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(4, len(data))]


def damage_part(data: bytes, dice: random.Random) -> bytes:
    """Change a part inside, with an archive that is sound."""
    stream = io.BytesIO()
    part = dice.choice(PARTS)
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                words = [
                    b"<",
                    b">",
                    b'"',
                    b"&x;",
                    b"9" * 30,
                    b"-1",
                    b"\x00",
                    b"A1048577",
                    b"ZZZZ9",
                    b"t='s'",
                    b"",
                ]
                place = dice.randrange(len(content))
                content = content[:place] + dice.choice(words) + content[place + dice.randint(0, 40) :]
            new.writestr(name, content)
    return stream.getvalue()


def test_workbooks_of_any_kind_are_read_or_refused():
    found: list[bool] = []

    @budget(20)
    @given(seed=st.integers(0, 2**32), damage=st.sampled_from([flip, cut, damage_part, damage_part]))
    @example(seed=0, damage=lambda _data, _dice: GOOD)
    @example(seed=0, damage=lambda _data, _dice: b"PK\x03\x04" + b"\x00" * 500)
    @example(seed=0, damage=lambda _data, _dice: b"")
    def check(seed: int, damage: Callable[[bytes, random.Random], bytes]) -> None:
        found.append(read(damage(GOOD, random.Random(seed)), name="table.xlsx") is not None)  # noqa: S311 - spoils files

    check()

    assert True in found
    assert False in found
