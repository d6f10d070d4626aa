from datetime import date

import pytest
from django.urls import reverse

from feedback_site.common.clock import database_now
from feedback_site.service_events.models import CalendarDay
from feedback_site.service_events.services.working_time import load_published_days
from tests.factories.visits.calls import Caller, text_of

pytestmark = pytest.mark.django_db
LIST, ADD = (f"admin:service_events_calendarday_{page}" for page in ("changelist", "add"))
CHANGE = "admin:service_events_calendarday_change"
UNKNOWN = "The holidays of {} are not in the working calendar: Monday to Friday are taken for workdays."


@pytest.fixture
def quinn(staff):
    return Caller(staff.quinn)


@pytest.fixture
def published(db):
    load_published_days()


def test_days_are_listed_with_what_they_are(published, quinn):
    page = text_of(quinn.client.get(reverse(LIST), {"date__year": "2026", "date__month": "10"}))

    assert "National Day" in page
    assert "Day off" in page
    assert "published holiday calendar" in page


def test_a_day_is_entered_and_changed_by_staff_and_stays_when_the_published_ones_are_loaded(published, quinn):
    day = date(2026, 10, 2)
    quinn.client.post(
        reverse(CHANGE, args=[day]),
        {"is_working": "on", "name": "Stocktaking"},
    )
    quinn.client.post(reverse(ADD), {"date": "2031-05-05", "name": "Company day"})

    load_published_days()

    kept = CalendarDay.objects.get(pk=day)
    assert (kept.is_working, kept.name, kept.source) == (True, "Stocktaking", "staff")
    assert (
        CalendarDay.objects.get(pk=date(2031, 5, 5)).is_working,
        CalendarDay.objects.get(pk=date(2031, 5, 5)).source,
    ) == (
        False,
        "staff",
    )


def test_a_day_keeps_its_date(published, quinn):
    page = reverse(CHANGE, args=[date(2026, 10, 2)])

    quinn.client.post(page, {"date": "2026-10-20", "name": "Moved"})

    assert not CalendarDay.objects.filter(pk=date(2026, 10, 20)).exists()


def test_a_day_is_stated_once(published, quinn):
    page = quinn.client.post(reverse(ADD), {"date": "2026-10-01", "name": "Again"})

    assert list(page.context["adminform"].form.errors) == ["date"]


def test_a_year_that_nobody_entered_is_warned_of_where_it_is_looked_at(published, quinn):
    CalendarDay.objects.create(date=date(2041, 10, 1), is_working=False)

    seen = {
        year: UNKNOWN.format(year) in text_of(quinn.client.get(reverse(LIST), {"date__year": str(year)}))
        for year in (2040, 2041)
    }

    assert seen == {2040: True, 2041: False}


def test_this_year_is_warned_of_while_nobody_has_entered_it(published, quinn):
    year = database_now().year
    CalendarDay.objects.filter(date__year=year).delete()

    page = text_of(quinn.client.get(reverse(LIST)))

    assert page.count(UNKNOWN.format(year)) == 1
    assert "Enter the days that are published" in page


def test_a_strange_year_in_the_address_is_not_an_error(published, quinn):
    assert quinn.client.get(reverse(LIST), {"date__year": "二〇二六"}).status_code in {200, 302}
    assert quinn.client.get(reverse(LIST), {"date__year": "0000"}).status_code in {200, 302}


def test_callers_read_the_calendar_and_do_not_change_it(published, staff):
    ellen = Caller(staff.ellen)

    assert ellen.client.get(reverse(LIST)).status_code == 200
    assert ellen.client.post(reverse(ADD), {"date": "2031-05-05"}).status_code == 403
