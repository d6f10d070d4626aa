"""The page on which staff fill in the questionnaire of an invitation for a customer."""

import re
from typing import Any

import pytest
from django.test import Client

from feedback_site.accounts.enums import Role
from feedback_site.accounts.models import AccessLogEntry
from feedback_site.accounts.services import assign_role
from surveys.models import Invitation, Response
from tests.factories.questionnaires.documents import both, publish, question
from tests.factories.surveys.links import invite, send

pytestmark = pytest.mark.django_db
LOW = {"join": "all", "tests": [{"of": "answer", "name": "overall", "operator": "at_most", "compared": 3}]}
ASKED = [
    question(
        "overall",
        "rating",
        both("How satisfied are you?", "您满意吗？"),
        metric="satisfaction",
        required=True,
    ),
    question(
        "reasons",
        "multiple",
        both("What went wrong?", "哪里不好？"),
        condition=LOW,
        required=True,
        options=[
            {"key": "late", "text": both("Late", "晚")},
            {"key": "other", "text": both("Other", "其他"), "asks_text": True},
        ],
    ),
    question("reach", "contact", both("How can we reach you?", "怎么联系您？"), page=2),
    question("comment", "text", both("Anything else?", "还有吗？"), page=3),
]


@pytest.fixture
def link(organisation):
    return invite(organisation, publish(ASKED))


@pytest.fixture
def page_of(link) -> str:
    return f"/admin/surveys/invitation/{link.invitation.pk}/fill-in/"


@pytest.fixture
def ada(staff) -> Client:
    client = Client()
    client.force_login(staff.ada)
    return client


def errors_in(page: Any) -> list[str]:
    return re.findall(r'class="(?:error|wrong)"[^>]*>(.*?)<', page.content.decode())


def test_all_questions_stand_on_one_page_in_the_customers_language(ada, page_of, link):
    Invitation.objects.update(language="zh-hans")

    page = ada.get(page_of)

    text = page.content.decode()
    assert page.status_code == 200
    assert re.findall(r'id="c-answer-(\w+)"', text) == ["overall", "reasons", "reach", "comment"]
    assert 'lang="zh-Hans"' in text
    assert "您满意吗？" in text
    assert re.findall(r'name="mode" value="(\w+)"', text) == ["phone", "on_site", "paper"]
    assert not AccessLogEntry.objects.exists()
    assert link.token not in text


def test_stored_answers_lead_to_the_response_which_names_who_filled_them_in(ada, page_of, staff):
    sent = ada.post(
        page_of,
        {"mode": "phone", "answer-overall": "2", "answer-reasons": "late", "answer-comment": "said so"},
    )

    response = Response.objects.get()
    assert (sent.status_code, sent.headers["Location"]) == (
        302,
        f"/admin/surveys/response/{response.pk}/change/",
    )
    assert (response.mode, response.answers) == (
        "phone",
        {"overall": 2, "reasons": ["late"], "comment": "said so"},
    )
    shown = ada.get(sent.headers["Location"]).content.decode()
    assert "answers are on record" in shown
    assert staff.ada.username in shown


def test_what_is_wrong_is_said_at_its_field_and_all_answers_are_kept(ada, page_of):
    typed = {
        "answer-overall": "1",
        "answer-reach.name": "王小明",
        "answer-reach.phone": "12",
        "answer-comment": "<b>kept</b>",
    }

    page = ada.post(page_of, typed)

    text = page.content.decode()
    assert page.status_code == 422
    assert errors_in(page)[:2] == ["Choose how the customer answers.", "Please answer this question."]
    assert 'name="answer-overall" value="1" id="a-answer-overall" checked' in text
    assert 'value="王小明"' in text
    assert 'value="12"' in text
    assert "&lt;b&gt;kept&lt;/b&gt;" in text
    assert re.findall(r'<li><a href="#([\w-]+)">', text) == [
        "mode-phone",
        "a-answer-reasons",
        "a-answer-reach",
    ]
    again = ada.post(page_of, {**typed, "mode": "paper"})
    assert (again.status_code, 'value="paper" id="mode-paper" checked' in again.content.decode()) == (
        422,
        True,
    )
    assert not Response.objects.exists()


def test_an_answer_of_the_customers_own_meanwhile_is_told_and_counts(ada, client, page_of, link):
    ada.get(page_of)
    send(client, link.address, {"overall": "5"})

    page = ada.post(page_of, {"mode": "phone", "answer-overall": "4"})

    text = page.content.decode()
    assert page.status_code == 409
    assert (
        "The customer has answered already. The first answer counts. What you filled in just now is not "
        "stored." in text
    )
    assert f"/admin/surveys/response/{link.invitation.pk}/change/" in text
    assert 'name="answer-overall"' not in text
    assert Response.objects.get().satisfaction == 5
    assert ada.get(page_of).status_code == 409


@pytest.mark.parametrize(("who", "status"), [("ellen", 403), ("max", 403), ("vera", 403), ("wei", 404)])
def test_staff_who_may_not_fill_it_in_get_no_questions_and_store_nothing(
    client, page_of, staff, organisation, who, status
):
    assign_role(user=staff.wei, role=Role.SURVEY_STAFF, team=organisation.west_1)
    client.force_login(getattr(staff, who))

    pages = [client.get(page_of), client.post(page_of, {"mode": "phone", "answer-overall": "2"})]

    assert [page.status_code for page in pages] == [status, status]
    assert all(b"answer-overall" not in page.content for page in pages)
    assert not Response.objects.exists()
