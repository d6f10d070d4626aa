"""Staff open questionnaires at a place, print their codes, and read what was answered."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys.models import OpenQuestionnaire, OpenResponse
from surveys.services.open_questionnaires.opening import address_of
from tests.factories.questionnaires.documents import QUESTIONS, both, publish, question
from tests.factories.surveys.links import GOOD_ANSWERS, send
from tests.factories.surveys.opened import open_at, stamped

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(organisation):
    return publish()


@pytest.fixture
def ada(client, staff):
    client.force_login(staff.ada)
    return client


@pytest.fixture
def place(organisation, version):
    return open_at(organisation, version, label="Front desk Beijing East")


def page_of(name, place):
    return reverse(f"admin:surveys_openquestionnaire_{name}", args=[place.pk])


def text_of(page) -> str:
    return unescape(page.content.decode())


def form_of(organisation, version, **changes):
    return {
        "label": "Counter 3",
        "team": organisation.east_1.pk,
        "questionnaire": version.questionnaire.pk,
        "language": "zh-hans",
        **changes,
    }


def test_survey_staff_open_a_questionnaire_at_a_place_of_theirs(ada, organisation, version):
    ada.post(reverse("admin:surveys_openquestionnaire_add"), form_of(organisation, version))

    opened = OpenQuestionnaire.objects.get()
    assert (opened.label, opened.team, opened.closed_at) == ("Counter 3", organisation.east_1, None)
    assert len(opened.code) == 8


def test_another_regions_team_is_no_choice(ada, organisation, version):
    page = ada.post(
        reverse("admin:surveys_openquestionnaire_add"),
        form_of(organisation, version, team=organisation.west_1.pk),
    )

    assert "team" in page.context_data["adminform"].form.errors
    assert not OpenQuestionnaire.objects.exists()


def test_what_needs_an_invitation_is_said_at_the_field(ada, organisation):
    version = publish(
        [QUESTIONS[0], question("reach", "contact", both("How do we reach you?", "怎么联系您？"))]
    )

    page = ada.post(reverse("admin:surveys_openquestionnaire_add"), form_of(organisation, version))

    (sentence,) = page.context_data["adminform"].form.errors["questionnaire"]
    assert (
        sentence
        == "Question “reach” (Contact) can only be asked of invited customers, not in an open questionnaire."
    )


def test_the_place_changes_and_the_questionnaire_stays(ada, organisation, version, place):
    ada.post(
        page_of("change", place), form_of(organisation, version, label="Back desk", team=organisation.east.pk)
    )

    place.refresh_from_db()
    assert (place.label, place.team) == ("Back desk", organisation.east_1)


@pytest.mark.parametrize(("kind", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_the_code_is_handed_over_as_a_file(ada, place, kind, begins):
    page = ada.get(page_of(f"qr_{kind}", place))

    assert page.content.startswith(begins)
    assert page.headers["Content-Disposition"] == f'attachment; filename="qr-{place.code}.{kind}"'


@pytest.mark.parametrize(("size", "paper"), [("a4", "210mm 297mm"), ("a6", "105mm 148mm")])
def test_the_card_says_in_both_languages_what_to_do(ada, place, size, paper):
    page = text_of(ada.get(f"{page_of('card', place)}?size={size}"))

    assert f"@page {{ size: {paper}; margin: 0; }}" in page
    assert "请评价我们的服务" in page
    assert "How did we do?" in page
    assert address_of(place).partition("//")[2].rstrip("/") in page.replace("<wbr>", "")
    assert page.count("<svg") == 1


def test_closing_is_asked_for_and_can_be_taken_back(ada, place):
    ada.get(page_of("close", place))
    assert OpenQuestionnaire.objects.get().closed_at is None

    ada.post(page_of("close", place))
    assert OpenQuestionnaire.objects.get().closed_at

    ada.post(page_of("reopen", place))
    assert OpenQuestionnaire.objects.get().closed_at is None


def test_service_staff_see_their_places_and_change_none(client, staff, organisation, version, place):
    elsewhere = open_at(organisation, version, team=organisation.west_1)
    client.force_login(staff.ellen)

    assert client.get(page_of("card", place)).status_code == 200
    assert client.post(page_of("close", place)).status_code == 403
    assert client.get(page_of("card", elsewhere)).status_code == 404
    assert client.get(page_of("qr_svg", elsewhere)).status_code == 404


def test_answers_are_counted_plainly_and_read_one_by_one(ada, client, place):
    send(client, f"/s/{place.code}/", {**stamped(place), **GOOD_ANSWERS})

    assert "Open response: 1 (no response rate)" in text_of(ada.get(page_of("change", place)))
    answer = OpenResponse.objects.get()
    sheet = text_of(ada.get(reverse("admin:surveys_openresponse_change", args=[answer.pk])))
    assert "How satisfied are you with this service?" in sheet
    assert "师傅很准时。" in sheet


def test_answers_are_exported_with_a_column_per_question(ada, client, place):
    send(client, f"/s/{place.code}/", {**stamped(place), **GOOD_ANSWERS})

    page = ada.post(reverse("admin:surveys_openresponse_export"), {"format": "0"})

    lines = page.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "overall: How satisfied are you with this service?" in lines[0]
    assert re.search(r"Front desk Beijing East,\w{8},east-1", lines[1])


@pytest.mark.parametrize("model", ["openquestionnaire", "openresponse"])
def test_a_list_costs_the_same_with_one_and_three_rows(ada, client, organisation, version, model):
    def open_one():
        opened = open_at(organisation, version)
        send(client, f"/s/{opened.code}/", {**stamped(opened), **GOOD_ANSWERS})

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert ada.get(reverse(f"admin:surveys_{model}_changelist")).status_code == 200
        return len(captured)

    open_one()
    queries()
    one = queries()
    open_one()
    open_one()

    assert queries() == one
