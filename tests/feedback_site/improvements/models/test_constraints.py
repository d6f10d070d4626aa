"""Every rule that the database states of problems and actions, violated once."""

import uuid
from datetime import date

import pytest
from django.db import IntegrityError, connection

from feedback_site.improvements.models import ImprovementAction, Problem

pytestmark = pytest.mark.django_db


def violates(name):
    return pytest.raises(IntegrityError, match=name)


def problem(organisation, noon, **facts):
    return Problem.objects.create(
        **{"team": organisation.east_1, "manifestation": "Drips", "opened_at": noon, **facts}
    )


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"source": "rumour"}, "problem_has_a_known_source"),
        ({"theme": "weather"}, "problem_has_a_known_theme"),
        ({"status": "closed"}, "problem_closed_states_when_and_why"),
        ({"status": "forgotten"}, "problem_closed_states_when_and_why"),
        ({"closing_reason": "proved"}, "problem_closed_states_when_and_why"),
    ],
)
def test_a_problem_is_what_its_columns_allow(organisation, noon, facts, name):
    with violates(name):
        problem(organisation, noon, **facts)


def test_a_closed_problem_says_why(organisation, noon):
    with violates("problem_closed_states_when_and_why"):
        problem(organisation, noon, status="closed", closed_at=noon, closing_reason="tired")


def test_a_source_opens_one_problem(organisation, noon):
    source = {"source": "escalation", "source_id": uuid.uuid4()}
    problem(organisation, noon, **source)

    with violates("problem_is_opened_once_by_its_source"):
        problem(organisation, noon, **source)


def test_a_weak_indicator_of_a_team_has_one_open_problem(organisation, satisfaction, noon):
    weak = {"source": "weak_indicator", "indicator": satisfaction}
    problem(organisation, noon, **weak, status="closed", closed_at=noon, closing_reason="withdrawn")
    problem(organisation, noon, **weak)

    with violates("problem_of_a_weak_indicator_is_open_once"):
        problem(organisation, noon, **weak)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"proof_kind": "promise"}, "improvementaction_has_a_known_proof_kind"),
        ({"status": "hoped", "done": True}, "improvementaction_has_a_known_status"),
        ({"standard_value": 4}, "improvementaction_standard_fits_its_proof"),
        ({"proof_kind": "measurement"}, "improvementaction_standard_fits_its_proof"),
        ({"status": "done"}, "improvementaction_done_states_when"),
        ({"done": True}, "improvementaction_done_states_when"),
        ({"status": "proved", "done": True}, "improvementaction_proved_has_its_proof"),
        (
            {"status": "done", "done": True, "proof_visit_id": uuid.uuid4()},
            "improvementaction_proved_has_its_proof",
        ),
        ({"status": "failed", "done": True, "proved": True}, "improvementaction_proved_has_its_proof"),
    ],
)
def test_an_action_is_what_its_columns_allow(organisation, staff, noon, facts, name):
    times = {
        column: noon for word, column in (("done", "done_at"), ("proved", "proved_at")) if facts.get(word)
    }
    columns = {key: value for key, value in facts.items() if key not in {"done", "proved"}}
    against = problem(organisation, noon)

    with violates(name):
        ImprovementAction.objects.create(
            **{
                "problem": against,
                "measure": "Call ahead",
                "owner": staff.ellen,
                "due_on": date(2026, 12, 1),
                "proof_kind": "visit",
                "created_at": noon,
                **times,
                **columns,
            }
        )


def test_these_are_all_the_rules_there_are():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_constraint WHERE contype = 'c' AND conrelid IN "
            "('improvements_problem'::regclass, 'improvements_improvementaction'::regclass)"
        )
        (checks,) = cursor.fetchone()

    assert checks == 8
