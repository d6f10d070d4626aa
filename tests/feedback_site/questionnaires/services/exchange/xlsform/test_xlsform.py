import io
import zipfile
from decimal import Decimal

import pytest

from feedback_site.common.exceptions import DomainError
from feedback_site.questionnaires.document import write_document
from feedback_site.questionnaires.services.exchange import find_problems
from feedback_site.questionnaires.services.exchange.xlsform import read_xlsform
from feedback_site.questionnaires.services.exchange.xlsform.conditions import (
    EarlierQuestion,
    bound_of,
    condition_of,
)
from feedback_site.questionnaires.services.exchange.xlsform.expressions import CannotSayError
from feedback_site.questionnaires.services.exchange.xlsform.settings import limits_of, range_of
from feedback_site.questionnaires.services.exchange.xlsform.wording import language_of
from tests.factories.questionnaires.workbooks import workbook

SURVEY = """
type | name | label::English (en) | label::中文 | hint | relevant | required | constraint | parameters | default | label::Deutsch
begin group | first | First | 第一部分
select_one yn | met | Did we meet? | 我们见面了吗？ | Be frank | | yes
select_multiple fruit or_other | fruit | Which? | 哪些？
integer | age | Age | 年龄 | | ${met} = 'yes' and ${fruit} != 'apple' | | . > 17 and . <= 99
end group
decimal | weight | Weight | 体重 | | ${met} = 'yes' and ${age} >= 18 | | . < 200.5 | | 70
text | why | Why? | 为什么？ | | not(selected(${fruit}, 'apple')) | ${age} > 3 | regex(., 'x')
date | day | Day | 日期 | | (${met}='no' or ${age}<18) | true() | . >= date('2026-01-01')
range | stars | Stars | 星级 | | | | | start=1 end=7
note | hello | Hello ${met} | 你好
begin repeat | child
text | childname | Name | 姓名
end repeat
geopoint | place | Where? | 哪里？
calculate | sum | Sum
holo gram | odd | ? | ？
text | 名字 | Only English | | | ${absent} = 1
text | met | | | | | | | | | Nur Deutsch
"""  # noqa: E501 - one row of the sheet a line
CHOICES = """
list_name | name | label::English (en) | label::中文 | colour
yn | yes | Yes | 是
yn | no | No | 否
fruit | apple | Apple | 苹果 | red
fruit | kiwi.fruit | Kiwi | 猕猴桃
idle | x | X | X
"""
SETTINGS = """
form_title | form_id | style
A test | a test! | pages
"""


@pytest.fixture(scope="module")
def form():
    return read_xlsform(
        workbook(survey=SURVEY, choices=CHOICES, settings=SETTINGS, notes="a\nb"), name="test.xlsx"
    )


@pytest.fixture(scope="module")
def questions(form):
    return {question["key"]: question for question in write_document(form.document)["questions"]}


@pytest.mark.django_db
def test_the_definition_can_be_imported_as_it_is(form):
    assert find_problems(write_document(form.document)) == []
    assert write_document(form.document)["slug"] == "a_test"
    assert write_document(form.document)["title"] == {"en": "A test", "zh-hans": "A test"}
    assert form.refusal == ""


def test_types_and_pages_follow_the_rows_and_groups(questions):
    assert [(key, question["type"], question["page"]) for key, question in questions.items()] == [
        ("first", "section", 1),
        ("met", "choice", 1),
        ("fruit", "multiple", 1),
        ("age", "number", 1),
        ("weight", "number", 2),
        ("why", "short_text", 2),
        ("day", "date", 2),
        ("stars", "number", 2),
        ("hello", "section", 2),
        ("question", "short_text", 2),
        ("met_2", "short_text", 2),
    ]


def test_texts_come_in_both_languages(questions):
    assert questions["met"]["text"] == {"en": "Did we meet?", "zh-hans": "我们见面了吗？"}
    assert questions["met"]["help"] == {"en": "Be frank", "zh-hans": "Be frank"}
    assert questions["met_2"]["text"] == {"en": "Nur Deutsch", "zh-hans": "Nur Deutsch"}
    assert questions["met"]["required"]
    assert [option["key"] for option in questions["fruit"]["options"]] == ["apple", "kiwi_fruit", "other"]
    assert questions["fruit"]["options"][-1]["asks_text"]


def test_limits_become_settings(questions):
    assert questions["age"]["settings"] == {"least": 18, "most": 99}
    assert questions["weight"]["settings"] == {"places": 4, "most": 200.4999}
    assert questions["day"]["settings"] == {"earliest": "2026-01-01"}
    assert questions["stars"]["settings"] == {"least": 1, "most": 7}


def test_conditions_become_tests_where_they_say_the_same(questions):
    assert questions["weight"]["condition"] == {
        "join": "all",
        "tests": [
            {"of": "answer", "name": "met", "operator": "equals", "value": "yes"},
            {"of": "answer", "name": "age", "operator": "at_least", "value": "18"},
        ],
    }
    assert questions["why"]["condition"] == {
        "join": "any",
        "tests": [
            {"of": "answer", "name": "fruit", "operator": "excludes", "value": "apple"},
            {"of": "answer", "name": "fruit", "operator": "unanswered", "value": ""},
        ],
    }
    assert [test["operator"] for test in questions["day"]["condition"]["tests"]] == ["equals", "at_most"]
    assert questions["age"]["condition"]["tests"] == []


def test_what_does_not_map_is_listed_with_sheet_and_row(form):
    unsaid = "survey, row 5: the condition “${met} = 'yes' and ${fruit} != 'apple'” cannot be mapped"

    assert [str(entry) for entry in form.listed] == [
        "survey: pyxform objects: [row : 16] Missing calculation.",
        "survey, rows 3, 18–19: the Chinese text is missing; the other one stands in its place.",
        unsaid + " (an answer to “fruit” cannot be compared so); it is left out.",
        "survey, row 7: the column “default” is not used.",
        (
            "survey, row 8: the limit “regex(., 'x')” cannot be mapped "
            "(“regex” has no counterpart here); it is left out."
        ),
        "survey, row 8: whether it is required depends on “${age} > 3”; it is optional here.",
        "survey, row 11: the text refers to the answer “met”, which is not filled in.",
        "survey, row 12: repeat groups cannot be mapped.",
        "survey, row 13: this stands inside a repeat, which cannot be mapped.",
        "survey, row 15: places on a map cannot be asked here.",
        "survey, row 16: values that the form computes cannot be mapped.",
        "survey, row 17: the type “holo gram” is unknown.",
        (
            "survey, row 18: the condition “${absent} = 1” cannot be mapped (“absent” is no earlier question "
            "that was mapped); it is left out."
        ),
        "survey, row 18: the name “名字” became the ID “question”.",
        "survey, row 19: the name “met” became the ID “met_2”.",
        "survey, row 19: the English text is missing; the other one stands in its place.",
        "survey, row 19: texts in “Deutsch” are not kept.",
        "choices, row 4: the column “colour” is not used.",
        "choices, row 5: the name “kiwi.fruit” became the ID “kiwi_fruit”.",
        "choices, row 6: no mapped question uses the list “idle”.",
        "notes: the sheet is not read.",
        "settings, row 2: the column “style” is not used.",
        "settings, row 2: the Chinese text is missing; the other one stands in its place.",
    ]


@pytest.mark.parametrize(
    ("text", "join", "tests"),
    [
        ("${met} = 'yes'", "all", [("met", "equals", "yes")]),
        ("'yes' = ${met}", "all", [("met", "equals", "yes")]),
        ("${met} != 'yes'", "any", [("met", "differs", "yes"), ("met", "unanswered", "")]),
        ("${sure} != 'yes' and ${n} > 3", "all", [("sure", "differs", "yes"), ("n", "at_least", "4")]),
        ("3 > ${n}", "all", [("n", "at_most", "2")]),
        ("${n} > 2.5", "all", [("n", "at_least", "3")]),
        ("not(${n} >= 5)", "any", [("n", "at_most", "4"), ("n", "unanswered", "")]),
        ("not(${met} = 'yes' or ${sure} = 'no')", "all", None),
        ("not(not(selected(${many}, 'a')))", "all", [("many", "includes", "a")]),
        ("string-length(${word}) > 0", "all", [("word", "answered", "")]),
        ("${word} = ''", "all", [("word", "unanswered", "")]),
        ("${word} != ''", "all", [("word", "answered", "")]),
        ("../met = 'no' or ${met} = 'yes'", "any", [("met", "equals", "no"), ("met", "equals", "yes")]),
        ("${day} < date('2026-01-01')", "all", [("day", "at_most", "2025-12-31")]),
        ("true() and ${n} > 3", "all", [("n", "at_least", "4")]),
        ("0 or ${n} > 3", "all", [("n", "at_least", "4")]),
        ("1 = 1", "all", []),
        ("0", "any", []),
        ("FALSE", "any", []),
        ("not(1)", "any", []),
        ("'' or false()", "any", []),
        ("2 < 1 or 'a' != 'a'", "any", []),
        ("'a' < 1", "any", []),
        ("${n} > 3 and 0", "any", []),
        ("${n} > 3 or 1", "all", []),
        ("${none} = 'x'", "any", []),
        ("${none} != 'x'", "all", []),
        ("not(selected(${none}, 'x'))", "all", []),
        ("string-length(${none}) > 0 or ${none} != ''", "any", []),
        ("string-length(${none}) < 1 and ${none} = ''", "all", []),
    ],
)
def test_an_expression_says_exactly_that_or_is_refused(text, join, tests):
    options = {"yes": "yes", "no": "no"}
    asked = {
        "met": EarlierQuestion("met", "choice", options=options),
        "sure": EarlierQuestion("sure", "choice", is_certain=True, options=options),
        "many": EarlierQuestion("many", "multiple", options={"a": "a"}),
        "n": EarlierQuestion("n", "number"),
        "word": EarlierQuestion("word", "short_text"),
        "day": EarlierQuestion("day", "date"),
        "none": EarlierQuestion("", "", is_never_asked=True),
    }
    if tests is None:
        with pytest.raises(CannotSayError):
            condition_of(text, asked)
        return

    flat = condition_of(text, asked)

    assert flat.join == join
    assert [(test.name, test.operator, test.value) for test in flat.tests] == tests


@pytest.mark.parametrize(
    "text",
    [
        "",
        "(",
        "${a",
        "${n} >",
        "${n} = ${n}",
        "${n} + 1 = 2",
        "${n} = 'x'",
        "a" * 5000,
        "not(" * 100,
        "(" * 100,
        "selected(${n}, 'x')",
        "${n} > 3 and (${n} = 1 or ${n} = 2)",
        "\x00",
    ],
)
def test_what_cannot_be_said_is_refused_with_a_reason(text):
    with pytest.raises(CannotSayError) as refused:
        condition_of(text, {"n": EarlierQuestion("n", "number")})

    assert str(refused.value)


@pytest.mark.parametrize(
    ("text", "kind", "settings"),
    [
        (". >= 1 and . <= 5 and . < 5", "number", {"least": 1, "most": 4}),
        ("string-length(.) <= 50", "short_text", {"length": 50}),
        (". < '2026-03-01'", "date", {"latest": "2026-02-28"}),
        (". != 3", "number", None),
        (". < 1 or . > 3", "number", None),
        (". <= 3", "choice", None),
        ("count-selected(.) <= 2 and count-selected(.) >= 1", "multiple", {"most": 2, "least": 1}),
        ("count-selected(.) < 1", "multiple", None),
        ("count-selected(.) <= 9", "multiple", None),
        ("string-length(.) <= 2", "multiple", None),
        ("string-length(.) <= 5000", "short_text", None),
        (". >= today()", "date", None),
    ],
)
def test_a_limit_is_kept_exactly_or_refused(text, kind, settings):
    if settings is None:
        with pytest.raises(CannotSayError):
            limits_of(text, kind=kind, takes_decimals=False, options=5)
    else:
        assert limits_of(text, kind=kind, takes_decimals=False, options=5) == settings


def test_ends_of_ranges():
    assert range_of({}) == {"least": 1, "most": 10}
    assert range_of({"start": "1", "end": "-0.5", "step": "0.1"}) == {"least": -0.5, "most": 1, "places": 1}
    assert bound_of(">", Decimal("10.51"), is_whole=False) == ("at_least", "10.5101")
    for parameters in (None, {"step": "3"}, {"start": "x"}):
        with pytest.raises(CannotSayError):
            range_of(parameters)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("English (en)", "en"),
        ("EN", "en"),
        ("zh-CN", "zh-hans"),
        ("Chinese", "zh-hans"),
        ("中文（简体）", ""),
        ("Swahili (sw)", ""),
    ],
)
def test_languages_are_known_by_the_names_people_give_them(name, code):
    assert language_of(name) == code


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"type,name\ntext,a", "This is not an Excel workbook (.xlsx or .xls)."),
        (b"", "This is not an Excel workbook (.xlsx or .xls)."),
        (b"PK\x03\x04 and nothing more", "This workbook cannot be read: File is not a zip file"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 2000, None),
        (b"x" * 5_000_001, "The file is larger than 5 MB."),
    ],
    ids=["csv", "empty", "zip", "old", "large"],
)
def test_a_file_that_is_no_form_is_refused_with_the_reason(data, reason):
    with pytest.raises(DomainError) as refused:
        read_xlsform(io.BytesIO(data), name="form.xls")

    assert str(refused.value) == (reason or str(refused.value))
    assert "Traceback" not in str(refused.value)


def test_a_workbook_that_unpacks_to_very_much_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    stream.seek(0)

    with pytest.raises(DomainError, match="unpacks to more than 100 times its size"):
        read_xlsform(stream, name="bomb.xlsx")


def test_a_form_of_which_nothing_can_be_asked_says_so():
    form = read_xlsform(workbook(survey="type | name | label\ngeopoint | place | Where?"), name="places.xlsx")

    assert form.refusal == "No question of this form can be asked here."
    assert [entry.rows for entry in form.listed if entry.sheet == "survey"] == [(2,)]


def test_pictures_files_and_signatures_are_asked_for():
    rows = (
        "type | name | label | appearance\nimage | photo | A photo\nfile | paper | A file\nimage | sign | "
        "Sign here | signature"
    )

    form = read_xlsform(workbook(survey=rows), name="files.xlsx")

    assert [
        (question["type"], question["settings"]) for question in write_document(form.document)["questions"]
    ] == [
        ("file", {"kinds": ["photo"]}),
        ("file", {}),
        ("signature", {}),
    ]
