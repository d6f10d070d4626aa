"""Proof of what was done: a return visit finds the repair good, or a later figure is good enough."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from feedback_site.evaluations.models import Measurement
from feedback_site.improvements.enums import ActionStatus
from feedback_site.improvements.models import ImprovementAction, Problem
from feedback_site.improvements.rules import Verdict, verdict_of
from feedback_site.improvements.selectors import actions_to_verify, actions_waiting_for_figures
from feedback_site.improvements.selectors.later_figures import later_figures
from feedback_site.improvements.services.problems import close_settled_problems


@transaction.atomic
def prove_by_visit(
    *,
    action_ids: Collection[UUID],
    service_event_id: UUID | None,
    visit_id: UUID,
    is_good: bool,
    at: datetime,
) -> int:
    """Prove, or fail, the finished actions that a visit was about; return how many.

    Problems whose actions are all proved are closed.

    A visit is about `action_ids` and about every action of problems
    with its service event. Stating it again changes nothing.
    """
    concerned = Q(pk__in=action_ids)
    if service_event_id is not None:
        concerned |= Q(problem__service_event_id=service_event_id)
    waiting = actions_to_verify().filter(concerned, done_at__lte=at)
    problem_ids = _locked({action.problem_id for action in waiting})
    found = ImprovementAction.objects.filter(pk__in=waiting.filter(problem_id__in=problem_ids).values("pk"))
    if not is_good:
        return found.update(status=ActionStatus.FAILED)
    proved = found.update(status=ActionStatus.PROVED, proved_at=at, proof_visit_id=visit_id)
    close_settled_problems(problem_ids=problem_ids, at=at)
    return proved


def check_proofs(*, at: datetime) -> int:
    """Prove, or fail, finished actions by the measurements of later periods; return how many.

    Later periods begin after the day the action was done and are over,
    so that neither old cases nor a first good week prove anything.
    """
    return sum(
        _judge(action, figures, at)
        for action, figures in later_figures(actions=actions_waiting_for_figures(), at=at)
    )


def _judge(action: ImprovementAction, figures: list[Measurement], at: datetime) -> int:
    if action.standard_indicator is None or action.standard_value is None:
        return 0
    judgement = verdict_of(
        figures, standard=action.standard_value, direction=action.standard_indicator.direction
    )
    if judgement.verdict is Verdict.PENDING or judgement.position is None:
        return 0
    with transaction.atomic():
        problem_ids = _locked({action.problem_id})
        found = ImprovementAction.objects.filter(
            pk__in=actions_waiting_for_figures().filter(pk=action.pk).values("pk")
        )
        if judgement.verdict is Verdict.FAILED:
            return found.update(status=ActionStatus.FAILED)
        proof = figures[judgement.position]
        proved = found.update(status=ActionStatus.PROVED, proved_at=at, proof_measurement=proof)
        close_settled_problems(problem_ids=problem_ids, at=at)
    return proved


def _locked(problem_ids: Collection[UUID]) -> list[UUID]:
    """Lock these problems in one order for all writers and return their ids."""
    rows = Problem.objects.open().select_for_update().filter(pk__in=problem_ids).order_by("pk")
    return [problem.pk for problem in rows]
