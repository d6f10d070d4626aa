"""Any questionnaire that may be published, filled in by anybody.

Page and server agree on what is asked, and nothing breaks.
"""

import re
from html import unescape
from random import Random
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.services.questionnaires import questionnaire_of
from feedback_site.questionnaires.walk import Walk
from surveys.models import Invitation
from tests.factories.browser import launched_browser
from tests.factories.questionnaires.definitions import answers
from tests.factories.questionnaires.documents import both, publish, question
from tests.factories.surveys.links import Invited, invite, send
from tests.feedback_site.questionnaires.questions.test_questions import OPTIONS, ROWS
from tests.fuzz import budget

pytestmark = pytest.mark.django_db

MOST_SCREENS = 4
SAID_TO_CUSTOMERS = {200, 409, 422}
TYPED = ["", "1", "3", "5", "a", "yes", "2026-05-03"]
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
# What the script of the page decides about, which of it can
# be chosen or typed, and what is shown once that was done.
FIELDS = """() => JSON.parse(document.getElementById("data").textContent).asked.map(one => {
  const fields = [...document.getElementsByName(one[0])]
  return {key: one[0], type: fields.length ? fields[0].type : "", values: fields.map(field => field.value)}
})"""
FILL = """chosen => {
  for (const [key, values] of Object.entries(chosen)) {
    for (const field of document.getElementsByName(key)) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value)
      else field.value = values[0] || ""
    }
  }
  document.forms[0].dispatchEvent(new Event("input"))
  const asked = JSON.parse(document.getElementById("data").textContent).asked
  return asked.map(one => one[0]).filter(key => !document.getElementById("c-" + key).hidden)
}"""


def branching(dice: Random) -> list[dict[str, Any]]:
    """Up to eight questions of any type, most of which depend on earlier ones in ways that can come true."""
    asked: list[dict[str, Any]] = []
    for number in range(dice.randint(2, 8)):
        kind = dice.choice(list(QUESTION_CLASSES))
        asked.append(
            question(
                f"q{number}",
                kind,
                both(kind, "问"),
                required=dice.random() < 0.3,
                page=max([1, *(one["page"] for one in asked)]) + (dice.random() < 0.2),
                set=dice.choice(["", "", "", "a", "b"]),
                options=OPTIONS if kind in {"choice", "multiple"} else [],
                rows=ROWS if kind == "matrix" else [],
                condition=condition_on(dice, asked) if asked and dice.random() < 0.8 else {},
            )
        )
    return asked


def condition_on(dice: Random, asked: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "join": dice.choice(["all", "any"]),
        "tests": [about(dice, dice.choice(asked)) for _ in range(dice.randint(1, 2))],
    }


def about(dice: Random, asked: dict[str, Any]) -> dict[str, Any]:
    """Return a test of an answer that fits its type."""
    keys = [option["key"] for option in OPTIONS]
    fitting: dict[str, tuple[list[str], list[Any]]] = {
        "choice": (["equals", "differs"], keys),
        "multiple": (["includes", "excludes"], keys),
        "yes_no": (["equals", "differs"], ["yes", "no"]),
        **dict.fromkeys(
            ["rating", "csat", "nps", "ces", "number"],
            (["equals", "differs", "at_least", "at_most"], [1, 3, 5]),
        ),
    }
    operators, values = fitting.get(asked["type"], (["answered", "unanswered"], [""]))
    return {
        "of": "answer",
        "name": asked["key"],
        "operator": dice.choice(operators),
        "compared": dice.choice(values),
    }


def walk(client: Client, link: Invited, data: st.DataObject, document: dict[str, Any]) -> list[int]:
    """Send screen after screen, as a browser without script would, with anything in the fields."""
    address, said = link.address, []
    for _ in range(MOST_SCREENS):
        page = client.get(address)
        hidden = {name: unescape(value) for name, value in HIDDEN.findall(page.content.decode())}
        reply = send(client, address, {**encodable(data.draw(answers(document))), **hidden})
        said += [page.status_code, reply.status_code]
        if reply.status_code != 303:
            break
        address = link.address + reply.headers["Location"]
    return said


def encodable(fields: dict[str, list[str]]) -> dict[str, list[bytes]]:
    """Half characters travel as bytes that no decoder takes."""
    return {
        name: [value.encode(errors="surrogatepass") for value in values] for name, values in fields.items()
    }


def choose(dice: Random, fields: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return what is chosen or typed, by key, before anything is hidden."""
    chosen: dict[str, list[str]] = {}
    for field in fields:
        offered = [value for value in field["values"] if value] or TYPED
        chosen[field["key"]] = dice.sample(
            offered, k=dice.randint(0, 1 if field["type"] != "checkbox" else len(offered))
        )
    return chosen


def asked_by_the_server(
    invitation: Invitation, chosen: dict[str, list[str]], keys: list[str]
) -> list[str] | None:
    """Return which of `keys` are on the path; None when the server would refuse what was chosen."""
    steps = questionnaire_of(invitation.version_id).steps
    walked = Walk(steps, chosen, question_set=invitation.question_set)
    if any(any(chosen.get(key, [])) for key in walked.read.errors):
        return None
    # A person who says that the service was not theirs is asked nothing
    # else; the page leaves it in sight, since it may be taken back.
    if walked.ending is not None:
        return None
    on_path = {question.key for question in walked.on_path}
    return [key for key in keys if key in on_path]


def test_page_and_server_agree_on_any_questionnaire_and_nothing_breaks(organisation, client):
    client.raise_request_exception = False
    compared: list[int] = []
    said: list[int] = []

    with launched_browser() as browser:
        page = browser.new_page()

        @budget(30)
        @given(dice=st.randoms(use_true_random=True), data=st.data())
        def check(dice: Random, data: st.DataObject) -> None:
            with transaction.atomic():
                version = publish(branching(dice))
                link = invite(organisation, version, question_set=dice.choice(["", "a", "b"]))
                page.set_content(client.get(link.address).content.decode())
                fields = page.evaluate(FIELDS)
                chosen = choose(dice, fields)
                expected = asked_by_the_server(link.invitation, chosen, [field["key"] for field in fields])
                if expected is not None:
                    assert page.evaluate(FILL, chosen) == expected
                    compared.append(len(fields))
                said.extend(walk(client, link, data, version.document))
                transaction.set_rollback(True)

        check()

    assert set(said) <= SAID_TO_CUSTOMERS | {303}
    assert {200, 422} <= set(said)
    assert sum(compared) > 10
