"""Planning actions and marking them as done."""

from datetime import date
from decimal import Decimal

import pytest

from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.improvements.enums import ActionStatus, ClosingReason, ProofKind
from feedback_site.improvements.models import ImprovementAction
from feedback_site.improvements.selectors import actions_to_verify
from feedback_site.improvements.services import close_problem, finish_action, revise_action

pytestmark = pytest.mark.django_db


def test_an_action_is_planned_with_its_owner_date_and_standard(state, plan, staff, satisfaction, noon):
    action = plan(state(), resources="One more van")

    assert (action.status, action.created_at, action.owner, action.due_on) == (
        "planned",
        noon,
        staff.ellen,
        date(2026, 11, 30),
    )
    assert (action.standard_indicator, action.standard_value, action.resources) == (
        satisfaction,
        Decimal("4.2"),
        "One more van",
    )


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        (
            {"standard_indicator": None},
            "standard_indicator",
            "A later measurement needs an indicator and a target.",
        ),
        ({"standard_value": None}, "standard_value", "A later measurement needs an indicator and a target."),
        ({"standard_value": Decimal(88)}, "standard_value", "The value must lie between 1 and 5."),
        ({"due_on": date(2026, 11, 19)}, "due_on", "The due date must not lie in the past."),
        (
            {"proof_kind": ProofKind.VISIT},
            "proof_kind",
            (
                "This problem is not about one service event, so no customer can be visited: choose a later "
                "measurement."
            ),
        ),
    ],
)
def test_what_nothing_could_prove_is_refused(state, plan, facts, field, sentence):
    problem = state()

    with pytest.raises(DomainError) as refused:
        plan(problem, **facts)

    assert (str(refused.value.message), refused.value.extra) == (sentence, {"field": field})
    assert not ImprovementAction.objects.exists()


def test_a_visit_has_no_figure_to_reach(state, plan, event, satisfaction):
    with pytest.raises(DomainError, match="leave both empty"):
        plan(state(service_event=event), proof_kind=ProofKind.VISIT, standard_indicator=satisfaction)


def test_today_is_not_the_past_in_the_teams_zone(organisation, state, plan, noon):
    organisation.east_1.time_zone = "Pacific/Honolulu"  # where it is still the 19th
    organisation.east_1.save()

    assert plan(state(), due_on=date(2026, 11, 19)).due_on == date(2026, 11, 19)


def test_nothing_is_planned_against_a_closed_problem(state, plan, noon):
    problem = state()
    close_problem(problem=problem, reason=ClosingReason.WITHDRAWN, at=noon)

    with pytest.raises(ConflictError, match="closed already"):
        plan(problem)


def revise(action, noon, **facts):
    plan = {
        name: getattr(action, name)
        for name in ("measure", "owner", "due_on", "proof_kind", "standard_indicator", "standard_value")
    }
    return revise_action(action=action, **{**plan, **facts}, at=noon)


def test_a_plan_is_changed_until_it_is_done(state, plan, noon):
    action = plan(state())

    changed = revise(action, noon, measure="Call an hour ahead", standard_value=Decimal("4.4"))
    finish_action(action=action, at=noon)

    assert (changed.measure, changed.standard_value) == ("Call an hour ahead", Decimal("4.4"))
    with pytest.raises(ConflictError, match="done already"):
        revise(action, noon, standard_value=Decimal(1))
    assert ImprovementAction.objects.get().standard_value == Decimal("4.4")


def test_an_overdue_plan_may_keep_its_date_but_not_take_another_past_one(state, plan, noon):
    action = plan(state())
    ImprovementAction.objects.update(due_on=date(2026, 11, 2))
    action.refresh_from_db()

    assert revise(action, noon, measure="Call two hours ahead").due_on == date(2026, 11, 2)
    with pytest.raises(DomainError, match="must not lie in the past"):
        revise(action, noon, due_on=date(2026, 11, 3))


def test_the_second_of_two_who_finish_is_told(state, plan, noon):
    action = plan(state())

    done = finish_action(action=action, at=noon)

    assert (done.status, done.done_at) == (ActionStatus.DONE, noon)
    with pytest.raises(ConflictError, match="done already"):
        finish_action(action=action, at=noon)


def test_the_actions_of_a_withdrawn_problem_end_with_it(state, plan, event, noon):
    problem = state(service_event=event)
    action = plan(problem)
    plan(problem, proof_kind=ProofKind.VISIT, done_at=noon)
    assert actions_to_verify().count() == 1

    close_problem(problem=problem, reason=ClosingReason.WITHDRAWN, at=noon)

    with pytest.raises(ConflictError, match="closed already"):
        finish_action(action=action, at=noon)
    assert not actions_to_verify().exists()


def test_only_finished_actions_about_an_event_wait_for_a_visit(state, plan, event, noon):
    problem = state(service_event=event)
    plan(problem, proof_kind=ProofKind.VISIT)
    plan(problem, done_at=noon)
    waiting = plan(problem, proof_kind=ProofKind.VISIT, done_at=noon)

    assert list(actions_to_verify()) == [waiting]
