from datetime import timedelta

import pytest

from config.celery import app
from feedback_site.common.clock import database_now
from feedback_site.evaluations.models import Measurement
from visits.models import ReturnVisit
from visits.tasks import measure_task, plan_visits_task

pytestmark = pytest.mark.django_db


def test_the_sweep_plans_and_assigns(repairs):
    now = database_now()
    repairs.complaint(opened_at=now - timedelta(hours=2), completed_at=now - timedelta(hours=1), at=now)

    plan_visits_task()

    assert ReturnVisit.objects.get().assignee == repairs.staff.ellen


def test_the_nightly_pass_looks_behind_the_window(repairs):
    recorded = database_now() - timedelta(days=5)
    repairs.complaint(opened_at=recorded - timedelta(hours=1), completed_at=recorded, at=recorded)
    plan_visits_task()
    assert not ReturnVisit.objects.exists()

    plan_visits_task(everything=True)

    assert ReturnVisit.objects.count() == 1


def test_verdicts_are_measured(repairs):
    now = database_now()
    served = now - timedelta(days=6)
    visit = repairs.visit(repairs.complaint(opened_at=served, completed_at=served, at=now), at=now)
    repairs.attempt(visit, "verified_resolved", at=now)

    measure_task()

    assert set(Measurement.objects.values_list("indicator__slug", "n")) == {("verified_resolution_rate", 1)}


def test_every_sweep_of_visits_is_in_the_beat_table():
    entries = [(entry["task"], entry.get("kwargs", {})) for entry in app.conf.beat_schedule.values()]

    assert [entry for entry in entries if entry[0].startswith("visits.")] == [
        ("visits.plan_visits", {}),
        ("visits.plan_visits", {"everything": True}),
        ("visits.measure", {}),
        ("visits.measure", {"everything": True}),
    ]
