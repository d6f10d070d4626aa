"""What each question type takes, refuses and exports."""

import re
from contextlib import suppress

import pytest
from django.template.loader import get_template
from django.utils import translation

from feedback_site.questionnaires.models import Question
from feedback_site.questionnaires.questions import (
    QUESTION_CLASSES,
    CompiledQuestion,
    InvalidAnswer,
    faults_of_type,
)
from feedback_site.questionnaires.questions.number import CURRENCIES
from tests.factories.questionnaires.documents import both, compiled, content_of, question

WORDS = both("A question", "一个问题")
OPTIONS = [
    {"key": "speed", "text": both("Speed", "速度")},
    {"key": "price", "text": both("Price", "价格")},
    {"key": "else", "text": both("Something else", "其他"), "asks_text": True},
    {"key": "none", "text": both("None of these", "以上都不是"), "exclusive": True},
]
ROWS = [{"key": "tone", "text": both("Tone", "语气")}, {"key": "care", "text": both("Care", "细心")}]


def make(kind, **more):
    return question("q", kind, WORDS, **{"options": OPTIONS, "rows": ROWS, **more})


def read(content, **fields):
    given = {
        name.replace("__", "."): value if isinstance(value, list) else [value]
        for name, value in fields.items()
    }
    with translation.override("en"):
        return compiled(content).read(given)


def test_every_type_says_what_it_is_and_stands_in_the_list_that_authors_choose_from():
    assert [name for name, _label in Question._meta.get_field("type").choices] == list(QUESTION_CLASSES)
    for name, kind in QUESTION_CLASSES.items():
        assert re.fullmatch("[a-z][a-z0-9_]*", name)
        assert name == kind.name
        assert str(kind.label)
        assert kind.order != CompiledQuestion.order
        assert get_template(kind.template)
        assert kind.is_comment == (name == "text")


TAKES = [
    ("rating", {}, {"q": "5"}, {"q": 5}),
    ("rating", {"settings": {"points": 10}}, {"q": "10"}, {"q": 10}),
    ("csat", {"settings": {"points": 7}}, {"q": "７"}, {"q": 7}),
    ("nps", {}, {"q": "0"}, {"q": 0}),
    ("ces", {}, {"q": " 7 "}, {"q": 7}),
    ("yes_no", {}, {"q": "yes"}, {"q": "yes"}),
    ("choice", {}, {"q": "else", "q__other": "Colour"}, {"q": "else", "q.other": "Colour"}),
    ("choice", {}, {"q": "speed", "q__other": "ignored"}, {"q": "speed"}),
    ("multiple", {}, {"q": ["price", "speed", "price"]}, {"q": ["speed", "price"]}),
    ("multiple", {}, {"q": ["else"], "q__other": " "}, {"q": ["else"]}),
    ("multiple", {"settings": {"least": 2}}, {"q": "none"}, {"q": ["none"]}),
    ("matrix", {}, {"q__tone": "5", "q__care": "1"}, {"q": {"tone": 5, "care": 1}}),
    ("matrix", {}, {"q__tone": "5"}, {"q": {"tone": 5}}),
    ("number", {}, {"q": "１２"}, {"q": 12}),
    ("number", {"settings": {"places": 2}}, {"q": "-1.50"}, {"q": -1.5}),
    ("date", {}, {"q": "2026-05-03"}, {"q": "2026-05-03"}),
    ("date", {}, {"q": "2026/5/3"}, {"q": "2026-05-03"}),
    ("short_text", {}, {"q": "<b>😀</b>"}, {"q": "<b>😀</b>"}),
    ("text", {"settings": {"length": 10}}, {"q": "字" * 10}, {"q": "字" * 10}),
    ("consent", {}, {"q": "no"}, {"q": "no"}),
    ("not_mine", {"required": True}, {"q": "wrong_person"}, {"q": "wrong_person"}),
    ("section", {"required": True}, {"q": "x"}, {}),
    ("file", {}, {"q": ["a" * 32, "a" * 32]}, {"q": ["a" * 32]}),
    ("file", {"settings": {"most": 2}}, {"q": ["a" * 32, "0" * 32]}, {"q": ["a" * 32, "0" * 32]}),
    ("signature", {"required": True}, {"q": ["a" * 32, "b" * 32]}, {"q": ["a" * 32, "b" * 32]}),
]


@pytest.mark.parametrize(("kind", "more", "fields", "stored"), TAKES)
def test_a_good_answer_is_stored_and_shown_again_as_it_was_given(kind, more, fields, stored):
    content = make(kind, **more)

    assert read(content, **fields) == stored
    assert compiled(content).read(compiled(content).fields_of(stored)) == stored


NUMBER = "Please choose a number from 1 to 5."
REFUSES = [
    ("rating", {}, {"q": "6"}, NUMBER),
    ("csat", {}, {"q": "<b>"}, NUMBER),
    ("ces", {}, {"q": "8"}, "Please choose a number from 1 to 7."),
    ("yes_no", {}, {"q": "maybe"}, "Please choose one of the options."),
    ("choice", {}, {"q": ["speed", "price"]}, "Please give one answer only."),
    (
        "choice",
        {},
        {"q": "else", "q__other": "x" * 201},
        "Please shorten this text to 200 characters; it has 201.",
    ),
    (
        "choice",
        {},
        {"q": "else", "q__other": "a\x00"},
        "This text contains characters that cannot be stored. Please remove them.",
    ),
    ("multiple", {}, {"q": ["speed", "gone"]}, "Please choose one of the options."),
    ("multiple", {}, {"q": ["speed", "none"]}, "“None of these” cannot be combined with other answers."),
    ("multiple", {"settings": {"least": 2}}, {"q": "speed"}, "Please choose at least 2."),
    ("multiple", {"settings": {"most": 1}}, {"q": ["speed", "price"]}, "Please choose at most 1."),
    ("multiple", {"required": True}, {"q": " "}, "Please answer this question."),
    ("matrix", {"required": True}, {"q__tone": "5"}, "Please answer every row."),
    ("matrix", {}, {"q__tone": "9"}, NUMBER),
    ("number", {}, {"q": "twelve"}, "Please type a number."),
    ("number", {}, {"q": "1e9"}, "Please type a number."),
    ("number", {}, {"q": "-"}, "Please type a number."),
    ("number", {}, {"q": "1" * 400}, "Please type a number."),
    ("number", {}, {"q": "1.5"}, "Please type a whole number."),
    ("number", {"settings": {"places": 1}}, {"q": "1.55"}, "Please type a number with at most 1 decimals."),
    ("number", {"settings": {"least": 1, "most": 9}}, {"q": "10"}, "Please type a number from 1 to 9."),
    ("number", {"settings": {"least": 1}}, {"q": "0"}, "Please type a number of at least 1."),
    ("number", {"settings": {"most": 9}}, {"q": "10"}, "Please type a number of at most 9."),
    ("date", {}, {"q": "2026-02-30"}, "Please write the day as year-month-day, for example 2026-05-03."),
    ("date", {}, {"q": "9" * 40 + "-1-1"}, "Please write the day as year-month-day, for example 2026-05-03."),
    (
        "date",
        {},
        {"q": "\u202e2026-05-03"},
        "Please write the day as year-month-day, for example 2026-05-03.",
    ),
    (
        "date",
        {"settings": {"latest": "2026-01-01"}},
        {"q": "2026-01-02"},
        "Please choose a day from 1900-01-01 to 2026-01-01.",
    ),
    ("short_text", {}, {"q": "two\nlines"}, "Please write one line."),
    ("short_text", {}, {"q": "x" * 201}, "Please shorten this text to 200 characters; it has 201."),
    (
        "text",
        {"settings": {"length": 10}},
        {"q": "x" * 11},
        "Please shorten this text to 10 characters; it has 11.",
    ),
    ("file", {}, {"q": "IMG_1.jpg"}, "We did not receive this. Please add it again."),
    ("file", {}, {"q": "A" * 32}, "We did not receive this. Please add it again."),
    ("file", {}, {"q__file": "IMG_1.jpg"}, "We did not receive this. Please add it again."),
    ("file", {}, {"q": ["a" * 32, "b" * 32]}, "Please keep at most 1 file."),
    ("signature", {}, {"q__name": "Wang"}, "We did not receive this. Please add it again."),
]


@pytest.mark.parametrize(("kind", "more", "fields", "sentence"), REFUSES)
def test_a_bad_answer_is_refused_with_a_sentence(kind, more, fields, sentence):
    with pytest.raises(InvalidAnswer) as refused:
        read(make(kind, **more), **fields)

    assert str(refused.value) == sentence


ASKING = sorted(set(QUESTION_CLASSES) - {"section", "not_mine"})


@pytest.mark.parametrize("kind", ASKING)
def test_a_required_question_must_be_answered_and_another_need_not(kind):
    assert read(make(kind)) == {}
    with pytest.raises(InvalidAnswer):
        read(make(kind, required=True))


@pytest.mark.parametrize(
    "value", ["\x00", "<script>alert(1)</script>", "\u202e", "😀" * 5000, "' OR 1=1", "９９９９９", "{{ 7 }}"]
)
@pytest.mark.parametrize("kind", ASKING)
def test_nothing_that_is_sent_breaks_a_type(kind, value):
    parts = {
        f"q.{part}": [value]
        for part in ("tone", "other", "name", "phone", "email", "slot", "file", "strokes", "problem")
    }
    for fields in ({"q": [value]}, {"q": [value, "1"]}, parts):
        with suppress(InvalidAnswer):
            assert isinstance(compiled(make(kind)).read(fields), dict)


FAULTS = [
    ("rating", {"settings": {"points": 2}}, ["a rating has 3 to 10 points."]),
    (
        "rating",
        {"settings": {"points": 7}, "metric": "satisfaction"},
        ["only a five-point question can count as satisfaction."],
    ),
    ("rating", {"settings": {"style": "hearts"}}, ["choose stars, numbers or smileys."]),
    ("csat", {"settings": {"points": 6}}, ["customer satisfaction has five or seven points."]),
    ("choice", {"options": OPTIONS[:1]}, ["a choice needs at least two options."]),
    ("choice", {"options": [OPTIONS[0], OPTIONS[0]]}, ["two options have the same ID."]),
    ("multiple", {"settings": {"least": 3, "most": 2}}, ["at least is more than at most."]),
    ("multiple", {"settings": {"most": 9}}, ["the limits of a multiple choice are numbers of its options."]),
    ("matrix", {"rows": ROWS[:1]}, ["a matrix needs at least two rows."]),
    ("matrix", {"rows": [ROWS[0], ROWS[0]]}, ["two rows have the same ID."]),
    ("number", {"settings": {"least": 2, "most": 1}}, ["the lowest number is above the highest."]),
    ("number", {"settings": {"places": 9}}, ["a number has at most 4 decimals."]),
    ("date", {"settings": {"earliest": "3 May"}}, ["write days as YYYY-MM-DD."]),
    (
        "date",
        {"settings": {"earliest": "2026-05-03", "latest": "2026-05-02"}},
        ["the earliest day is after the latest."],
    ),
    ("text", {"settings": {"length": 9000}}, ["a text has at most 2000 characters."]),
    (
        "contact",
        {"settings": {"parts": ["name"]}},
        ["a contact asks for a phone number or an email address."],
    ),
    ("consent", {"settings": {"purpose": "fun"}}, ["“fun” is nothing that customers consent to."]),
    ("short_text", {"settings": {"length": 201}}, ["a text has at most 200 characters."]),
    ("file", {"settings": {"kinds": []}}, ["choose photos, documents or both."]),
    ("file", {"settings": {"kinds": ["program"]}}, ["choose photos, documents or both."]),
    ("file", {"settings": {"most": 4}}, ["at most 3 files can be sent with an answer."]),
    ("file", {"settings": {"megabytes": 0}}, ["a file may have at most 5 MB."]),
]


@pytest.mark.parametrize(("kind", "more", "sentences"), FAULTS)
def test_what_cannot_be_asked_is_not_published(kind, more, sentences):
    with translation.override("en"):
        assert list(faults_of_type(content_of(make(kind, **more)))) == sentences


@pytest.mark.parametrize("kind", QUESTION_CLASSES)
def test_a_plain_question_of_every_type_may_be_published(kind):
    assert list(faults_of_type(content_of(make(kind)))) == []


EXPORTS = [
    ("rating", {"q": 4}, [("q", "A question")], [4]),
    ("choice", {"q": "else", "q.other": "Colour"}, [("q", "A question")], ["Something else (Colour)"]),
    ("file", {"q": ["a" * 32]}, [("q", "A question")], ["1 file"]),
    ("signature", {"q": ["a" * 32]}, [("q", "A question")], ["signed"]),
    ("signature", {}, [("q", "A question")], [None]),
    (
        "matrix",
        {"q": {"tone": 5}},
        [("q.tone", "A question – Tone"), ("q.care", "A question – Care")],
        [5, None],
    ),
    ("number", {"q": -1.5}, [("q", "A question")], [-1.5]),
    ("date", {"q": "2026-05-03"}, [("q", "A question")], ["2026-05-03"]),
    ("section", {}, [], []),
    ("text", {}, [("q", "A question")], [None]),
]


@pytest.mark.parametrize(("kind", "answers", "columns", "cells"), EXPORTS)
def test_an_export_has_columns_with_labels(kind, answers, columns, cells):
    asked = compiled(make(kind))

    assert asked.columns(language="en") == columns
    assert asked.cells(answers, language="en") == cells


def test_an_export_of_a_multiple_choice_has_a_column_for_each_option():
    asked = compiled(make("multiple"))

    assert [name for name, _heading in asked.columns(language="en")] == [
        "q",
        "q.speed",
        "q.price",
        "q.else",
        "q.none",
    ]
    assert asked.cells({"q": ["speed", "else"]}, language="en") == ["Speed; Something else", 1, 0, 1, 0]
    assert asked.cells({}, language="en") == [None] * 5


def test_the_faces_run_from_sad_to_happy():
    shown = compiled(make("rating", settings={"style": "smileys", "points": 3})).context(
        language="en", values={}, error=""
    )

    assert [point["face"] for point in shown["points"]] == ["😡", "😐", "😍"]


@pytest.mark.parametrize("currency", CURRENCIES)
def test_a_fee_is_asked_for_in_the_unit_that_readers_write(currency):
    fee = compiled(make("number", settings={"fee": "amount", "currency": currency}))
    units = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            units[language] = fee.context(language=language, values={}, error="")["unit"]

    assert units["en"] == currency
    assert re.fullmatch(r"[\u4e00-\u9fff]+", units["zh-hans"])


def test_a_number_that_is_no_fee_has_no_unit():
    assert compiled(make("number")).context(language="en", values={}, error="")["unit"] == ""
