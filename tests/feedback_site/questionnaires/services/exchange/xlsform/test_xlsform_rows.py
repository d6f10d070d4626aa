"""Rows of any content: mapped to a definition that can be imported, or listed; never another error."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from feedback_site.questionnaires.document import write_document
from feedback_site.questionnaires.services.exchange import find_problems
from feedback_site.questionnaires.services.exchange.xlsform.mapping import map_sheets
from tests.fuzz import budget

WORDS = st.sampled_from(
    [
        "",
        " ",
        "a",
        "b",
        "yes",
        "no",
        "other",
        "x" * 400,
        "名字",
        "a.b",
        "\x00",
        "\ud800",
        "${a}",
        "true()",
        "<b>",
    ]
) | st.text(max_size=8)
EXPRESSIONS = st.lists(
    st.sampled_from(
        [
            "${a}",
            "${b}",
            ".",
            "=",
            "!=",
            ">",
            "<=",
            "and",
            "or",
            "not(",
            "selected(",
            ",",
            ")",
            "(",
            "'yes'",
            "3",
            "-2.5",
            "'2026-01-01'",
        ]
    )
    | WORDS,
    max_size=8,
).map(" ".join)
TEXTS = WORDS | st.dictionaries(
    st.sampled_from(["default", "English (en)", "中文", "fr", ""]), WORDS | st.just({"a": "b"}), max_size=3
)
TYPES = st.sampled_from(
    [
        "select one",
        "select all that apply",
        "integer",
        "decimal",
        "date",
        "text",
        "note",
        "range",
        "image",
        "rank",
        "gps",
        "odd",
        "",
    ]
)
BINDS = st.dictionaries(
    st.sampled_from(["relevant", "required", "constraint", "readonly"]), EXPRESSIONS | TEXTS, max_size=3
)
QUESTION = st.fixed_dictionaries(
    {
        "type": TYPES,
        "written_type": WORDS,
        "list": st.sampled_from(["l", "m"]),
        "or_other": st.booleans(),
        "parameters": st.none() | st.dictionaries(WORDS, WORDS),
    },
    optional={
        "name": st.sampled_from(["a", "b", "a b", "c"]) | WORDS,
        "label": TEXTS,
        "hint": TEXTS,
        "bind": BINDS | WORDS,
        "media": TEXTS,
        "control": BINDS,
    },
)
CONTROL = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["begin", "end"]),
        "control": st.sampled_from(["group", "repeat", "loop"]),
        "parameters": st.just({}),
        "written_type": WORDS,
    },
    optional={"name": WORDS, "label": TEXTS, "bind": BINDS},
)
CHOICE = st.fixed_dictionaries(
    {"list_name": st.sampled_from(["l", "m", ""])}, optional={"name": WORDS, "label": TEXTS, "media": TEXTS}
)
SETTINGS = st.fixed_dictionaries(
    {}, optional={"title": TEXTS, "id_string": WORDS, "default_language": WORDS, "style": WORDS}
)


def numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "row": number} for number, row in enumerate(rows, start=2)]


@st.composite
def sheets(draw: st.DrawFn) -> dict[str, Any]:
    """What the reading process may say about a workbook."""
    return {
        "survey": numbered(draw(st.lists(QUESTION | CONTROL, min_size=1, max_size=8))),
        "choices": numbered(draw(st.lists(CHOICE, max_size=6))),
        "settings": numbered(draw(st.lists(SETTINGS, max_size=1))),
        "sheets": draw(st.lists(WORDS, max_size=3)),
        "columns": [],
        "complaint": draw(WORDS),
    }


def test_rows_of_any_content_become_a_definition_that_can_be_imported():
    mapped = []

    @budget(60)
    @given(sheets=sheets(), name=WORDS)
    def check(sheets: dict[str, Any], name: str) -> None:
        form = map_sheets(sheets, name=name)

        assert find_problems(write_document(form.document)) == []
        assert all(str(entry) for entry in form.listed)
        mapped.append(form.mapped)

    check()

    assert sum(mapped) > 10
