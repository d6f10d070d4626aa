"""One answer to a question of every type, by file and by API.

The same response, and nothing of it lost without a word.
"""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from openpyxl import Workbook

from feedback_site.common.clock import database_now
from feedback_site.questionnaires.enums import OptionRole
from feedback_site.questionnaires.models import Condition, Question, QuestionOption
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.services.publishing import publish_questionnaire
from surveys.enums import InvitationOrigin
from surveys.models import Invitation, Response, Survey
from surveys.services.decisions.deciding import decide_events
from tests.factories.service_events.api_calls import post, system

pytestmark = pytest.mark.django_db
# Question -> what a sheet says about it, by part, and what is stored.
CELLS = {
    "csat": ({"": "4.0"}, 4),
    "nps": ({"": "9"}, 9),
    "ces": ({"": "6.0"}, 6),
    "yes_no": ({"": "是"}, "yes"),
    "choice": ({"": "第二"}, "b"),
    "multiple": ({"": "a；第二"}, ["a", "b"]),
    "matrix": ({"a": "3.0", "b": "4"}, {"a": 3, "b": 4}),
    "number": ({"": "12.0"}, 12),
    "date": ({"": "2026-11-30T00:00:00"}, "2026-11-30"),
    "short_text": ({"": "短"}, "短"),
    "text": ({"": "长；一，二"}, "长；一，二"),
    "contact": ({"phone": "+8613800138000"}, "given"),
    "consent": ({"": "同意"}, "yes"),
    "call_back": ({"phone": "+8613800138000", "slot": "上午"}, "morning"),
}
UNTAKEN = {"file": "x.jpg", "signature": "王小明", "section": "heading"}


@pytest.fixture
def everything(questionnaire, noon) -> Survey:
    """A rule whose questionnaire asks one question of every type."""
    for position, kind in enumerate(QUESTION_CLASSES, start=10):
        if kind == "rating":
            continue
        question = Question.objects.create(
            questionnaire=questionnaire,
            key=kind,
            position=position,
            type=kind,
            text={"en": kind, "zh-hans": kind},
            settings={},
        )
        if kind in {"choice", "multiple", "matrix"}:
            role = OptionRole.ROW if kind == "matrix" else OptionRole.OPTION
            for place, (key, zh) in enumerate([("a", "第一"), ("b", "第二")]):
                QuestionOption.objects.create(
                    question=question,
                    role=role,
                    key=key,
                    position=place,
                    text={"en": key.upper(), "zh-hans": zh},
                )
    why = Question.objects.create(
        questionnaire=questionnaire,
        key="why",
        position=90,
        type="text",
        text={"en": "Why?", "zh-hans": "为什么？"},
    )
    subject = Question.objects.get(questionnaire=questionnaire, key="yes_no")
    Condition.objects.create(
        questionnaire=questionnaire, question=why, subject=subject, operator="equals", value="no"
    )
    publish_questionnaire(questionnaire=questionnaire, by=None, at=noon)
    return Survey.objects.create(slug="everything", name="Everything", questionnaire=questionnaire)


def named() -> dict[str, str]:
    return {
        f"{kind}.{part}" if part else kind: cell
        for kind, (cells, _stored) in CELLS.items()
        for part, cell in cells.items()
    }


def stored() -> dict:
    return {kind: answer for kind, (_cells, answer) in CELLS.items()} | {"overall": 5}


def by_file(tmp_path, survey, event, **cells) -> list[str]:
    book = Workbook()
    about = {
        "source": "paper",
        "external_id": "1",
        "event.source": event.source,
        "event.external_id": event.external_id,
    }
    row = (
        about
        | {"answered_at": "2026-11-20T11:00:00+08:00"}
        | {f"answers.{name}": cell for name, cell in cells.items()}
    )
    book.active.append(list(row))
    book.active.append(list(row.values()))
    book.save(tmp_path / "answers.xlsx")
    printed = StringIO()
    call_command("import_responses", tmp_path / "answers.xlsx", survey=survey.slug, stdout=printed)
    return printed.getvalue().splitlines()


def test_every_type_is_tried():
    assert QUESTION_CLASSES.keys() - CELLS.keys() - UNTAKEN.keys() == {"rating", "not_mine"}


def test_a_file_says_an_answer_of_every_type(everything, record, tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    printed = by_file(tmp_path, everything, record(), overall="5.0", why="还是漏水", **named())

    response = Response.objects.get()
    assert printed == [
        (
            "line 2: Imported. Kept but not counted, because other answers leave these questions out: "
            "answers.why"
        ),
        "read 1, imported 1, repeated 0, listed 0",
    ]
    assert {key: answer for key, answer in response.answers.items() if key in stored()} == stored()
    assert response.off_path == {"why": "还是漏水"}


def test_the_api_says_the_same_with_lists_and_objects(everything, record, api_key):
    now = database_now()
    record(at=now, completed_at=now - timedelta(hours=1))
    decide_events(at=now)
    invitation = Invitation.objects.get(origin=InvitationOrigin.SENT)
    answers = {kind: cells.get("", cells) for kind, (cells, _stored) in CELLS.items()}
    answers |= {
        "overall": 5,
        "multiple": ["a", "第二"],
        "matrix": {"a": 3, "b": 4.0},
        "number": 12,
        "yes_no": True,
        "why": "还是漏水",
    }

    reply = post(
        system(api_key), {"invitation": str(invitation.pk), "answers": answers}, "/api/v1/responses/"
    )

    response = Response.objects.get()
    assert reply.status_code == 201, reply.content
    assert reply.json()["warnings"] == [{"field": "answers.why", "code": "off_path"}]
    assert {key: answer for key, answer in response.answers.items() if key in stored()} == stored()
    assert response.off_path == {"why": "还是漏水"}


@pytest.mark.parametrize("kind", UNTAKEN)
def test_a_cell_of_what_no_sheet_can_answer_is_listed(kind, everything, record, tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    first, last = by_file(tmp_path, everything, record(), overall=5, **{kind: UNTAKEN[kind]})

    assert first.startswith(f"line 2: {kind}: ")
    assert last == "read 1, imported 0, repeated 0, listed 1"


def test_an_unreadable_answer_off_the_path_is_kept_as_it_was_written(
    everything, questionnaire, record, tmp_path, noon, monkeypatch
):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    Question.objects.filter(questionnaire=questionnaire, key="why").update(type="number")
    publish_questionnaire(questionnaire=questionnaire, by=None, at=noon)

    printed = by_file(tmp_path, everything, record(), overall=5, yes_no="yes", why="a lot")

    assert printed[-1] == "read 1, imported 1, repeated 0, listed 0"
    assert Response.objects.get().off_path == {"why": "a lot"}


def test_a_customer_who_was_not_served_says_nothing_that_counts_and_nothing_vanishes(
    everything, record, tmp_path, monkeypatch
):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    first, _last = by_file(tmp_path, everything, record(), overall=5, text="长", not_mine="wrong_person")

    response = Response.objects.get()
    assert (response.answers, response.off_path) == (
        {"not_mine": "wrong_person"},
        {"overall": 5, "text": "长"},
    )
    assert first.endswith("leave these questions out: answers.overall, answers.text")


@pytest.mark.parametrize(
    "answers",
    [
        {"multiple": [["a"]]},
        {"multiple": [None]},
        {"matrix": {"a": {"b": 1}}},
        {"text": None},
        {"text": ["x"] * 201},
    ],
)
def test_what_is_no_value_is_refused_at_its_question(answers, everything, record, api_key):
    body = {"invitation": "018f0000-0000-7000-8000-000000000000", "answers": answers}

    reply = post(system(api_key), json.dumps(body), "/api/v1/responses/")

    assert (reply.status_code, reply.json()["extra"]["fields"]["answers"].keys()) == (400, answers.keys())
