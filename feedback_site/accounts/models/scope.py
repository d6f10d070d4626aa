"""Data scope: which rows a principal may see, stated here alone."""

from typing import ClassVar, Self, TypeVar

from django.db.models import Model, Q, QuerySet

from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.models.principal import Principal
from feedback_site.accounts.models.team import team_line, team_subtree

ModelT_co = TypeVar("ModelT_co", bound=Model, covariant=True)


class ScopedQuerySet(QuerySet[ModelT_co]):
    """Rows that belong to a team; `team_lookup` is the path from the row to that team's id."""

    team_lookup: ClassVar[str] = "team_id"
    # Figures of many cases: management sees those of every team, and no single case.
    is_aggregate: ClassVar[bool] = False

    def for_user(self, principal: Principal) -> Self:
        """Return the rows that `principal` may see; none for scopes that hold no single rows."""
        scope = principal.data_scope
        if scope is DataScope.ALL or (scope is DataScope.AGGREGATES and self.is_aggregate):
            return self.all()
        if scope is DataScope.SUBTREE and principal.scope_team_id is not None:
            return self.within(principal.scope_team_id)
        return self.none()

    def within(self, team_id: int) -> Self:
        """Return the rows of the team and of the teams below it."""
        return self.filter(**{f"{self.team_lookup}__in": team_subtree(team_id)})


class OwnedQuerySet(ScopedQuerySet[ModelT_co]):
    """Rules that a team owns, or none: a row without an owner is shared by the whole organisation.

    A reader who sees a subtree reads the shared rows, those of the teams
    above, which hold for them too, and those of their own teams; they change
    the last only. `team_lookup` is the path from the row to its owner's id.
    """

    def for_user(self, principal: Principal) -> Self:
        """Return the rows that `principal` may read."""
        root = principal.scope_team_id
        if principal.data_scope is not DataScope.SUBTREE or root is None:
            return super().for_user(principal)
        owner = self.team_lookup
        return self.filter(
            Q(**{f"{owner}__isnull": True})
            | Q(**{f"{owner}__in": team_subtree(root)})
            | Q(**{f"{owner}__in": team_line(root)})
        )

    def changeable_by(self, principal: Principal) -> Self:
        """Return the rows that `principal` may change: all, or those of their own teams."""
        if principal.data_scope is DataScope.ALL:
            return self.all()
        if principal.data_scope is DataScope.SUBTREE and principal.scope_team_id is not None:
            return self.within(principal.scope_team_id)
        return self.none()
