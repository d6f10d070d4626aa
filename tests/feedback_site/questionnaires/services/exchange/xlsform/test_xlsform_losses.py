"""What a form loses on its way.

Nothing without a word, and no one is asked for more than its author asked.
"""

import pytest

from feedback_site.questionnaires.document import write_document
from feedback_site.questionnaires.services.exchange import find_problems
from feedback_site.questionnaires.services.exchange.xlsform import read_xlsform
from tests.factories.questionnaires.workbooks import workbook

SURVEY = """
type | name | label | hint | relevant | required | constraint | appearance | default | required_message | read_only | relevant::English (en)
select_one yn | visited | Was our engineer on time?
begin_group | g1 | Details | | field-list | | | table-list
select_one yn | tidy | Tidy | | regex(${visited}, 'y') | yes
select_one yn | polite | Polite | | | 1 | | list-nolabel
begin_group | inner
text | deep | Deep | | | TRUE
end_group | | the end
end_group
select_multiple reasons | why | Why? | | | yes | count-selected(.) <= 2
text | other | Other | | selected(${why}, 'too late') | true() | | multiline | | Please
text | never | Never | | 0 | yes
text | after_never | After | | ${never} = 'x' | yes
text | without_never | Without | | ${never} != 'x' | yes
begin_group | hidden | Hidden | | false()
text | in_hidden | In hidden | | | yes
end_group
begin_repeat | pets | Pets
begin_group | pet | A pet
text | animal | Animal | | | yes
end_group
end_repeat
text | always | Always | | true() | yes | | | 5
text | shown | Shown | | | yes | | | | | yes
text | translated | Translated | | | yes | | | | | | ${visited} = 'y'
text | again | Again | | ${visited} != 'y' and ${why} = '' and (${other} = 'a' or ${other} = 'b') | yes
text | other | Other again
text | of_two | Of two | | ${other} = 'x' | yes
"""  # noqa: E501 - one row of the sheet a line
CHOICES = """
list_name | name | label
yn | y | Yes
yn | n | No
reasons | too late | Too late
reasons | dirty | Dirty
"""
SETTINGS = "form_title | form_id\nA test | a_test\nAnother | b_test"


@pytest.fixture(scope="module")
def form():
    return read_xlsform(workbook(survey=SURVEY, choices=CHOICES, settings=SETTINGS), name="losses.xlsx")


@pytest.fixture(scope="module")
def questions(form):
    return {question["key"]: question for question in write_document(form.document)["questions"]}


def said(form, sheet: str, row: int) -> list[str]:
    of_sheet = [entry for entry in form.listed if entry.sheet == sheet]
    sentences = [entry.sentence for entry in of_sheet if row in entry.rows]
    return sorted(sentence for sentence in sentences if "Chinese" not in sentence)


@pytest.mark.django_db
def test_it_can_be_imported_as_it_is(form):
    assert find_problems(write_document(form.document)) == []


def test_no_customer_is_asked_for_more_than_the_author_asked(questions):
    assert {
        key: question["required"] for key, question in questions.items() if question["type"] != "section"
    } == {
        "visited": False,
        "tidy": False,
        "polite": False,
        "deep": False,
        "why": True,
        "other": True,
        "without_never": True,
        "always": True,
        "shown": False,
        "translated": False,
        "again": False,
        "other_2": False,
        "of_two": False,
    }


def test_what_is_never_asked_stays_unasked_and_what_depends_on_it_follows(form, questions):
    assert {"never", "after_never", "in_hidden", "hidden"} & questions.keys() == set()
    assert questions["without_never"]["condition"]["tests"] == []
    assert (
        said(form, "survey", 12)
        == said(form, "survey", 13)
        == ["its condition never holds; the question is left out."]
    )
    assert said(form, "survey", 15) == ["its condition never holds; the group is left out."]
    assert said(form, "survey", 16) == ["the condition of its group never holds; it is left out."]


UNUSED = "the column “%s” is not used."
OPTIONAL = "it is required of some people only, and asked of more here; it is optional."


@pytest.mark.parametrize(
    ("row", "sentences"),
    [
        (2, []),
        (
            3,
            [
                UNUSED % "appearance",
                (
                    "the condition “field-list” cannot be mapped "
                    "(“field-list” has no counterpart here); it is left out."
                ),
            ],
        ),
        (5, [OPTIONAL, UNUSED % "appearance"]),
        (7, [OPTIONAL]),
        (8, [UNUSED % "label"]),
        (10, []),
        (11, [UNUSED % "required_message"]),
        (14, []),
        (18, ["repeat groups cannot be mapped."]),
        (19, ["this stands inside a repeat, which cannot be mapped."]),
        (20, ["this stands inside a repeat, which cannot be mapped."]),
        (23, [UNUSED % "default"]),
        (24, ["the form shows it without taking an answer; it is optional here.", UNUSED % "read_only"]),
        (25, [OPTIONAL, UNUSED % "relevant"]),
        (
            28,
            [
                OPTIONAL,
                (
                    "the condition “${other} = 'x'” cannot be mapped "
                    "(several rows are called “other”); it is left out."
                ),
            ],
        ),
    ],
)
def test_what_is_not_taken_is_listed_with_its_row(form, row, sentences):
    assert said(form, "survey", row) == sorted(sentences)


def test_choices_and_settings_lose_nothing_in_silence(form, questions):
    assert [option["key"] for option in questions["why"]["options"]] == ["too_late", "dirty"]
    assert questions["why"]["settings"] == {"most": 2}
    assert questions["other"]["condition"]["tests"] == [
        {"of": "answer", "name": "why", "operator": "includes", "value": "too_late"}
    ]
    assert said(form, "choices", 4) == ["the name “too late” became the ID “too_late”."]
    assert said(form, "settings", 3) == ["only the first row of settings is read."]


def test_a_cell_under_no_heading_and_a_second_text_of_a_language_are_listed():
    survey = "type | name | label::English (en) | label::English (UK) | \ntext | a | Colour | Color | lost"

    form = read_xlsform(workbook(survey=survey), name="a.xlsx")

    assert said(form, "survey", 2) == [
        "a cell stands in a column without a heading; it is not read.",
        "texts in “English (UK)” are not kept.",
    ]
