"""The teams side by side: this month's record, satisfaction and response rate."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from feedback_site.accounts.models import Team
from feedback_site.dashboards.selectors.filters import FigureChoices
from feedback_site.dashboards.selectors.groups import in_tree_order
from feedback_site.dashboards.selectors.shown import ShownShare, shown_share
from feedback_site.evaluations.enums import PeriodKind
from feedback_site.evaluations.models import EvaluationRecord, Measurement
from feedback_site.evaluations.rules import Visibility, visibility_of
from feedback_site.evaluations.rules.after_sales import SCHEME
from feedback_site.evaluations.selectors.records import latest_records

_SATISFACTION = "customer_satisfaction"
_MOST_TEAMS = 60


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team's month; satisfaction and response rate pool the cases of its subtree.

    `depth` counts from the reader's own level.
    """

    team: Team
    depth: int
    record: EvaluationRecord | None
    satisfaction: Measurement | None
    satisfaction_visibility: Visibility
    response_rate: ShownShare


def team_rows(*, choices: FigureChoices, month: date, asked: Mapping[int, tuple[int, int]]) -> list[TeamRow]:
    """Return the reader's active teams in the order of the tree.

    `asked` are (answered, invited) of the month per credited team.
    """
    teams = [(team, depth) for team, depth in in_tree_order(choices.teams) if team.is_active][:_MOST_TEAMS]
    ids = [team.pk for team, _depth in teams]
    records = latest_records(team_ids=ids, scheme_slug=SCHEME["slug"], period_start=month)
    measured = Measurement.objects.of_teams().filter(
        team_id__in=ids, indicator__slug=_SATISFACTION, period_kind=PeriodKind.MONTH, period_start=month
    )
    satisfied = {row.team_id: row for row in measured}
    rates = _response_rates(asked, choices)
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


def _response_rates(
    by_team: Mapping[int, tuple[int, int]], choices: FigureChoices
) -> dict[int, tuple[int, int]]:
    """Return (answered, invited) per team, each pooling its subtree."""
    pooled: dict[int, tuple[int, int]] = {}
    for credited, (answered, invited) in by_team.items():
        for team in choices.line_of(credited):
            before = pooled.get(team, (0, 0))
            pooled[team] = (before[0] + answered, before[1] + invited)
    return pooled
