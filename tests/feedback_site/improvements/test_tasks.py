"""What improvement does by itself."""

from datetime import date

import pytest

from config.celery import app
from feedback_site.common.clock import database_now
from feedback_site.improvements.models import ImprovementAction, Problem
from feedback_site.improvements.tasks import review

pytestmark = pytest.mark.django_db


def test_a_review_opens_problems_and_looks_for_proofs(
    organisation, put_on_record, state, plan, measure, noon
):
    month = database_now().date().replace(day=1)
    put_on_record("3.5", 120, team=organisation.west_1, start=month)
    plan(state(at=noon), done_at=noon.replace(year=2020), at=noon)
    measure("4.4", 40, start=date(2020, 12, 1))

    review()

    assert ImprovementAction.objects.get().status == "proved"
    assert Problem.objects.get(team=organisation.west_1).source == "weak_indicator"


def test_it_is_due_every_minute():
    (entry,) = [entry for entry in app.conf.beat_schedule.values() if entry["task"] == "improvements.review"]

    assert entry["schedule"] == 60.0
