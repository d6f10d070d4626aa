"""The measurements that may prove an action."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import QuerySet

from feedback_site.evaluations.models import Measurement
from feedback_site.evaluations.rules import period_end
from feedback_site.improvements.models import ImprovementAction


def later_figures(
    *, actions: QuerySet[ImprovementAction], at: datetime
) -> Iterator[tuple[ImprovementAction, list[Measurement]]]:
    """Yield each action with its standard's measurements of later periods, oldest first.

    These periods began after the action was done, and are over.

    Days are those of the problem's team. Two queries.
    """
    rows = list(
        actions.filter(done_at__isnull=False)
        .select_related("problem__team", "standard_indicator")
        .order_by("pk")
    )
    if not rows:
        return
    measured: dict[tuple[int | None, int | None], list[Measurement]] = {}
    for figure in Measurement.objects.of_teams().filter(
        team_id__in={action.problem.team_id for action in rows},
        indicator_id__in={action.standard_indicator_id for action in rows},
        period_start__gt=min(_done_on(action) for action in rows),
    ):
        measured.setdefault((figure.team_id, figure.indicator_id), []).append(figure)
    for action in rows:
        figures = measured.get((action.problem.team_id, action.standard_indicator_id), [])
        today = at.astimezone(action.problem.team.zone).date()
        over = [row for row in figures if _end(row) <= today]
        later = [row for row in over if row.period_start > _done_on(action)]
        yield action, sorted(later, key=lambda row: (_end(row), row.period_start))


def _done_on(action: ImprovementAction) -> date:
    return (action.done_at or action.created_at).astimezone(action.problem.team.zone).date()


def _end(figure: Measurement) -> date:
    return period_end(figure.period_kind, figure.period_start)
