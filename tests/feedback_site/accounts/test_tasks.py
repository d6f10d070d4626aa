from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session

from config.celery import app
from feedback_site.accounts.tasks import forget_ended_sign_ins_task
from feedback_site.common.clock import database_now

pytestmark = pytest.mark.django_db


def test_at_night_what_is_over_is_forgotten_and_nothing_else():
    now = database_now()
    for key, ago in (("over", 1), ("open", -1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now - timedelta(minutes=ago))
        AccessAttempt.objects.create(
            username=key, ip_address="203.0.113.1", user_agent="", failures_since_start=1
        )
    AccessAttempt.objects.filter(username="over").update(attempt_time=now - timedelta(minutes=16))

    forget_ended_sign_ins_task()

    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["open"]
    assert any(entry["task"] == forget_ended_sign_ins_task.name for entry in app.conf.beat_schedule.values())
