"""What the clock starts for service events."""

import pytest

from config.celery import app
from feedback_site.service_events.models import CalendarDay
from feedback_site.service_events.tasks import load_published_days_task

pytestmark = pytest.mark.django_db


def test_published_days_come_back(brought_by_migrations):
    CalendarDay.objects.filter(date="2026-10-01").delete()

    load_published_days_task()

    assert not CalendarDay.objects.get(date="2026-10-01").is_working


def test_published_days_are_loaded_by_the_clock():
    started = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert "service_events.load_published_days" in started
