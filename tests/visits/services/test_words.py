"""Notes of callers, and what is written about problems, are stored masked."""

import io

import pgtrigger
import pytest
from django.core.management import call_command
from django.urls import reverse

from feedback_site.common.sealing import seal
from feedback_site.customers.models import Customer
from feedback_site.customers.services import texts_as_written
from feedback_site.improvements.models import ImprovementAction, Problem
from feedback_site.improvements.services import plan_action, revise_problem
from tests.factories.words import SAID, shown, tables_in_clear
from visits.models import Escalation, VisitAttempt
from visits.services.escalating import close_escalation

pytestmark = pytest.mark.django_db
BY_STAFF = shown(hotline="400-800-8888")


def written(kind, row):
    return texts_as_written(kind=kind, subject_ids=[row.pk]).get(str(row.pk))


@pytest.fixture
def visit(repairs):
    visit = repairs.visit()
    customer = visit.customer
    customer.name_sealed = seal(
        value="王小明", table=Customer._meta.db_table, column="name", row_id=customer.pk
    )
    customer.save()
    return visit


def analyse(problem, **texts):
    facts = {
        name: getattr(problem, name)
        for name in ("theme", "manifestation", "indicator", "root_cause", "direction", "owner", "due_at")
    }
    return revise_problem(problem=problem, **{**facts, **texts}, at=problem.opened_at)


def test_notes_problems_and_actions_are_masked(repairs, visit, staff, noon):
    attempt = repairs.attempt(visit, "not_resolved", note=SAID)
    problem = analyse(Problem.objects.get(), root_cause=SAID)
    action = plan_action(
        problem=problem,
        measure=SAID,
        owner=staff.ellen,
        due_on=problem.due_at.date(),
        proof_kind="visit",
        at=problem.opened_at,
    )
    closed = close_escalation(
        escalation=Escalation.objects.get(), by=staff.quinn, note=SAID, at=problem.opened_at
    )

    assert (attempt.note, closed.closing_note) == (shown(), shown())
    assert (problem.root_cause, ImprovementAction.objects.get().measure) == (BY_STAFF, BY_STAFF)
    assert written("visit_attempt", attempt) == {"note": SAID}
    assert written("escalation", closed) == {"closing_note": SAID}
    assert (written("problem", problem), written("improvement_action", action)) == (
        {"root_cause": SAID},
        {"measure": SAID},
    )
    assert tables_in_clear() == []


def test_saving_a_masked_text_as_it_is_loses_nothing_and_writing_it_anew_forgets_the_old_one(repairs, visit):
    repairs.attempt(visit, "not_resolved")
    problem = analyse(analyse(Problem.objects.get(), root_cause=SAID), direction="more care")
    kept = written("problem", problem)

    analyse(problem, root_cause="one van")

    assert (kept, written("problem", problem)) == ({"root_cause": SAID}, None)


def test_old_notes_problems_and_actions_are_masked_with_their_history(repairs, visit, staff):
    attempt = repairs.attempt(visit, "not_resolved", note="-")
    with pgtrigger.ignore("visits.VisitAttempt:facts_are_only_added"):
        VisitAttempt.objects.update(note=SAID)
    Problem.objects.update(root_cause=SAID)
    problem = Problem.objects.get()
    plan_action(
        problem=problem,
        measure="-",
        owner=staff.ellen,
        due_on=problem.due_at.date(),
        proof_kind="visit",
        at=problem.opened_at,
    )
    ImprovementAction.objects.update(measure=SAID)
    # What it said before it was changed stands in its history.
    ImprovementAction.objects.update(resources="-")

    call_command("mask_words", stdout=io.StringIO())

    assert (VisitAttempt.objects.get().note, Problem.objects.get().root_cause) == (shown(), BY_STAFF)
    assert ImprovementAction.objects.get().measure == BY_STAFF
    assert written("visit_attempt", attempt) == {"note": SAID}
    assert tables_in_clear() == []


def test_a_note_is_opened_for_a_reason(repairs, visit, staff, client):
    attempt = repairs.attempt(visit, "not_resolved", note=SAID)
    client.force_login(staff.root)

    shown_once = client.post(
        reverse("admin:customers_words", args=["visit_attempt", attempt.pk]), {"reason": "case"}
    )

    assert (shown_once.status_code, "138 0000 0104" in shown_once.content.decode()) == (200, True)
