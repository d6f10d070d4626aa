"""Visits that are due at the database's present moment, and people who open their pages.

Whatever day the suite runs on.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback_site.accounts.models import User
from feedback_site.common.clock import database_now
from feedback_site.service_events.models import CalendarDay
from tests.factories.visits.fixtures import Repairs
from visits.models import ReturnVisit

HOUR = timedelta(hours=1)
PHONE = "+8613800000001"


class Caller:
    """A member of staff before the pages of return visits, in one language."""

    def __init__(self, user: User, language: str = "en") -> None:
        self.user = user
        self.client = Client()
        self.client.force_login(user)
        self.client.cookies["django_language"] = language

    def work(self, **query: str) -> Any:
        return self.client.get(reverse("admin:visits_returnvisit_work"), query)

    def open(self, visit: ReturnVisit) -> Any:
        return self.client.get(self.address(visit))

    def post(self, visit: ReturnVisit, step: str = "visit", **data: Any) -> Any:
        return self.client.post(self.address(visit, step), data)

    def record(self, visit: ReturnVisit, outcome: str, **data: Any) -> Any:
        return self.client.post(self.address(visit), {"outcome": outcome, **data}, follow=True)

    def address(self, visit: ReturnVisit, step: str = "visit") -> str:
        return reverse(f"admin:visits_returnvisit_{step}", args=[visit.pk])

    def queries(self, address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert self.client.get(address).status_code == 200
        return len(queries)


@pytest.fixture
def now(db) -> datetime:
    return database_now()


@pytest.fixture
def due(repairs: Repairs, now):
    """A maker of visits that may be made now.

    Planned four days ago, assigned to Ellen, overdue where `due_at` says so.
    """
    repairs.noon = now - timedelta(days=4)

    def make(event: Any = None, **changes: Any) -> ReturnVisit:
        visit = repairs.visit(event)
        facts = {
            "assignee": repairs.staff.ellen,
            "due_from": now - 2 * HOUR,
            "next_attempt_at": now - HOUR,
            "due_at": now + 6 * HOUR,
        }
        ReturnVisit.objects.filter(pk=visit.pk).update(**(facts | changes))
        return ReturnVisit.objects.get(pk=visit.pk)

    return make


@pytest.fixture
def visit(due) -> ReturnVisit:
    return due()


@pytest.fixture
def ellen(staff) -> Caller:
    return Caller(staff.ellen)


@pytest.fixture
def ada(staff) -> Caller:
    return Caller(staff.ada)


@pytest.fixture
def tomorrow(organisation, now) -> Any:
    """State that tomorrow is a workday, or a holiday.

    Gives ten in the morning as the browser's picker writes it.
    """

    def state(*, is_working: bool) -> str:
        day = now.astimezone(organisation.east_1.zone).date() + timedelta(days=1)
        CalendarDay.objects.update_or_create(
            date=day, calendar=None, defaults={"is_working": is_working, "source": "staff"}
        )
        return f"{day:%Y-%m-%d}T10:00"

    return state


def told(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def text_of(response: Any) -> str:
    text: str = response.content.decode()
    return text
