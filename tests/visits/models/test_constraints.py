"""Every rule that the database holds is broken once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from tests.conftest import NOON
from visits.models import Escalation, ReturnVisit, VisitAttempt, VisitPlan, VisitSource

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(repairs) -> ReturnVisit:
    return repairs.visit()


@pytest.fixture
def escalation(repairs, visit) -> Escalation:
    """Open, of a visit that tried twice."""
    repairs.attempt(visit, "no_answer")
    repairs.attempt(visit, "not_resolved")
    return Escalation.objects.get()


def breaks(name):
    return pytest.raises(IntegrityError, match=name)


def update(model, **changes):
    with transaction.atomic():
        model.objects.update(**changes)


def copy(row, **changes):
    row.pk = None if isinstance(row.pk, int) else uuid4()
    row._state.adding = True
    for name, value in changes.items():
        setattr(row, name, value)
    with transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"trigger": "whim"}, "visitplan_has_a_known_trigger"),
        ({"mode": "letter"}, "visitplan_has_a_known_mode"),
        ({"max_attempts": 0}, "visitplan_tries_up_to_three_times"),
        ({"max_attempts": 4}, "visitplan_tries_up_to_three_times"),
        ({"window_hours": 0}, "visitplan_windows_are_positive"),
        ({"retry_hours": 0}, "visitplan_windows_are_positive"),
        ({"trigger": "low_score"}, "visitplan_is_active_once_per_trigger_and_team"),
    ],
)
def test_plans(repairs, changes, name):
    with breaks(name):
        update(VisitPlan, **changes)


def test_plans_are_told_apart_by_their_slug(repairs):
    with breaks("slug"):
        repairs.plan("low_score", is_active=False)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"trigger": "whim"}, "returnvisit_has_a_known_trigger"),
        ({"mode": "letter"}, "returnvisit_has_a_known_mode"),
        ({"status": "closed"}, "returnvisit_is_open_or_closed_with_an_outcome"),
        ({"outcome": "refused"}, "returnvisit_is_open_or_closed_with_an_outcome"),
        ({"next_attempt_at": None}, "returnvisit_is_open_or_closed_with_an_outcome"),
        ({"attempts_made": 4}, "returnvisit_tries_no_more_than_allowed"),
        ({"max_attempts": 4}, "returnvisit_tries_no_more_than_allowed"),
    ],
)
def test_visits(visit, changes, name):
    with breaks(name):
        update(ReturnVisit, **changes)


def test_a_visit_is_held_until_some_time(visit, staff):
    with breaks("returnvisit_is_held_until_some_time"):
        update(ReturnVisit, held_by=staff.ellen)


def test_a_visit_is_due_after_it_may_start(visit):
    with breaks("returnvisit_is_due_after_it_may_start"):
        update(ReturnVisit, due_at=visit.due_from - timedelta(seconds=1))


def test_a_case_has_one_open_visit(visit):
    with breaks("returnvisit_is_open_once_per_case"):
        copy(visit)


def test_a_script_belongs_to_one_visit(repairs, escalation):
    visit = escalation.visit

    with breaks("invitation_id"):
        copy(visit, case_id=uuid4())


def test_a_source_asks_once(visit):
    with breaks("visitsource_asks_once"):
        copy(VisitSource.objects.get())


def test_a_source_has_a_known_kind(visit):
    with breaks("visitsource_has_a_known_kind"):
        update(VisitSource, kind="whim")


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"number": 1}, "visitattempt_number_is_used_once"),
        ({"number": 4}, "visitattempt_is_one_of_three"),
        ({"number": 0}, "visitattempt_is_one_of_three"),
        ({"number": 3, "outcome": "shrug"}, "visitattempt_has_a_known_outcome"),
    ],
)
def test_attempts(escalation, changes, name):
    with breaks(name):
        copy(VisitAttempt.objects.get(number=1), **changes)


def test_attempts_are_only_added(escalation):
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        VisitAttempt.objects.update(note="nicer")
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        VisitAttempt.objects.all()._raw_delete("default")


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"status": "lost", "closed_at": NOON}, "escalation_has_a_known_status"),
        ({"status": "closed"}, "escalation_closed_states_when"),
        ({"status": "verified"}, "escalation_closed_states_when"),
    ],
)
def test_escalations(escalation, changes, name):
    with breaks(name):
        update(Escalation, **changes)


def test_an_open_escalation_has_no_end(escalation):
    with breaks("escalation_closed_states_when"):
        update(Escalation, closed_at=escalation.opened_at)


def test_a_case_has_one_open_escalation(repairs, escalation):
    other = repairs.visit()

    with breaks("escalation_is_open_once_per_case"):
        copy(escalation, visit=other, problem=None)


def test_a_visit_is_escalated_once_and_a_problem_belongs_to_one_escalation(repairs, escalation):
    with breaks("visit_id"):
        copy(escalation, case_id=uuid4(), problem=None)

    with breaks("problem_id"):
        copy(Escalation.objects.get(), case_id=uuid4(), visit=repairs.visit())
