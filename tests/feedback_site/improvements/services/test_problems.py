"""Opening, analysing and closing problems."""

import threading
import uuid

import pytest
from django.db import connection

from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.improvements.enums import ClosingReason, ProblemSource, ProblemStatus
from feedback_site.improvements.models import Problem
from feedback_site.improvements.services import close_problem, open_problem, revise_problem

pytestmark = pytest.mark.django_db


def test_an_escalation_opens_one_problem_however_often_it_says_so(organisation, event, staff, noon):
    facts = {
        "team": organisation.east_1,
        "source": ProblemSource.ESCALATION,
        "source_id": uuid.uuid4(),
        "service_event": event,
    }

    first = open_problem(**facts, manifestation="Still drips", owner=staff.ada, due_at=noon, at=noon)
    again = open_problem(**facts, manifestation="Said once more", at=noon)

    assert first.pk == again.pk
    assert (again.manifestation, again.owner, again.due_at, again.service_event) == (
        "Still drips",
        staff.ada,
        noon,
        event,
    )
    assert Problem.objects.count() == 1


def test_an_escalations_problem_stays_the_one_after_it_was_closed(organisation, noon):
    facts = {
        "team": organisation.east_1,
        "source": ProblemSource.ESCALATION,
        "source_id": uuid.uuid4(),
        "manifestation": "Drips",
    }
    closed = close_problem(problem=open_problem(**facts, at=noon), reason=ClosingReason.WITHDRAWN, at=noon)

    assert open_problem(**facts, at=noon).pk == closed.pk


def test_a_weak_indicator_opens_anew_once_its_problem_is_closed(organisation, satisfaction, noon):
    facts = {
        "team": organisation.east_1,
        "source": ProblemSource.WEAK_INDICATOR,
        "indicator": satisfaction,
        "manifestation": "3.5 < 4",
    }
    first = open_problem(**facts, at=noon)
    same = open_problem(**facts, at=noon)
    close_problem(problem=first, reason=ClosingReason.WITHDRAWN, at=noon)

    again = open_problem(**facts, at=noon)

    assert (same.pk == first.pk, again.pk == first.pk) == (True, False)


def test_what_staff_state_is_a_problem_each_time(state):
    assert state().pk != state().pk


def test_what_is_analysed_is_kept_until_the_problem_is_closed(state, satisfaction, staff, noon):
    problem = state()
    analysis = {
        "theme": "efficiency",
        "manifestation": "Late",
        "indicator": satisfaction,
        "root_cause": "One van",
        "direction": "Two vans",
        "owner": staff.ellen,
        "due_at": noon,
    }

    revised = revise_problem(problem=problem, **analysis, at=noon)
    close_problem(problem=problem, reason=ClosingReason.WITHDRAWN, at=noon)

    assert {name: getattr(revised, name) for name in analysis} == analysis
    with pytest.raises(ConflictError, match="closed already"):
        revise_problem(problem=problem, **analysis, at=noon)


def test_the_second_of_two_who_close_is_told(state, noon):
    problem = state()

    closed = close_problem(problem=problem, reason=ClosingReason.WITHDRAWN, at=noon)

    assert (closed.status, closed.closed_at, closed.closing_reason) == ("closed", noon, "withdrawn")
    with pytest.raises(ConflictError, match="closed already"):
        close_problem(problem=problem, reason=ClosingReason.WITHDRAWN, at=noon)


def test_staff_cannot_state_a_proof_that_is_not_there(state, plan, noon):
    problem = state()
    plan(problem, done_at=noon)

    with pytest.raises(DomainError, match="only when all its actions are verified"):
        close_problem(problem=problem, reason=ClosingReason.PROVED, at=noon)
    assert Problem.objects.get().status == ProblemStatus.OPEN


@pytest.mark.django_db(transaction=True)
def test_two_who_open_at_once_open_one_problem(organisation, satisfaction, noon):
    opened, barrier = [], threading.Barrier(2, timeout=60)

    def run():
        barrier.wait()
        problem = open_problem(
            team=organisation.east_1,
            source=ProblemSource.WEAK_INDICATOR,
            indicator=satisfaction,
            manifestation="3.5 < 4",
            at=noon,
        )
        opened.append(problem.pk)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert opened == [Problem.objects.get().pk] * 2
