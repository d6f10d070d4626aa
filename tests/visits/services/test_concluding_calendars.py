"""Attempts and escalations go by the working calendars of the visit's team."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from feedback_site.common.exceptions import DomainError
from feedback_site.common.week_hours import WEEKDAY_NAMES
from feedback_site.service_events.models import WorkingCalendar
from visits.models import Escalation

pytestmark = pytest.mark.django_db


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_team_that_calls_in_the_evening_tries_again_and_takes_slots_then(repairs, organisation):
    evenings = {
        f"{day}_{end}": time(hour) for day in WEEKDAY_NAMES for end, hour in (("from", 18), ("until", 20))
    }
    WorkingCalendar.objects.create(purpose="calls", team=organisation.east, **evenings)
    visit = repairs.visit()

    with pytest.raises(DomainError, match="2026-11-23 18:00"):
        repairs.attempt(visit, "call_later", call_at=shanghai("11-23T10:00"))
    repairs.attempt(visit, "call_later", call_at=shanghai("11-21T18:30"))
    again = repairs.attempt(visit, "no_answer", at=shanghai("11-21T18:30"))

    assert again.next_attempt_at == shanghai("11-23T18:00")  # four working hours of Monday are over at 13:00


def test_an_escalation_ends_by_its_teams_workdays(repairs, organisation):
    saturdays = {"saturday_from": time(9), "saturday_until": time(12)}
    WorkingCalendar.objects.create(purpose="deadlines", team=organisation.east_1, **saturdays)
    visit = repairs.visit()

    repairs.attempt(visit, "not_resolved", at=shanghai("11-20T16:30"))

    assert Escalation.objects.get().deadline_at == shanghai("11-23T16:30")  # Saturday, then Monday
