"""Which cases a figure counts: the period, the reader's teams, and what the address asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.models import Principal, Team
from feedback_site.customers.models import Segment
from feedback_site.service_events.models import ServiceChannel, ServiceKind
from surveys.models import Survey

# No zone is further from UTC than this, so that a local day always lies between the two ends.
_FARTHEST_ZONE = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class FigureFilter:
    """Both days are included and local to each team; None means all.

    `team_id` includes the teams below it.
    """

    from_on: date
    to_on: date
    survey_id: int | None = None
    channel_id: int | None = None
    team_id: int | None = None
    kind_id: int | None = None
    segment_id: int | None = None

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The period's first and last moment in any zone: wider than the period, for indexes on moments."""
        first, last = (
            datetime.combine(day, time(), tzinfo=UTC)
            for day in (self.from_on, self.to_on + timedelta(days=1))
        )
        return first - _FARTHEST_ZONE, last + _FARTHEST_ZONE


@dataclass(frozen=True, slots=True)
class FigureChoices:
    """What the reader may filter by, in the order of the lists.

    It holds the names and words of all that figures mention.
    """

    teams: list[Team]
    surveys: list[Survey]
    channels: list[ServiceChannel]
    kinds: list[ServiceKind]
    segments: list[Segment]
    sees_all: bool
    parents: Mapping[int, int | None] = field(default_factory=dict)

    def subtree_of(self, team_id: int) -> list[int]:
        """Return the visible team and the visible teams below it; nothing for a team out of scope."""
        return [team.pk for team in self.teams if team_id in self.line_of(team.pk)]

    def line_of(self, team_id: int) -> list[int]:
        """Return the team and the visible teams above it, from below.

        A circle, should one ever get in, ends the walk.
        """
        line: list[int] = []
        current: int | None = team_id
        while current is not None and current in self.parents and current not in line:
            line.append(current)
            current = self.parents[current]
        return line


def load_choices(*, user: Principal) -> FigureChoices:
    """Read what `user` may filter by. Five queries."""
    return replace(
        load_scope(user=user),
        surveys=list(Survey.objects.for_user(user).order_by("position", "pk")),
        channels=list(ServiceChannel.objects.order_by("position", "pk")),
        kinds=list(ServiceKind.objects.order_by("position", "pk")),
        segments=list(Segment.objects.order_by("position", "pk")),
    )


def load_scope(*, user: Principal) -> FigureChoices:
    """Read only whose cases `user` counts. One query."""
    teams = list(Team.objects.for_user(user).without_tree_fields().order_by("pk"))
    return FigureChoices(
        teams=teams,
        surveys=[],
        channels=[],
        kinds=[],
        segments=[],
        sees_all=user.data_scope in {DataScope.ALL, DataScope.AGGREGATES},
        parents={team.pk: team.parent_id for team in teams},
    )


def team_ids_of(figure_filter: FigureFilter, choices: FigureChoices) -> list[int] | None:
    """Return the ids of the credited teams that count, None for all; a team out of scope counts nothing."""
    if figure_filter.team_id is not None:
        return choices.subtree_of(figure_filter.team_id)
    return None if choices.sees_all else [team.pk for team in choices.teams]


def parameters_of(figure_filter: FigureFilter, choices: FigureChoices) -> dict[str, Any]:
    """Return the filter as parameters of SQL; see `cases`."""
    earliest, latest = figure_filter.moments
    return {
        "from_on": figure_filter.from_on,
        "to_on": figure_filter.to_on,
        "earliest": earliest,
        "latest": latest,
        "teams": team_ids_of(figure_filter, choices),
        "survey": figure_filter.survey_id,
        "channel": figure_filter.channel_id,
        "kind": figure_filter.kind_id,
        "segment": figure_filter.segment_id,
    }
