"""Weak indicators become problems."""

from datetime import datetime
from typing import cast

from feedback_site.accounts.models import Team
from feedback_site.evaluations.rules import period_code
from feedback_site.improvements.enums import ProblemSource
from feedback_site.improvements.selectors import WeakFigure, weak_figures
from feedback_site.improvements.services.problems import open_problem


def open_problems_of_weak_indicators(*, at: datetime) -> int:
    """Open a problem for every figure worse than its baseline; return how many were opened.

    A team and indicator has one open problem.

    Months and quarters both count: a small team has enough cases for a grade only by the quarter.
    """
    opened = 0
    for figure in weak_figures(at=at):
        problem = open_problem(
            team=cast("Team", figure.line.record.team),  # the figures found are those of teams
            source=ProblemSource.WEAK_INDICATOR,
            indicator=figure.line.indicator,
            measurement=figure.measurement,
            manifestation=_manifestation(figure),
            at=at,
        )
        opened += problem.opened_at == at and problem.measurement_id == (
            figure.measurement and figure.measurement.pk
        )
    return opened


def _manifestation(weak: WeakFigure) -> str:
    """Return the figures as they stood, in signs that need no language.

    The page names the indicator in the reader's language.
    """
    line = weak.line
    period = period_code(line.record.period_kind, line.record.period_start)
    sign = ">" if line.indicator.direction == "lower" else "<"
    return f"{period}: {line.value:.2f} {sign} {line.indicator.baseline.normalize():f} (n = {line.n})"
