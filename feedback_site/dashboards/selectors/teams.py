"""The teams side by side: this month's record, satisfaction and response rate."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from feedback_site.accounts.models import Team, User
from feedback_site.dashboards.selectors.shown import ShownShare, shown_share
from feedback_site.dashboards.selectors.today import day_of, surveyed
from feedback_site.evaluations.enums import PeriodKind
from feedback_site.evaluations.models import EvaluationRecord, Measurement
from feedback_site.evaluations.rules import Visibility, visibility_of
from feedback_site.evaluations.rules.after_sales import SCHEME
from feedback_site.evaluations.selectors.records import latest_records

_SATISFACTION = "customer_satisfaction"
_MOST_TEAMS = 60


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team's month; satisfaction and response rate pool the cases of its subtree. `depth` counts from the reader's own level."""

    team: Team
    depth: int
    record: EvaluationRecord | None
    satisfaction: Measurement | None
    satisfaction_visibility: Visibility
    response_rate: ShownShare


def team_rows(*, user: User, at: datetime) -> list[TeamRow]:
    """Return the reader's active teams in the order of the tree."""
    month = day_of(at)[0].replace(day=1)
    visible = list(Team.objects.for_user(user).without_tree_fields().order_by("pk"))
    teams = [(team, depth) for team, depth in in_tree_order(visible) if team.is_active][:_MOST_TEAMS]
    ids = [team.pk for team, _depth in teams]
    records = latest_records(team_ids=ids, scheme_slug=SCHEME["slug"], period_start=month)
    measured = Measurement.objects.filter(team_id__in=ids, indicator__slug=_SATISFACTION, period_kind=PeriodKind.MONTH, period_start=month)
    satisfied = {row.team_id: row for row in measured}
    rates = _response_rates(user, month, visible)
    return [
        TeamRow(
            team=team,
            depth=depth,
            record=records.get(team.pk),
            satisfaction=satisfied.get(team.pk),
            satisfaction_visibility=visibility_of(satisfied[team.pk].n if team.pk in satisfied else 0),
            response_rate=shown_share(*rates.get(team.pk, (0, 0))),
        )
        for team, depth in teams
    ]


def in_tree_order(visible: list[Team]) -> list[tuple[Team, int]]:
    """Return each team before the teams below it, with its depth below the reader's own."""
    known = {team.pk for team in visible}
    children: dict[int | None, list[Team]] = {}
    for team in visible:
        children.setdefault(team.parent_id if team.parent_id in known else None, []).append(team)
    ordered: list[tuple[Team, int]] = []
    waiting = [(team, 0) for team in reversed(children.get(None, []))]
    while waiting:
        team, depth = waiting.pop()
        ordered.append((team, depth))
        waiting += [(child, depth + 1) for child in reversed(children.get(team.pk, []))]
    return ordered


def _response_rates(user: User, month: date, visible: list[Team]) -> dict[int, tuple[int, int]]:
    """Return (answered, invited) of the month per team, each pooling its subtree."""
    counted = surveyed(user, first=month).values_list("credited_team").annotate(answered=Count("answered_at"), invited=Count("pk"))
    parents: dict[int, int | None] = {team.pk: team.parent_id for team in visible}
    pooled: dict[int, tuple[int, int]] = {}
    for credited, answered, invited in counted:
        team: int | None = credited
        while team is not None:
            before = pooled.get(team, (0, 0))
            pooled[team] = (before[0] + answered, before[1] + invited)
            team = parents.get(team)
    return pooled
