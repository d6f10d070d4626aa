"""The caller's work list."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from tests.factories.visits.calls import HOUR, Caller, text_of
from visits.models import ReturnVisit

pytestmark = pytest.mark.django_db


def keys(response):
    return {item.visit_id for item in response.context["items"]}


def counts(response):
    return {tab.key: tab.count for tab in response.context["tabs"]}


def test_what_is_mine_and_due_comes_first(due, ellen, staff, now):
    mine, late = due(), due(due_at=now - HOUR)
    due(next_attempt_at=now + timedelta(days=3))
    due(assignee=staff.ada)

    page = ellen.work()

    assert keys(page) == {mine.pk, late.pk}
    assert {key: count for key, count in counts(page).items() if key != "today"} == {
        "due": 2,
        "overdue": 1,
        "mine": 3,
        "team": 4,
    }


def test_tabs_narrow_and_widen_the_list(due, ellen, staff, now):
    mine, late = due(), due(due_at=now - HOUR)
    ahead = due(next_attempt_at=now + timedelta(days=3))
    adas = due(assignee=staff.ada)

    shown = {tab: keys(ellen.work(tab=tab)) for tab in ("overdue", "mine", "team", "nonsense")}

    assert shown == {
        "overdue": {late.pk},
        "mine": {mine.pk, late.pk, ahead.pk},
        "team": {mine.pk, late.pk, ahead.pk, adas.pk},
        "nonsense": {mine.pk, late.pk},
    }


def test_what_can_be_made_later_today_has_a_tab_of_its_own(due, ellen, now, organisation):
    midnight = (now.astimezone(organisation.east_1.zone) + timedelta(days=1)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    today = due(next_attempt_at=midnight - timedelta(seconds=1))
    due(next_attempt_at=midnight)

    assert keys(ellen.work(tab="today")) == {today.pk}


def test_a_row_says_who_why_and_how_often_and_shows_masks_only(due, ellen, now):
    due(due_at=now - HOUR, attempts_made=1)

    page = text_of(ellen.work())

    assert "王**" in page
    assert "****01" in page
    assert "complaint closed" in page
    assert "T-1" in page
    assert "1 of 3 attempts made" in page
    assert "Overdue" in page
    assert "王小明" not in page
    assert "13800000001" not in page


def test_an_empty_list_says_when_the_next_visit_is(due, ellen, now):
    due(next_attempt_at=now + timedelta(days=2))

    page = text_of(ellen.work())

    assert "Nothing is due." in page
    assert "Next visit at" in page


def test_an_empty_list_leads_to_the_team(due, ellen, staff):
    due(assignee=staff.ada)

    page = text_of(ellen.work())

    assert "No visit is assigned to you." in page
    assert "View 1 visit of your team" in page


def test_a_list_without_any_visit_says_so(repairs, ellen):
    assert "Your team has no open visit." in text_of(ellen.work(tab="team"))


def test_who_is_on_the_line_is_shown_to_the_others(due, ellen, ada, now):
    visit = due()
    ellen.post(visit, "hold")

    assert "In contact: ellen until" in text_of(ada.work(tab="team"))
    assert "In contact: you, until" in text_of(ellen.work())


def test_closed_visits_are_not_work(due, ellen, now):
    visit = due()
    ReturnVisit.objects.filter(pk=visit.pk).update(
        status="closed", outcome="refused", closed_at=now, next_attempt_at=None
    )

    assert keys(ellen.work(tab="team")) == set()


def test_another_team_sees_nothing_of_it(due, staff):
    visit = due()
    wei = Caller(staff.wei)

    assert keys(wei.work(tab="team")) == set()
    assert str(visit.pk) not in text_of(wei.work(tab="team"))


def test_an_assessor_sees_what_is_assigned_to_them_and_no_team(due, staff):
    due()
    theirs = due(assignee=staff.vera)

    page = Caller(staff.vera).work(tab="team")

    assert keys(page) == {theirs.pk}
    assert "team" not in counts(page)


@pytest.mark.parametrize("who", ["max"])
def test_who_makes_no_visits_has_no_list(who, staff):
    assert Caller(getattr(staff, who)).work().status_code == 403


def test_without_signing_in_there_is_no_list(client, db):
    assert client.get(reverse("admin:visits_returnvisit_work")).status_code == 302


def test_the_list_speaks_chinese(due, staff):
    due()

    page = Caller(staff.ellen, "zh-hans").work()

    with translation.override("zh-hans"):
        assert str(page.context["title"]) in text_of(page)
    assert page.headers["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("tab", ["due", "team"])
def test_the_list_costs_the_same_with_one_and_three_rows(due, ellen, tab):
    address = f"{reverse('admin:visits_returnvisit_work')}?tab={tab}"
    due()
    ellen.queries(address)
    one = ellen.queries(address)
    due()
    due()

    assert ellen.queries(address) == one
