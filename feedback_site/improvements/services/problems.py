"""The life of a problem: opened once by its source, analysed while open, closed by proof.

It may also be closed as no problem after all.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team, User
from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.common.masking import mask_words
from feedback_site.customers.services import names_of
from feedback_site.evaluations.models import Indicator, Measurement
from feedback_site.improvements.enums import ClosingReason, ProblemSource, ProblemStatus, ProblemTheme
from feedback_site.improvements.models import ImprovementAction, Problem
from feedback_site.improvements.rules import is_settled
from feedback_site.improvements.services.words import PROBLEM_WORDS, mask_written
from feedback_site.service_events.models import ServiceEvent

# A loser cannot see a standing problem that was closed in between; the second insert then wins.
_TRIES = 3


@transaction.atomic
def open_problem(
    *,
    team: Team,
    source: str,
    manifestation: str,
    theme: str = ProblemTheme.OTHER,
    source_id: UUID | None = None,
    indicator: Indicator | None = None,
    measurement: Measurement | None = None,
    service_event: ServiceEvent | None = None,
    owner: User | None = None,
    due_at: datetime | None = None,
    at: datetime,
) -> Problem:
    """Open a problem and return it, or the one that stands already.

    That is the one of the same source, or of the same weak indicator of the team: what runs twice or at once
    opens it once.
    """
    problem = Problem(
        team=team,
        source=source,
        source_id=source_id,
        indicator=indicator,
        measurement=measurement,
        service_event=service_event,
        theme=theme,
        manifestation=manifestation,
        owner=owner,
        due_at=due_at,
        opened_at=at,
    )
    names = names_of(service_event.customer) if service_event else []
    problem.manifestation = mask_words(manifestation, names, keeps_hotlines=True)
    for _try in range(_TRIES):
        standing = _insert(problem, manifestation=manifestation, at=at) or _standing(problem)
        if standing is not None:
            return standing
    raise ConflictError(_("The problem changed at the same moment. Please try again."), {"team": team.code})


def _insert(problem: Problem, *, manifestation: str, at: datetime) -> Problem | None:
    """Store the problem and return it, with what was written sealed beside it; None where one stands."""
    Problem.objects.bulk_create([problem], ignore_conflicts=True)
    own = Problem.objects.filter(pk=problem.pk).first()
    if own is not None:
        mask_written(
            kind=PROBLEM_WORDS,
            subject_id=own.pk,
            written={"manifestation": manifestation},
            known={},
            event=problem.service_event,
            at=at,
        )
    return own


def _standing(problem: Problem) -> Problem | None:
    """Return the row that the database kept this one out for."""
    if problem.source_id is not None:
        return Problem.objects.filter(source=problem.source, source_id=problem.source_id).first()
    weak = Problem.objects.open().filter(source=ProblemSource.WEAK_INDICATOR)
    return weak.filter(team_id=problem.team_id, indicator=problem.indicator).first()


@transaction.atomic
def revise_problem(
    *,
    problem: Problem,
    theme: str,
    manifestation: str,
    indicator: Indicator | None,
    root_cause: str,
    direction: str,
    owner: User | None,
    due_at: datetime | None,
    at: datetime,
) -> Problem:
    """Write down the analysis of an open problem. ConflictError once it is closed."""
    known = lock_open_problem(problem.pk)
    written = mask_written(
        kind=PROBLEM_WORDS,
        subject_id=known.pk,
        written={"manifestation": manifestation, "root_cause": root_cause, "direction": direction},
        known={
            "manifestation": known.manifestation,
            "root_cause": known.root_cause,
            "direction": known.direction,
        },
        event=known.service_event,
        at=at,
    )
    changed = (
        Problem.objects.open()
        .filter(pk=problem.pk)
        .update(
            theme=theme,
            indicator=indicator,
            **written,
            owner=owner,
            due_at=due_at,
        )
    )
    if not changed:
        raise _closed(problem.pk)
    return Problem.objects.get(pk=problem.pk)


@transaction.atomic
def close_problem(*, problem: Problem, reason: str, at: datetime) -> Problem:
    """Close an open problem.

    ConflictError if it is closed, DomainError for a proof that its actions do not give.
    """
    locked = lock_open_problem(problem.pk)
    if reason == ClosingReason.PROVED and not is_settled(ImprovementAction.objects.filter(problem=locked)):
        raise DomainError(
            _("A problem is solved only when all its actions are verified."), {"problem": str(locked.pk)}
        )
    _close([locked.pk], reason, at)
    return Problem.objects.get(pk=locked.pk)


def close_settled_problems(*, problem_ids: Collection[UUID], at: datetime) -> int:
    """Close those whose actions prove that they are solved; return how many. The caller holds their locks."""
    actions: dict[UUID, list[ImprovementAction]] = {}
    for action in ImprovementAction.objects.filter(problem_id__in=problem_ids):
        actions.setdefault(action.problem_id, []).append(action)
    return _close(
        [problem_id for problem_id, rows in actions.items() if is_settled(rows)], ClosingReason.PROVED, at
    )


def lock_open_problem(problem_id: UUID) -> Problem:
    """Return the problem, locked until the transaction ends. ConflictError if it is closed."""
    locked = Problem.objects.select_for_update(of=("self",)).select_related("team").get(pk=problem_id)
    if locked.status != ProblemStatus.OPEN:
        raise _closed(problem_id)
    return locked


def _close(problem_ids: Collection[UUID], reason: str, at: datetime) -> int:
    standing = Problem.objects.open().filter(pk__in=problem_ids)
    return standing.update(status=ProblemStatus.CLOSED, closed_at=at, closing_reason=reason)


def _closed(problem_id: UUID) -> ConflictError:
    return ConflictError(_("This problem is closed already."), {"problem": str(problem_id)})
