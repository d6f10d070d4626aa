"""Return visits and later measurements that prove actions, and close their problems."""

import threading
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from feedback_site.evaluations.models import Indicator
from feedback_site.improvements.enums import ProofKind
from feedback_site.improvements.models import ImprovementAction, Problem
from feedback_site.improvements.services import check_proofs, prove_by_visit
from tests.factories.improvements.fixtures import NEW_YEAR, NOVEMBER

pytestmark = pytest.mark.django_db
VISIT = uuid.uuid4()


def closing(problem):
    return Problem.objects.values_list("status", "closing_reason").get(pk=problem.pk)


@pytest.fixture
def verifiable(state, plan, event, noon):
    """A problem about an event, with an action that a visit is to prove."""

    def verifiable():
        problem = state(service_event=event)
        return problem, plan(problem, proof_kind=ProofKind.VISIT, done_at=noon)

    return verifiable


def test_a_good_visit_proves_the_action_and_closes_its_problem(verifiable, event, noon):
    problem, action = verifiable()
    later = noon + timedelta(days=1)

    proved = prove_by_visit(
        action_ids=[action.pk], service_event_id=event.pk, visit_id=VISIT, is_good=True, at=later
    )
    again = prove_by_visit(
        action_ids=[action.pk], service_event_id=event.pk, visit_id=uuid.uuid4(), is_good=True, at=later
    )

    action.refresh_from_db()
    assert (proved, again) == (1, 0)
    assert (action.status, action.proved_at, action.proof_visit_id) == ("proved", later, VISIT)
    assert closing(problem) == ("closed", "proved")


def test_a_visit_to_the_event_speaks_for_every_action_about_it(verifiable, event, noon):
    first, _action = verifiable()
    second, _action = verifiable()

    assert (
        prove_by_visit(action_ids=[], service_event_id=event.pk, visit_id=VISIT, is_good=True, at=noon) == 2
    )
    assert (closing(first), closing(second)) == (("closed", "proved"), ("closed", "proved"))


def test_a_visit_that_finds_it_bad_fails_the_action_and_leaves_the_problem_open(
    verifiable, plan, event, noon
):
    problem, action = verifiable()
    tomorrow = noon + timedelta(days=1)

    failed = prove_by_visit(
        action_ids=[action.pk], service_event_id=None, visit_id=VISIT, is_good=False, at=noon
    )
    plan(problem, proof_kind=ProofKind.VISIT, at=tomorrow, done_at=tomorrow)
    standing = closing(problem)
    prove_by_visit(action_ids=[], service_event_id=event.pk, visit_id=VISIT, is_good=True, at=tomorrow)

    action.refresh_from_db()
    assert (failed, action.status, action.proof_visit_id) == (1, "failed", None)
    assert (standing, closing(problem)) == (("open", ""), ("closed", "proved"))


def test_what_waits_for_a_figure_or_is_not_done_is_no_visits_business(state, plan, event, noon):
    problem = state(service_event=event)
    planned, measured = plan(problem, proof_kind=ProofKind.VISIT), plan(problem, done_at=noon)

    assert (
        prove_by_visit(
            action_ids=[planned.pk, measured.pk],
            service_event_id=event.pk,
            visit_id=VISIT,
            is_good=True,
            at=noon,
        )
        == 0
    )
    assert closing(problem) == ("open", "")


def test_a_problem_stays_open_until_its_last_action_is_proved(verifiable, plan, measure, event, noon):
    problem, _action = verifiable()
    plan(problem, done_at=noon)

    prove_by_visit(action_ids=[], service_event_id=event.pk, visit_id=VISIT, is_good=True, at=noon)
    halfway = closing(problem)
    measure("4.3", 40)
    check_proofs(at=NEW_YEAR)

    assert (halfway, closing(problem)) == (("open", ""), ("closed", "proved"))


def test_a_later_month_that_meets_the_standard_proves_the_action(state, plan, measure, noon):
    problem = state()
    action = plan(problem, done_at=noon)
    proof = measure("4.2", 10)

    assert (check_proofs(at=NEW_YEAR), check_proofs(at=NEW_YEAR)) == (1, 0)
    action.refresh_from_db()
    assert (action.status, action.proved_at, action.proof_measurement) == ("proved", NEW_YEAR, proof)
    assert closing(problem) == ("closed", "proved")


def test_a_lower_is_better_indicator_is_met_from_below(state, plan, measure, noon):
    hours = Indicator.objects.get(slug="first_response_time")
    plan(state(), standard_indicator=hours, standard_value=1, done_at=noon)
    plan(state(), standard_indicator=hours, standard_value=2, done_at=noon)
    measure("1.5", 40, indicator=hours)

    check_proofs(at=NEW_YEAR)

    assert set(ImprovementAction.objects.values_list("standard_value", "status")) == {
        (1, "failed"),
        (2, "proved"),
    }


@pytest.mark.parametrize(
    ("value", "n", "facts"),
    [
        ("4.5", 40, {"start": NOVEMBER}),  # the month in which it was done holds older cases
        ("4.5", 40, {"kind": "quarter", "start": date(2026, 10, 1)}),
        ("4.5", 9, {}),  # too few cases
        ("3.5", 29, {}),  # bad, but too few cases to say so
        ("4.5", 40, {"start": date(2027, 1, 1)}),  # not over yet
    ],
)
def test_what_proves_nothing_leaves_the_action_waiting(state, plan, measure, noon, value, n, facts):
    plan(state(), done_at=noon)
    measure(value, n, **facts)

    assert check_proofs(at=NEW_YEAR) == 0
    assert ImprovementAction.objects.get().status == "done"


def test_another_teams_figure_proves_nothing(organisation, state, plan, measure, noon):
    plan(state(), done_at=noon)
    measure("4.5", 40, team=organisation.west_1)

    assert check_proofs(at=NEW_YEAR) == 0


def test_a_later_quarter_proves_too(state, plan, measure, noon):
    plan(state(), done_at=noon)
    measure("4.5", 40, kind="quarter", start=date(2027, 1, 1))

    assert check_proofs(at=NEW_YEAR) == 0
    assert check_proofs(at=datetime(2027, 4, 1, 4, 0, tzinfo=UTC)) == 1


def test_a_firm_miss_fails_the_action(state, plan, measure, noon):
    problem = state()
    plan(problem, done_at=noon)
    measure("4.1", 30)

    assert check_proofs(at=NEW_YEAR) == 1
    assert ImprovementAction.objects.get().status == "failed"
    assert closing(problem) == ("open", "")


def test_many_actions_are_looked_up_in_two_queries(
    organisation, state, plan, noon, django_assert_num_queries
):
    for team in (organisation.east, organisation.east_1, organisation.west_1):
        plan(state(team), done_at=noon)

    with django_assert_num_queries(2):
        check_proofs(at=NEW_YEAR)


@pytest.mark.django_db(transaction=True)
def test_two_visits_proving_at_once_prove_each_action_once(verifiable, event, noon):
    problem, _action = verifiable()
    proved, barrier = [], threading.Barrier(2, timeout=60)

    def run():
        barrier.wait()
        proved.append(
            prove_by_visit(
                action_ids=[], service_event_id=event.pk, visit_id=uuid.uuid4(), is_good=True, at=noon
            )
        )
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(proved) == [0, 1]
    assert closing(problem) == ("closed", "proved")
