"""The walk alone, with made-up questions: nothing here asks a database."""

import pytest

from feedback_site.questionnaires.document import read_document
from feedback_site.questionnaires.walk import Next, Walk
from tests.factories.questionnaires.documents import QUESTIONS, both, compiled, document_of, question


def asked(key, kind="yes_no", **more):
    return compiled(question(key, kind, both(key, key), **more))


def only_if(name, value):
    tests = [{"of": "answer", "name": name, "operator": "equals", "compared": value}]
    return {"join": "all", "tests": tests}


STEPS = [
    [asked("solved", required=True), asked("other", "not_mine")],
    [asked("why", required=True, condition=only_if("solved", "no"))],
    [asked("again", set="a")],
    [asked("overall", "rating", required=True), asked("words", "text")],
]
DONE = {"solved": ["yes"], "overall": ["5"]}


def at(fields, **more):
    return Walk(STEPS, fields, language="en", **more)


@pytest.mark.parametrize(
    ("fields", "number", "follows"),
    [
        ({}, 1, Next(0, is_again=True)),
        ({"solved": ["no"]}, 1, Next(1)),
        ({"solved": ["no"]}, 2, Next(1, is_again=True)),
        ({"solved": ["yes"]}, 1, Next(1)),  # the fourth screen is the second on the way
        ({"solved": ["yes"]}, 4, Next(1, is_again=True)),
        (DONE, 4, Next()),
        ({"overall": ["5"]}, 4, Next(0, is_again=True)),  # sent as the last, with the first one open
        ({"other": ["wrong_person"]}, 1, Next()),
        (DONE, 9, Next()),  # no such screen: all was sent
        (DONE, 1, Next(1)),
        ({"solved": ["no"], "why": ["yes"]}, 0, Next(2, is_again=True)),
    ],
)
def test_a_screen_leads_to_the_next_on_the_way_or_again_to_what_is_wrong(fields, number, follows):
    assert at(fields).leave(number, is_back=False) == follows


@pytest.mark.parametrize(
    ("fields", "number", "place"),
    [({}, 1, 0), (DONE, 4, 0), ({"solved": ["no"]}, 4, 1), ({"solved": ["7"]}, 4, 0)],
)
def test_back_leads_to_the_screen_before_whatever_is_wrong(fields, number, place):
    assert at(fields).leave(number, is_back=True) == Next(place)


@pytest.mark.parametrize(
    ("fields", "drawn", "numbers"),
    [
        ({}, "", [1, 4]),
        ({"solved": ["no"]}, "", [1, 2, 4]),
        ({"solved": ["no"]}, "a", [1, 2, 3, 4]),
        ({"solved": ["yes"]}, "b", [1, 4]),
    ],
)
def test_the_screens_are_those_that_have_something_to_ask(fields, drawn, numbers):
    assert [screen.number for screen in at(fields, question_set=drawn).screens] == numbers


@pytest.mark.parametrize(
    ("join", "is_complaint", "keys", "left"),
    [
        ("all", True, ("solved", "why"), (("why", "all", (0,)),)),
        ("all", False, ("solved",), ()),
        ("any", True, ("solved", "why"), ()),
        ("any", False, ("solved", "why"), (("why", "any", (0,)),)),
    ],
)
def test_what_the_screen_itself_decides_is_left_to_it(join, is_complaint, keys, left):
    fact = {"of": "event", "name": "is_complaint", "operator": "equals", "compared": True}
    condition = {"join": join, "tests": [*only_if("solved", "no")["tests"], fact]}
    steps = [[asked("solved"), asked("why", condition=condition)]]

    (screen,) = Walk(steps, facts={"is_complaint": is_complaint}).screens

    assert (screen.keys, screen.left) == (keys, left)


def test_where_there_is_nothing_to_ask_one_empty_screen_stands():
    walk = Walk([[asked("again", set="a")]])

    assert ([screen.keys for screen in walk.screens], walk.leave(1, is_back=False)) == (
        [()],
        Next(0, is_again=True),
    )


def test_what_is_wrong_is_said_by_screen():
    walk = at({"solved": ["no"], "overall": ["99"]})

    assert [walk.errors_on(place) for place in range(3)] == [
        {},
        {"why": "Please answer this question."},
        {"overall": "Please choose a number from 1 to 5."},
    ]
    assert (walk.first_wrong, walk.errors_to_show(0)) == (1, dict(walk.read.errors))
    assert at(DONE).first_wrong is None


@pytest.mark.parametrize(
    ("fields", "number", "reached", "has_answers", "place"),
    [
        (DONE, 4, 1, True, 1),
        (DONE, 1, 4, True, 0),
        (DONE, 0, 4, True, 1),
        (DONE, 0, 2, True, 1),  # the screen of before is off the way: the next one
        (DONE, 0, 9, True, 1),
        (DONE, 4, 1, False, 0),  # nothing is saved: from the start
        ({}, 4, 4, True, 0),
        ({"solved": ["no"]}, 4, 4, True, 1),
    ],
)
def test_an_address_leads_no_further_than_to_what_is_unfinished(fields, number, reached, has_answers, place):
    assert at(fields).place_to_show(number, reached=reached, has_answers=has_answers) == place


def test_a_screen_says_its_own_in_place_of_what_it_said_before_and_nothing_else():
    before = at({"solved": ["yes"], "other": ["wrong_person"], "overall": ["3"], "words": ["Good"]})

    said = before.say(1, {"solved": ["no"], "overall": ["1"], "overall.other": ["x"], ".page": ["1"]})

    assert said.fields == {"solved": ["no"], "overall": ["3"], "words": ["Good"]}
    assert before.say(0, DONE).fields == DONE
    assert said.fields_on(2) == {"overall": ["3"], "words": ["Good"]}


@pytest.mark.parametrize(
    ("fields", "on_path", "counting", "share"),
    [
        ({}, ["solved", "other", "overall", "words"], ["solved", "other", "overall", "words"], 0),
        (DONE, ["solved", "other", "overall", "words"], ["solved", "other", "overall", "words"], 100),
        (
            {"solved": ["no"], "overall": ["5"]},
            ["solved", "other", "why", "overall", "words"],
            ["solved", "other", "why", "overall", "words"],
            200 / 3,
        ),
        ({"other": ["wrong_person"], **DONE}, ["solved", "other", "overall", "words"], ["other"], 100),
    ],
)
def test_what_counts_is_what_is_on_the_path_or_what_ended_it(fields, on_path, counting, share):
    walk = at(fields)

    assert [one.key for one in walk.on_path] == on_path
    assert [one.key for one in walk.counting] == counting
    assert walk.share_answered == pytest.approx(share)


def test_where_nothing_had_to_be_answered_the_share_is_that_of_all_and_headings_are_not_asked():
    steps = [[asked("head", "section"), asked("a"), asked("b"), asked("c", set="x")]]

    assert [Walk(steps, {"a": ["yes"]}).share_answered, Walk([steps[0][:1]]).share_answered] == [50, 0]


@pytest.mark.parametrize(("solved", "end"), [("no", 0), ("yes", 1), (None, 1)])
def test_the_first_end_page_that_holds_is_shown(solved, end):
    walk = at({"solved": [solved]} if solved else {})
    words = both("Bye", "再见")
    stated = [{"key": "a", "text": words, "condition": only_if("solved", "no")}, {"key": "b", "text": words}]
    ends = read_document(document_of([]) | {"end_pages": stated}).end_pages

    assert (walk.end_among(ends), walk.end_among(ends[:1])) == (end, 0 if end == 0 else None)


def test_what_was_sent_is_shown_as_it_was_understood():
    assert at({"overall": ["５"], "words": ["Good"], "solved": ["?"]}).fields_as_understood == {
        "overall": ["5"],
        "words": ["Good"],
        "solved": ["?"],
    }


def test_sentences_are_in_the_language_of_the_walk():
    said = {code: Walk(STEPS, {}, language=code).read.errors["solved"] for code in ("en", "zh-hans")}

    assert said == {"en": "Please answer this question.", "zh-hans": "请回答这个问题。"}


def test_answers_off_the_path_are_kept_apart_and_never_counted():
    kinds = [
        question("solved", "yes_no", both("Solved?", "解决了吗？")),
        question(
            "overall",
            "rating",
            both("Satisfied?", "满意吗？"),
            metric="satisfaction",
            required=True,
            condition=unless_solved,
        ),
    ]
    questions = [compiled(kind) for kind in kinds]

    read = Walk([questions], {"solved": ["yes"], "overall": ["1"]}).read

    assert (read.answers, read.off_path, read.scores, read.errors) == (
        {"solved": "yes"},
        {"overall": 1},
        {},
        {},
    )
    assert Walk([questions], {"solved": ["no"]}).read.errors == {"overall": "Please answer this question."}


def test_questions_of_another_set_are_not_asked():
    questions = [
        compiled(question(key, "yes_no", both(key, key), set=key, required=True))
        for key in ("clear", "named")
    ]

    assert Walk([questions], {"clear": ["yes"], "named": ["no"]}, question_set="named").read.answers == {
        "named": "no"
    }


def test_what_is_not_read_is_not_shown():
    questions = [
        compiled(question(key, "yes_no", both(key, key), set=drawn))
        for key, drawn in (("all", ""), ("some", "a"))
    ]
    fields = {"all": ["yes"], "some": ["no"]}

    shown = {drawn: Walk([questions], question_set=drawn).screens[0].keys for drawn in ("", "a", "b")}
    read = {drawn: tuple(Walk([questions], fields, question_set=drawn).read.answers) for drawn in shown}

    assert shown == read == {"": ("all",), "a": ("all", "some"), "b": ("all",)}


unless_solved = {
    "join": "all",
    "tests": [{"of": "answer", "name": "solved", "operator": "equals", "compared": "no"}],
}


def test_a_field_without_any_value_is_an_unanswered_one():
    asked = [
        compiled(question("other", "not_mine", both("Not yours?", "不是您的？"))),
        compiled(QUESTIONS[0]),
    ]

    assert Walk([asked], {"other": [], "overall": ["4"]}).read.answers == {"overall": 4}


def conditional_end(operator):
    end = question("other", "not_mine", both("Not yours?", "不是您的？"))
    end["condition"] = {
        "join": "all",
        "tests": [{"of": "answer", "name": "overall", "operator": operator, "compared": 2}],
    }
    return [compiled(QUESTIONS[0]), compiled(end), compiled(QUESTIONS[3])]


def test_what_ends_all_other_questions_does_so_on_the_path_only():
    given = {"overall": ["4"], "other": ["wrong_person"], "comment": ["Late"]}

    on_path, off_path = (
        Walk([conditional_end(operator)], given).read for operator in ("at_least", "at_most")
    )

    assert (on_path.answers, on_path.off_path) == (
        {"other": "wrong_person"},
        {"overall": 4, "comment": "Late"},
    )
    assert (off_path.answers, off_path.off_path) == (
        {"overall": 4, "comment": "Late"},
        {"other": "wrong_person"},
    )
    assert (on_path.scores, off_path.scores) == ({}, {"satisfaction": 4})


def test_where_one_answer_ends_all_nothing_else_has_to_be_right():
    end = compiled(question("other", "not_mine", both("Not yours?", "不是您的？")))

    read = Walk([[compiled(QUESTIONS[0]), end]], {"overall": ["99"], "other": ["wrong_person"]}).read

    assert (read.answers, read.errors) == ({"other": "wrong_person"}, {})
