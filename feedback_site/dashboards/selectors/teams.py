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
    teams = list(Team.objects.for_user(user).filter(is_active=True)[:_MOST_TEAMS])
    ids = [team.pk for team in teams]
    records = latest_records(team_ids=ids, scheme_slug=SCHEME["slug"], period_start=month)
    measured = Measurement.objects.filter(team_id__in=ids, indicator__slug=_SATISFACTION, period_kind=PeriodKind.MONTH, period_start=month)
    satisfied = {row.team_id: row for row in measured}
    rates = _response_rates(user, month)
    top = min((team.tree_depth for team in teams), default=0)
    return [
        TeamRow(
            team=team,
            depth=team.tree_depth - top,
            record=records.get(team.pk),
            satisfaction=satisfied.get(team.pk),
            satisfaction_visibility=visibility_of(satisfied[team.pk].n if team.pk in satisfied else 0),
            response_rate=shown_share(*rates.get(team.pk, (0, 0))),
        )
        for team in teams
    ]


def _response_rates(user: User, month: date) -> dict[int, tuple[int, int]]:
    """Return (answered, invited) of the month per team, each pooling its subtree."""
    counted = surveyed(user, first=month).values_list("credited_team").annotate(answered=Count("answered_at"), invited=Count("pk"))
    parents = dict(Team.objects.without_tree_fields().values_list("pk", "parent_id"))
    pooled: dict[int, tuple[int, int]] = {}
    for credited, answered, invited in counted:
        team: int | None = credited
        while team is not None:
            before = pooled.get(team, (0, 0))
            pooled[team] = (before[0] + answered, before[1] + invited)
            team = parents.get(team)
    return pooled
