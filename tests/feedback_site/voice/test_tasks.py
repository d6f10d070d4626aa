"""What ticks: complaints follow their cases, and counts of public forms are forgotten."""

from datetime import timedelta

import pytest

from config.celery import app
from feedback_site.common.clock import database_now
from feedback_site.common.models import RateCount
from feedback_site.common.public_forms import Limit, count_use
from feedback_site.common.tasks import forget_old_counts_task
from feedback_site.service_events.services import record_transition
from feedback_site.voice.models import VoiceEntry
from feedback_site.voice.services import close_entry
from feedback_site.voice.tasks import follow_events_task

pytestmark = pytest.mark.django_db


def test_both_are_in_the_beat_table():
    names = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert {follow_events_task.name, forget_old_counts_task.name} <= names


def test_the_tick_reopens_what_was_reopened(receive, staff, noon):
    entry = close_entry(entry=receive(), by=staff.ada, text="x", at=noon)
    record_transition(event=entry.service_event, type="reopened", happened_at=noon, at=noon)

    follow_events_task()

    assert VoiceEntry.objects.get().state == "in_work"


def test_the_tick_forgets_windows_that_are_over():
    now = database_now()
    for at in (now, now - timedelta(days=2)):
        count_use(form="voice", address="192.0.2.1", limits=[Limit(9, timedelta(hours=1))], at=at)

    forget_old_counts_task()

    assert RateCount.objects.get().ends_at > now
