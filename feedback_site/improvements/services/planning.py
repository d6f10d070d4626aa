"""Actions against a problem: planned with an owner, a due date and what will prove them, then done."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.common.doorbell import ring
from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.common.task_table import PLAN_VISITS, REVIEW_IMPROVEMENTS
from feedback_site.evaluations.models import Indicator
from feedback_site.evaluations.rules import limits_of
from feedback_site.improvements.enums import ActionStatus, ProofKind
from feedback_site.improvements.models import ImprovementAction, Problem
from feedback_site.improvements.services.problems import lock_open_problem
from feedback_site.improvements.services.words import ACTION_WORDS, mask_written

# What looks for the proof of a finished action; both also tick by themselves.
_LOOKING = {ProofKind.VISIT.value: PLAN_VISITS, ProofKind.MEASUREMENT.value: REVIEW_IMPROVEMENTS}


@dataclass(frozen=True, slots=True)
class _Standard:
    """What proves an action; the value is in the indicator's unit."""

    proof_kind: str
    indicator: Indicator | None
    value: Decimal | None


def check_action(
    *,
    problem: Problem,
    proof_kind: str,
    standard_indicator: Indicator | None,
    standard_value: Decimal | None,
    due_on: date,
    known_due_on: date | None = None,
    at: datetime,
) -> None:
    """Refuse an action that no visit or figure could prove, or that is due in the past.

    A past date stays allowed where `known_due_on` said it before. Raises DomainError.
    """
    if due_on != known_due_on and due_on < at.astimezone(problem.team.zone).date():
        raise DomainError(_("The due date must not lie in the past."), {"field": "due_on"})
    if proof_kind == ProofKind.VISIT:
        _check_visit(problem, standard_indicator, standard_value)
    else:
        _check_standard(standard_indicator, standard_value)


def _check_visit(problem: Problem, indicator: Indicator | None, value: Decimal | None) -> None:
    if problem.service_event_id is None:
        raise DomainError(
            _(
                "This problem is not about one service event, so no customer can be visited: choose a later "
                "measurement."
            ),
            {"field": "proof_kind"},
        )
    if indicator is not None or value is not None:
        raise DomainError(
            _("A return visit needs no indicator and no target: leave both empty."),
            {"field": "standard_value"},
        )


def _check_standard(indicator: Indicator | None, value: Decimal | None) -> None:
    if indicator is None or value is None:
        missing = "standard_indicator" if indicator is None else "standard_value"
        raise DomainError(_("A later measurement needs an indicator and a target."), {"field": missing})
    least, most = limits_of(indicator.unit)
    if not least <= value <= most:
        raise DomainError(
            _("The value must lie between %(least)s and %(most)s.") % {"least": least, "most": most},
            {"field": "standard_value"},
        )


@transaction.atomic
def plan_action(
    *,
    problem: Problem,
    measure: str,
    owner: User,
    due_on: date,
    proof_kind: str,
    standard_indicator: Indicator | None = None,
    standard_value: Decimal | None = None,
    resources: str = "",
    at: datetime,
) -> ImprovementAction:
    """Plan an action against an open problem.

    ConflictError if it is closed, DomainError where no visit or figure could prove the action.
    """
    locked = lock_open_problem(problem.pk)
    standard = _Standard(proof_kind, standard_indicator, standard_value)
    _check(locked, standard, due_on, None, at)
    action = ImprovementAction(
        problem=locked,
        owner=owner,
        due_on=due_on,
        proof_kind=proof_kind,
        standard_indicator=standard_indicator,
        standard_value=standard_value,
        created_at=at,
    )
    texts = {"measure": measure, "resources": resources}
    written = mask_written(
        kind=ACTION_WORDS, subject_id=action.pk, written=texts, known={}, event=locked.service_event, at=at
    )
    action.measure, action.resources = written["measure"], written["resources"]
    action.save(force_insert=True)
    return action


@transaction.atomic
def revise_action(
    *,
    action: ImprovementAction,
    measure: str,
    owner: User,
    due_on: date,
    proof_kind: str,
    standard_indicator: Indicator | None = None,
    standard_value: Decimal | None = None,
    resources: str = "",
    at: datetime,
) -> ImprovementAction:
    """Change a planned action.

    ConflictError once it is done or its problem closed: a standard is not bent afterwards.
    """
    problem = lock_open_problem(action.problem_id)
    known = ImprovementAction.objects.get(pk=action.pk)
    _check(problem, _Standard(proof_kind, standard_indicator, standard_value), due_on, known.due_on, at)
    texts, before = (
        {"measure": measure, "resources": resources},
        {"measure": known.measure, "resources": known.resources},
    )
    written = mask_written(
        kind=ACTION_WORDS,
        subject_id=known.pk,
        written=texts,
        known=before,
        event=problem.service_event,
        at=at,
    )
    changed = ImprovementAction.objects.filter(pk=action.pk, status=ActionStatus.PLANNED).update(
        **written,
        owner=owner,
        due_on=due_on,
        proof_kind=proof_kind,
        standard_indicator=standard_indicator,
        standard_value=standard_value,
    )
    if not changed:
        raise _not_planned(action)
    return ImprovementAction.objects.get(pk=action.pk)


@transaction.atomic
def finish_action(*, action: ImprovementAction, at: datetime) -> ImprovementAction:
    """State that a planned action was carried out; its proof is now looked for.

    ConflictError to the second of two callers.
    """
    lock_open_problem(action.problem_id)
    planned = ImprovementAction.objects.filter(pk=action.pk, status=ActionStatus.PLANNED)
    if not planned.update(status=ActionStatus.DONE, done_at=at):
        raise _not_planned(action)
    ring(_LOOKING[action.proof_kind])
    return ImprovementAction.objects.get(pk=action.pk)


def _check(
    problem: Problem, standard: _Standard, due_on: date, known_due_on: date | None, at: datetime
) -> None:
    check_action(
        problem=problem,
        proof_kind=standard.proof_kind,
        standard_indicator=standard.indicator,
        standard_value=standard.value,
        due_on=due_on,
        known_due_on=known_due_on,
        at=at,
    )


def _not_planned(action: ImprovementAction) -> ConflictError:
    return ConflictError(_("This action is done already."), {"action": str(action.pk)})
