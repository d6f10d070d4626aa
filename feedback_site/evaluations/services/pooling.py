"""Figures from outside, pooled: quarters from their months, teams from those below.

Cases are pooled; averages are never averaged.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

from feedback_site.accounts.models import Team
from feedback_site.evaluations.enums import PeriodKind
from feedback_site.evaluations.models import Indicator, Measurement
from feedback_site.evaluations.rules import Period, Subject, period_code, period_start
from feedback_site.evaluations.selectors.indicators import indicators_by_hand
from feedback_site.evaluations.services.measurements import Figure, differs, record_measurements, rounded

# The evidence of a figure that was pooled from the teams below.
POOLED_TEAMS = "pooled_teams"
_Key = tuple[int, Subject, date]  # by the indicator's id; first day of the quarter


def pool_quarters(*, subjects: Collection[Subject], day: date, at: datetime) -> int:
    """State the quarter that holds `day` again for these subjects; return how many figures changed.

    It is pooled from the months that were entered.
    """
    quarter = period_start(PeriodKind.QUARTER, day)
    of_quarter = [row for row in pooled_quarters(first_month=quarter) if row.period_start == quarter]
    changed = [row for row in of_quarter if row.subject in subjects]
    record_measurements(figures=changed, at=at)
    return len(changed)


def pooled_quarters(*, first_month: date | None) -> Iterator[Figure]:
    """Yield the quarters that differ from the months entered.

    Looks from the quarter that `first_month` begins on; with None at everything.

    The value is sum(value * n) / sum(n); `evidence` names the months.
    No interval: the months' own do not add up to one. One query.
    """
    rows = Measurement.objects.filter(
        indicator__in=indicators_by_hand(), period_kind__in=[PeriodKind.MONTH, PeriodKind.QUARTER]
    )
    if first_month is not None:
        rows = rows.filter(period_start__gte=first_month)
    months: dict[_Key, list[Measurement]] = {}
    stated: dict[_Key, Measurement] = {}
    for row in rows.select_related("indicator").order_by("period_start"):
        key = (row.indicator_id, row.subject, period_start(PeriodKind.QUARTER, row.period_start))
        if row.period_kind == PeriodKind.MONTH:
            months.setdefault(key, []).append(row)
        else:
            stated[key] = row
    for key, entered in months.items():
        figure, known = _pooled(entered), stated.get(key)
        if known is not None and is_own(known):
            continue
        if known is None or differs(known, figure):
            yield figure


def is_own(row: Measurement) -> bool:
    """Return whether the figure was stated of the team itself, rather than pooled from others."""
    return not {"pooled_from", POOLED_TEAMS} & row.evidence.keys()


def pool_teams(*, indicator: Indicator, period: Period, at: datetime) -> set[Subject]:
    """Pool an indicator's stated figures of a period up the tree, and return the teams whose figures changed.

    A team without a figure of its own has the cases of the teams below it: sum(value *
    n) / sum(n). What was stated of a team stands for its whole subtree and is never
    replaced. Without cases there is no figure, so every figure that is pooled has its n.
    """
    parents = dict(Team.objects.without_tree_fields().values_list("pk", "parent_id"))
    codes = dict(Team.objects.without_tree_fields().values_list("pk", "code"))
    rows = Measurement.objects.of_teams().filter(
        indicator=indicator, period_kind=period.kind, period_start=period.start
    )
    present = {row.team_id: row for row in rows if row.team_id is not None}
    children: dict[int, list[int]] = {}
    for team, parent in parents.items():
        if parent is not None:
            children.setdefault(parent, []).append(team)
    stated = {team: (row.value, row.n) for team, row in present.items() if is_own(row)}
    changed = []
    for team in _from_below(parents):
        if team in stated or (team in present and "pooled_from" in present[team].evidence):
            continue
        below = [child for child in sorted(children.get(team, [])) if stated.get(child, (None, 0))[1]]
        if not below and team not in present:
            continue
        n = sum(stated[child][1] for child in below)
        total = sum(((stated[child][0] or Decimal(0)) * stated[child][1] for child in below), Decimal(0))
        value = rounded(total / n) if n else None
        stated[team] = (value, n)
        evidence = {POOLED_TEAMS: [codes[child] for child in below]}
        about = (Subject.team(team), period.kind, period.start)
        figure = Figure(indicator, *about, value, n, indicator.source, evidence=evidence)
        known = present.get(team)
        if known is None or differs(known, figure):
            changed.append(figure)
    record_measurements(figures=changed, at=at)
    return {figure.subject for figure in changed}


def _from_below(parents: Mapping[int, int | None]) -> list[int]:
    """Return the teams, each after those below it. A circle, should one ever get in, ends the walk."""
    depths: dict[int, int] = {}
    for team in parents:
        line: list[int] = []
        current: int | None = team
        while current is not None and current not in line:
            line.append(current)
            current = parents.get(current)
        depths[team] = len(line)
    return sorted(parents, key=lambda team: (-depths[team], team))


def _pooled(months: list[Measurement]) -> Figure:
    counted = [row for row in months if row.value is not None]
    n = sum(row.n for row in counted)
    total = sum(((row.value or Decimal(0)) * row.n for row in counted), Decimal(0))
    first = months[0]
    return Figure(
        indicator=first.indicator,
        subject=first.subject,
        period_kind=PeriodKind.QUARTER,
        period_start=period_start(PeriodKind.QUARTER, first.period_start),
        value=total / n if n else None,
        n=n,
        source=first.source,
        evidence={"pooled_from": [period_code(row.period_kind, row.period_start) for row in counted]},
    )
