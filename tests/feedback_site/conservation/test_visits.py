"""`manage.py verify` holds on return visits as the services leave them.

It turns red for one tampered row per check.
"""

# ruff: noqa: S608 - statements are made of ids that this module made

from datetime import timedelta

import pytest

from feedback_site.evaluations.models import Measurement
from feedback_site.evaluations.services import measure_case_log
from feedback_site.service_events.models import ServiceEvent
from tests.factories.conservation.tampering import red_checks, tamper
from visits.models import Escalation, ReturnVisit
from visits.services.measuring import measure_verified_resolution

pytestmark = pytest.mark.django_db


@pytest.fixture
def concluded(repairs, noon):
    """One repair that did not hold at first and then did, and one visit that no one answers yet.

    All of it a month ago.
    """
    repairs.noon = noon - timedelta(days=30)
    event = repairs.complaint()
    first = repairs.visit(event)
    repairs.attempt(first, "no_answer")
    repairs.attempt(first, "not_resolved")
    first.refresh_from_db()
    repaired_at = first.closed_at + timedelta(hours=3)
    repairs.complete(event, at=repaired_at)
    second = repairs.visit(event, at=repaired_at)
    repairs.attempt(second, "verified_resolved")
    second.refresh_from_db()
    repairs.attempt(
        repairs.visit(repairs.complaint(at=repaired_at, completed_at=repaired_at), at=repaired_at),
        "no_answer",
    )
    measure_verified_resolution(at=second.closed_at, everything=True)
    measure_case_log(at=second.closed_at, everything=True)
    # Changes of the last minutes are left to the next run.
    ServiceEvent.objects.update(updated_at=noon)
    return second


def visit_checks() -> dict[str, list[str]]:
    slugs = {
        "visits_follow_their_attempts",
        "verdicts_have_their_answers",
        "unresolved_cases_are_escalated",
        "verified_resolution_equals_cases",
        "resolution_rate_equals_cases",
    }
    return {slug: keys for slug, keys in red_checks().items() if slug in slugs}


def test_honest_visits_pass(concluded):
    assert visit_checks() == {}
    assert (
        Measurement.objects.filter(
            indicator__slug="verified_resolution_rate", n=1, period_kind="month"
        ).count()
        == 2
    )


def test_an_attempt_that_is_gone_is_found(concluded):
    first = ReturnVisit.objects.get(outcome="not_resolved")
    tamper(f"DELETE FROM visits_visitattempt WHERE visit_id = '{first.pk}' AND number = 1")

    assert visit_checks() == {"visits_follow_their_attempts": [str(first.pk)]}


def test_a_visit_that_nothing_asked_for_is_found(concluded):
    waiting = ReturnVisit.objects.open().get()
    tamper(f"DELETE FROM visits_visitsource WHERE visit_id = '{waiting.pk}'")

    assert visit_checks() == {"visits_follow_their_attempts": [str(waiting.pk)]}


def test_a_verdict_without_answers_is_found(concluded):
    tamper(f"UPDATE visits_returnvisit SET invitation_id = NULL WHERE id = '{concluded.pk}'")

    assert visit_checks()["verdicts_have_their_answers"] == sorted(
        [str(concluded.pk), str(concluded.invitation_id)]
    )


def test_an_unresolved_case_without_an_owner_is_found(concluded):
    first = ReturnVisit.objects.get(outcome="not_resolved")
    tamper("DELETE FROM visits_escalation")

    assert visit_checks()["unresolved_cases_are_escalated"] == [str(first.pk)]


def test_an_escalation_verified_without_a_visit_is_found(concluded):
    escalation = Escalation.objects.get()
    tamper(
        f"UPDATE visits_escalation SET closed_at = closed_at + interval '1 hour' WHERE id = '{escalation.pk}'"
    )

    assert visit_checks() == {"unresolved_cases_are_escalated": [str(escalation.pk)]}


def test_a_case_counted_twice_is_found(concluded):
    measured = Measurement.objects.get(
        indicator__slug="verified_resolution_rate", team=concluded.credited_team, period_kind="month"
    )
    tamper(f"UPDATE evaluations_measurement SET n = 2 WHERE id = '{measured.pk}'")

    assert visit_checks() == {
        "verified_resolution_equals_cases": [f"team {measured.team_id} {measured.period_start}"]
    }


def test_a_failed_repair_that_the_resolution_rate_forgets_is_found(concluded):
    measured = Measurement.objects.get(
        indicator__slug="resolution_rate", team=concluded.credited_team, period_kind="month"
    )
    assert (measured.n, measured.value) == (1, 0)
    tamper(f"UPDATE evaluations_measurement SET n = 2 WHERE id = '{measured.pk}'")

    assert visit_checks() == {
        "resolution_rate_equals_cases": [f"team {concluded.credited_team_id} {measured.period_start}"]
    }
