"""Text files as other systems save them."""

from dataclasses import replace
from io import BytesIO

import pytest

from feedback_site.common.exceptions import DomainError
from feedback_site.common.table_files import UPLOAD, open_table


def read(
    data: bytes, *, encoding: str = "", limits=UPLOAD
) -> tuple[list[str], list[tuple[int, list[str], str]]]:
    with open_table(BytesIO(data), name="table.csv", encoding=encoding, limits=limits) as table:
        return table.headings, [(row.line, list(row.cells.values()), row.problem) for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encoding_and_delimiter_are_found_out(encoding, delimiter):
    text = f"工单号{delimiter}name\r\n1{delimiter}王小明\r\n"

    assert read(text.encode(encoding)) == (["工单号", "name"], [(2, ["1", "王小明"], "")])


def test_headings_lose_spaces_and_full_width_letters():
    headings, _rows = read("\ufeff 工单号 ,customer．name,ｓｏｕｒｃｅ,a   b,\n".encode())

    assert headings == ["工单号", "customer.name", "source", "a b"]


def test_the_first_line_of_excel_says_the_delimiter():
    assert read(b"sep=;\na;b,c\n1;2\n") == (["a", "b,c"], [(3, ["1", "2"], "")])


def test_one_row_in_another_encoding_does_not_decide_about_the_others():
    lines = [b"name", *["王小明".encode()] * 3, "王小明".encode("gbk"), b"Ann"]

    _headings, rows = read(b"\n".join(lines))

    assert [(line, problem) for line, _cells, problem in rows if problem] == [
        (5, "Column 1 (name) is not written in UTF-8.")
    ]
    assert len(rows) == 5


def test_a_file_that_ends_within_a_character_names_the_line():
    with pytest.raises(DomainError, match="Line 3 is not written in UTF-16"):
        read("a,b\n1,2\n3,4".encode("utf-16") + b"\x00\xd8")


def test_a_quotation_mark_that_is_not_closed_lists_the_lines_it_swallows():
    many = "".join(f"{number},{'x' * 100}\n" for number in range(300))

    _headings, rows = read(f'a,b\n1,"open\n{many}'.encode())

    (line, _cells, problem) = rows[0]
    assert line == 2
    assert problem.startswith("Lines 2 to ")
    last = int(problem.split()[3])
    assert [row[0] for row in rows[1:]] == list(range(last + 1, 303))


def test_a_first_line_that_cannot_be_read_is_not_passed_over_for_the_next():
    many = "".join(f"name {number},{'x' * 100}\n" for number in range(300))

    with pytest.raises(DomainError, match="The file has no headings"):
        read(f'"open,b\n{many}'.encode())


def test_empty_rows_and_empty_cells_beyond_the_headings_say_nothing():
    assert read(b"a,b\n,\n\n1,2,,\n1,2,3\n") == (
        ["a", "b"],
        [(4, ["1", "2"], ""), (5, ["1", "2"], "The row has 3 cells where the headings are 2.")],
    )


def test_what_is_over_a_limit_is_refused_or_listed():
    long_cell = b"a,b\n1," + b"x" * 10_001 + b"\n2,y\n"
    wide_row = b"a,b\n" + b"," * 400 + b"x\n2,y\n"

    assert read(long_cell)[1] == [(2, [], "A cell holds more than 10,000 characters."), (3, ["2", "y"], "")]
    assert read(wide_row)[1] == [(2, [], "The row has more than 300 cells."), (3, ["2", "y"], "")]
    with pytest.raises(DomainError, match="more than 50,000 rows"):
        read(b"a\n" + b"1\n" * 50_001)
    with pytest.raises(DomainError, match="larger than 5 MB"):
        read(b"a\n" + b"1\n" * 2_500_000)
    with pytest.raises(DomainError, match="Line 2 is longer than a row"):
        read(b"a\n" + b"1" * 2_000_000)


def test_exactly_the_limit_of_rows_is_read():
    assert len(read(b"a\n1\n2\n3\n", limits=replace(UPLOAD, rows=3))[1]) == 3


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file has no headings."),
        (b"\n\n", "The file has no headings."),
        (b"a,b,a\n", "The file has these headings twice: a."),
        (b"\x00\x01\x02\x03", "This is not a text file."),
        (b"\xd0\xcf\x11\xe0\xa1", "This is an old type of workbook."),
    ],
)
def test_what_is_no_table_is_refused(data, sentence):
    with pytest.raises(DomainError, match=sentence):
        read(data)
