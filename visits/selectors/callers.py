"""Who may make a return visit: the visit's team and the teams above it, then quality management."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from feedback_site.accounts.enums import Role
from feedback_site.accounts.models import User
from surveys.selectors.survey_rules import TeamTree, team_tree
from visits.models import ReturnVisit

LINE_ROLES = [Role.SERVICE_TEAM, Role.SUPPORT_TEAM, Role.SURVEY_STAFF]


@dataclass(frozen=True, slots=True)
class Callers:
    """The staff who make visits, by team. Read once, asked about many visits."""

    teams: TeamTree
    of_team: dict[int, list[User]]
    quality_management: list[User]

    @classmethod
    def read(cls) -> Self:
        """Read the tree of teams and the active staff. Two queries."""
        of_team: dict[int, list[User]] = {}
        quality: list[User] = []
        staff = User.objects.filter(is_active=True, role__in=[*LINE_ROLES, Role.QUALITY_MANAGEMENT])
        for user in staff.order_by("pk"):
            if user.role == Role.QUALITY_MANAGEMENT:
                quality.append(user)
            elif user.team_id is not None:
                of_team.setdefault(user.team_id, []).append(user)
        return cls(teams=team_tree(), of_team=of_team, quality_management=quality)

    def for_visit(self, *, team_id: int, without: Iterable[int | None]) -> list[User]:
        """Return who may make a visit of the team, nearest team first.

        Quality management only where the team and those above it have no caller.
        """
        barred = set(without)
        line = [user for team in self.teams.line_of(team_id) for user in self.of_team.get(team, [])]
        return [user for user in line if user.pk not in barred] or [
            user for user in self.quality_management if user.pk not in barred
        ]


def callers_of(visit: ReturnVisit) -> list[User]:
    """Return whom the visit may be handed to, nearest team first, then quality management.

    Never the colleague concerned. Takes three queries.
    """
    callers = Callers.read()
    barred = {visit.agent.user_id} if visit.agent else set()
    line = callers.for_visit(team_id=visit.team_id, without=barred)
    others = [user for user in callers.quality_management if user not in line]
    return line + [user for user in others if user.pk not in barred]
