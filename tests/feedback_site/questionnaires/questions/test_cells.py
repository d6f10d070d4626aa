"""Every type of question, as other forms write its answers.

Taken, or refused with the word that cannot be taken.
"""

import pytest

from feedback_site.questionnaires.questions import QUESTION_CLASSES, InvalidAnswer
from tests.factories.questionnaires.documents import compiled


def texts(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh-hans": zh}


def option(key: str, en: str, zh: str, **more) -> dict:
    return {"key": key, "text": texts(en, zh), "exclusive": False, "asks_text": False, **more}


OPTIONS = [
    option("a", "Late, very", "迟到"),
    option("b", "Dirty", "不干净"),
    option("1", "One", "一"),
    option("other", "Other", "其他", asks_text=True),
]
ROWS = [option("speed", "Speed", "速度"), option("tone", "Tone", "态度")]
PARTS = {"choice": {"options": OPTIONS}, "multiple": {"options": OPTIONS}, "matrix": {"rows": ROWS}}


def question(kind: str):
    return compiled({"key": "q", "type": kind, "text": texts("?", "？"), **PARTS.get(kind, {})})


def read(kind: str, **cells):
    """What is stored of cells by their names (`__` is a dot)."""
    asked = question(kind)
    named = {
        name.replace("__", "."): list(value) if isinstance(value, tuple) else [value]
        for name, value in cells.items()
    }
    return asked.read(asked.fields_of_cells(named))


ONE = [
    ("rating", "4.0", 4),
    ("rating", "４", 4),
    ("csat", "5.00", 5),
    ("nps", "10.0", 10),
    ("nps", "0.0", 0),
    ("ces", "7", 7),
    ("yes_no", "是", "yes"),
    ("yes_no", "No", "no"),
    ("yes_no", "TRUE", "yes"),
    ("yes_no", "0.0", "no"),
    ("consent", "同意", "yes"),
    ("consent", "I do not agree", "no"),
    ("choice", "a", "a"),
    ("choice", "迟到", "a"),
    ("choice", "late,  VERY", "a"),
    ("choice", "1.0", "1"),
    ("number", "12.0", 12),
    ("date", "2026-11-30T00:00:00", "2026-11-30"),
    ("date", "2026-11-30 00:00:00", "2026-11-30"),
    ("date", "2026-11-30T00:00:00+08:00", "2026-11-30"),
    ("date", "2026年11月3日", "2026-11-03"),
    ("date", "2026/11/3", "2026-11-03"),
    ("date", "２０２６．１１．３", "2026-11-03"),
    ("date", "46356.0", "2026-11-30"),
    ("date", "20261130", "2026-11-30"),
    ("short_text", "4.0", "4.0"),
    ("text", "还是漏水；请尽快", "还是漏水；请尽快"),
    ("contact", "a@b.example", "given"),
    ("call_back", "13800138000", "any"),
    ("not_mine", "没有发生过这次服务", "did_not_happen"),
    ("multiple", "a;b", ["a", "b"]),
    ("multiple", "b；a", ["a", "b"]),
    ("multiple", "a,b", ["a", "b"]),
    ("multiple", "迟到，不干净", ["a", "b"]),
    ("multiple", "迟到、1.0", ["a", "1"]),
    ("multiple", "Late, very", ["a"]),
    ("multiple", "Late, very; Dirty", ["a", "b"]),
    ("multiple", "a|b\n一", ["a", "b", "1"]),
    ("multiple", "b; b ;", ["b"]),
    ("multiple", "a b", ["a", "b"]),
    ("multiple", "迟到/不干净", ["a", "b"]),
    ("multiple", "迟到　不干净", ["a", "b"]),
    ("multiple", "a + b", ["a", "b"]),
    ("multiple", "a\tb", ["a", "b"]),
    ("multiple", '["a", "b"]', ["a", "b"]),
    ("multiple", "['迟到']", ["a"]),
]


@pytest.mark.parametrize(("kind", "cell", "stored"), ONE)
def test_one_cell_is_taken_as_it_is_written(kind, cell, stored):
    assert read(kind, q=cell)["q"] == stored


COLUMNS = [
    ("multiple", {"q__a": "1", "q__b": "0", "q__1": "是"}, {"q": ["a", "1"]}),
    ("multiple", {"q__迟到": "x", "q__Dirty": "Dirty"}, {"q": ["a", "b"]}),
    ("multiple", {"q": "b", "q__a": "1.0"}, {"q": ["a", "b"]}),
    ("multiple", {"q__a": "0", "q__b": "否"}, {}),
    ("multiple", {"q__other": "1"}, {"q": ["other"]}),
    ("multiple", {"q": "a", "q__other": "水管"}, {"q": ["a", "other"], "q.other": "水管"}),
    ("multiple", {"q": "a；其他：水管"}, {"q": ["a", "other"], "q.other": "水管"}),
    ("multiple", {"q": ("a", "不干净")}, {"q": ["a", "b"]}),
    ("choice", {"q__other": "水管"}, {"q": "other", "q.other": "水管"}),
    ("choice", {"q": "Other: pipes"}, {"q": "other", "q.other": "pipes"}),
    ("choice", {"q__b": "1"}, {"q": "b"}),
    ("matrix", {"q__speed": "3.0", "q__态度": "５"}, {"q": {"speed": 3, "tone": 5}}),
    ("contact", {"q__phone": "13800138000", "q__name": "王"}, {"q": "given"}),
    ("call_back", {"q__phone": "13800138000", "q__slot": "Morning"}, {"q": "morning"}),
]


@pytest.mark.parametrize(("kind", "cells", "stored"), COLUMNS)
def test_columns_of_parts_are_taken_together(kind, cells, stored):
    assert read(kind, **cells) == stored


@pytest.mark.parametrize(
    ("kind", "cells", "word"),
    [
        ("rating", {"q": "4.5"}, "1 to 5"),
        ("rating", {"q__a": "4"}, "“a” is no part of “q”"),
        ("yes_no", {"q": "maybe"}, "Please choose one of the options."),
        ("choice", {"q": "a;b"}, "Please choose one of the options."),
        ("choice", {"q": "a", "q__other": "水管"}, "“水管” belongs to no option"),
        ("choice", {"q__a": "1", "q__b": "1"}, "one answer only"),
        ("multiple", {"q": "a;zebra"}, "“zebra” is no option. Known are: a, b, 1, other"),
        ("multiple", {"q__zebra": "1"}, "“zebra” is no part"),
        ("multiple", {"q__a": "perhaps"}, "neither yes nor no"),
        ("matrix", {"q": "3"}, "Name the row"),
        ("matrix", {"q__zebra": "3"}, "“zebra” is no part"),
        ("matrix", {"q__speed": "3", "q__速度": "4"}, "one answer only"),
        ("date", {"q": "2026-11-30T09:30:00"}, "year-month-day"),
        ("date", {"q": "2026-02-30"}, "year-month-day"),
        ("contact", {"q__fax": "1"}, "“fax” is no part"),
        ("text", {"q__a": "1"}, "“a” is no part"),
        ("not_mine", {"q": "yes"}, "Please choose one of the options."),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_word(kind, cells, word):
    with pytest.raises(InvalidAnswer) as refused:
        read(kind, **cells)

    assert word in str(refused.value)


def test_a_label_that_two_options_have_stands_for_neither():
    same = [option("a", "Same", "甲"), option("b", "Same", "乙")]
    asked = compiled({"key": "q", "type": "choice", "options": same})

    assert asked.fields_of_cells({"q": ["甲"]}) == {"q": ["a"]}
    with pytest.raises(InvalidAnswer):
        asked.fields_of_cells({"q": ["Same"]})


def test_every_type_is_tried():
    tried = {kind for kind, *_rest in [*ONE, *COLUMNS]}

    assert QUESTION_CLASSES.keys() - tried == {"file", "signature", "section"}
