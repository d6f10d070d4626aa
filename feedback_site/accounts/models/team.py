"""The tree of teams: region, branch, station or franchise."""

from typing import Self, cast
from zoneinfo import ZoneInfo

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from tree_queries.models import TreeNode
from tree_queries.query import TreeQuerySet

from feedback_site.accounts.enums import DataScope, TeamKind
from feedback_site.accounts.models.principal import Principal
from feedback_site.common.constraints import one_of
from feedback_site.common.texts import Named
from feedback_site.common.zones import company_zone_name, validate_zone

# UNION, not UNION ALL: a cycle, should one ever get in, ends the walk instead of running for ever.
_SUBTREE_SQL = """(
    WITH RECURSIVE subtree(id) AS (
        SELECT %s::bigint
        UNION
        SELECT child.id FROM accounts_team child JOIN subtree ON child.parent_id = subtree.id
    )
    SELECT id FROM subtree
)"""


def team_subtree(team_id: int) -> RawSQL:
    """Return a subquery of the ids of the team and all teams below it, for use with `__in`."""
    return RawSQL(_SUBTREE_SQL, [team_id])  # noqa: S611 - the text is constant, the id is a parameter


_LINE_SQL = """(
    WITH RECURSIVE line(id, parent_id) AS (
        SELECT id, parent_id FROM accounts_team WHERE id = %s::bigint
        UNION
        SELECT team.id, team.parent_id FROM accounts_team team JOIN line ON team.id = line.parent_id
    )
    SELECT id FROM line
)"""


def team_line(team_id: int) -> RawSQL:
    """Return a subquery of the ids of the team and all teams above it, for use with `__in`."""
    return RawSQL(_LINE_SQL, [team_id])  # noqa: S611 - the text is constant, the id is a parameter


class TeamQuerySet(TreeQuerySet):
    """Teams; scope here is the subtree itself."""

    def for_user(self, principal: Principal) -> Self:
        """Return the teams that `principal` may see; management sees every team, to compare them."""
        if principal.data_scope in {DataScope.ALL, DataScope.AGGREGATES}:
            return cast("Self", self.all())
        if principal.data_scope is DataScope.SUBTREE and principal.scope_team_id is not None:
            return self.within(principal.scope_team_id)
        return cast("Self", self.none())

    def within(self, team_id: int) -> Self:
        """Return the team and the teams below it."""
        return cast("Self", self.filter(pk__in=team_subtree(team_id)))


@pghistory.track()
class Team(TreeNode, Named):  # type: ignore[django-manager-missing]  # tree-queries is untyped
    """A team that serves customers; figures of a parent pool the cases of its subtree."""

    code = models.SlugField(
        _("code"), max_length=40, unique=True, help_text=_("Code of this team in the service systems.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=TeamKind, default=TeamKind.STATION)
    time_zone = models.CharField(
        _("time zone"),
        max_length=40,
        default=company_zone_name,
        validators=[validate_zone],
        help_text=_("Days and months of this team begin by this zone."),
    )
    sources = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("sources of its files"),
        default=list,
        blank=True,
        help_text=_(
            "The service systems whose files staff of this team may import, separated by commas. "
            "Leave empty for those of the team above; where none says so, for any."
        ),
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = TeamQuerySet.as_manager(with_tree_fields=True)  # type: ignore[django-manager-missing]  # tree-queries is untyped

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints = [
            one_of("kind", TeamKind, name="has_a_known_kind"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="%(class)s_is_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The zone by which this team's days begin."""
        return ZoneInfo(self.time_zone)
