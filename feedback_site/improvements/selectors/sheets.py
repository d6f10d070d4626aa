"""A problem as people read it: its figure, its actions with their proof, and who changed what."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from feedback_site.accounts.models import Principal
from feedback_site.evaluations.models import Indicator, Measurement
from feedback_site.evaluations.rules import Visibility, visibility_of
from feedback_site.improvements.enums import ActionStatus, ProblemStatus
from feedback_site.improvements.models import ImprovementAction, Problem
from feedback_site.improvements.selectors.history import HistoryItem, history_of
from feedback_site.service_events.models import ServiceEvent

_SHOWN = {Visibility.GREYED, Visibility.FULL}


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A measurement as far as its cases allow to show it: `value` and `n` are None where they do not."""

    indicator: Indicator
    value: Decimal | None
    n: int | None
    kind: str
    start: date


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action, whether it is late, and the measurement that proved it."""

    action: ImprovementAction
    is_overdue: bool
    proof: ShownFigure | None

    @property
    def is_planned(self) -> bool:
        """Whether it may still be marked as done."""
        return self.action.status == ActionStatus.PLANNED


@dataclass(frozen=True, slots=True)
class ProblemSheet:
    """A problem with what its page shows. `event` is None where the reader may not see it."""

    problem: Problem
    is_overdue: bool
    figure: ShownFigure | None
    event: ServiceEvent | None
    actions: list[ActionRow]
    history: list[HistoryItem]

    @property
    def is_open(self) -> bool:
        """Whether it may be worked on."""
        return self.problem.status == ProblemStatus.OPEN


def problem_sheet(*, problem: Problem, user: Principal, at: datetime) -> ProblemSheet:
    """Return the sheet of a problem; six queries beside its own."""
    actions = ImprovementAction.objects.filter(problem=problem).select_related(
        "owner", "standard_indicator", "proof_measurement__indicator"
    )
    today = at.astimezone(problem.team.zone).date()
    return ProblemSheet(
        problem=problem,
        is_overdue=problem.status == ProblemStatus.OPEN
        and problem.due_at is not None
        and problem.due_at < at,
        figure=shown_figure(problem.measurement),
        event=ServiceEvent.objects.for_user(user).filter(pk=problem.service_event_id).first()
        if problem.service_event_id
        else None,
        actions=list(_rows(actions.order_by("created_at", "pk"), today)),
        history=history_of(problem=problem),
    )


def shown_figure(measurement: Measurement | None) -> ShownFigure | None:
    """Return a measurement as its cases allow to show it; None without one."""
    if measurement is None:
        return None
    visibility = visibility_of(measurement.n)
    return ShownFigure(
        indicator=measurement.indicator,
        value=measurement.value if visibility in _SHOWN else None,
        n=None if visibility is Visibility.NOTHING else measurement.n,
        kind=measurement.period_kind,
        start=measurement.period_start,
    )


def _rows(actions: Iterable[ImprovementAction], today: date) -> Iterator[ActionRow]:
    for action in actions:
        is_overdue = action.status == ActionStatus.PLANNED and action.due_on < today
        yield ActionRow(action=action, is_overdue=is_overdue, proof=shown_figure(action.proof_measurement))
