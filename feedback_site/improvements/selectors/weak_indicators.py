"""Figures below their baseline, as the newest records state them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from feedback_site.evaluations.enums import Direction, RecordStatus
from feedback_site.evaluations.models import EvaluationRecord, Measurement, RecordLine
from feedback_site.evaluations.rules.visibility import LEAST_FOR_GRADE
from feedback_site.improvements.enums import ProblemSource
from feedback_site.improvements.models import Problem

# Imported history says what was, not what is wrong now.
_RECENT = timedelta(days=184)
_Key = tuple[int | None, int, str, object]


@dataclass(frozen=True, slots=True)
class WeakFigure:
    """A line of a record that is worse than its indicator's baseline, and the measurement that it states."""

    line: RecordLine
    measurement: Measurement | None


def weak_figures(*, at: datetime) -> list[WeakFigure]:
    """Return the newest gradable figure of each team, indicator and kind of period where it is weak.

    A figure can be graded with enough cases; teams that are closed are left out.

    Left out: drafts, replaced revisions, figures of a team and indicator with an open problem, and
    figures of periods that had begun when such a problem was closed: they hold nothing new. Two queries.
    """
    newest = RecordLine.objects.filter(pk__in=_newest_lines(at).values("pk"))
    worse = Q(indicator__direction=Direction.LOWER, value__gt=F("indicator__baseline")) | Q(
        indicator__direction=Direction.HIGHER, value__lt=F("indicator__baseline")
    )
    known = Problem.objects.filter(
        source=ProblemSource.WEAK_INDICATOR,
        team_id=OuterRef("record__team_id"),
        indicator_id=OuterRef("indicator_id"),
    ).filter(Q(closed_at__isnull=True) | Q(closed_at__date__gt=OuterRef("record__period_start")))
    lines = list(
        newest.filter(worse)
        .filter(~Exists(known))
        .select_related("record__team", "indicator")
        .order_by("record__team_id", "indicator_id", "-record__period_start", "record__period_kind")
    )
    measured = _measurements(lines)
    return [WeakFigure(line, measured.get(_key(line.record, line.indicator_id))) for line in lines]


def _newest_lines(at: datetime) -> QuerySet[RecordLine]:
    replaced = EvaluationRecord.objects.filter(
        scheme_id=OuterRef("record__scheme_id"),
        team_id=OuterRef("record__team_id"),
        subject_kind=OuterRef("record__subject_kind"),
        period_kind=OuterRef("record__period_kind"),
        period_start=OuterRef("record__period_start"),
        revision__gt=OuterRef("record__revision"),
    )
    firm = RecordLine.objects.of_teams().filter(
        value__isnull=False, n__gte=LEAST_FOR_GRADE, record__team__is_active=True
    )
    current = firm.filter(record__period_start__gte=(at - _RECENT).date()).exclude(
        record__status=RecordStatus.DRAFT
    )
    per_figure = ("record__team_id", "indicator_id", "record__period_kind")
    return (
        current.filter(~Exists(replaced))
        .order_by(*per_figure, "-record__period_start", "pk")
        .distinct(*per_figure)
    )


def _measurements(lines: list[RecordLine]) -> dict[_Key, Measurement]:
    found = Measurement.objects.of_teams().filter(
        team_id__in={line.record.team_id for line in lines},
        indicator_id__in={line.indicator_id for line in lines},
        period_start__in={line.record.period_start for line in lines},
    )
    return {_key(row, row.indicator_id): row for row in found}


def _key(row: EvaluationRecord | Measurement, indicator_id: int) -> _Key:
    return row.team_id, indicator_id, row.period_kind, row.period_start
