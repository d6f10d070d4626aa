"""What service systems may name: teams, kinds, channels and segments by the word they use for them."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from feedback_site.accounts.models import ApiKey, Principal, Team, intake_team_of, team_line
from feedback_site.common.exceptions import ConflictError
from feedback_site.customers.models import Segment
from feedback_site.service_events.models import ServiceChannel, ServiceEvent, ServiceKind, WebhookSource
from feedback_site.service_events.rules.events import OWN_SOURCES


@dataclass(frozen=True)
class References:
    """The reference tables by code or slug, loaded once for many events."""

    teams: dict[str, Team]
    kinds: dict[str, ServiceKind]
    channels: dict[str, ServiceChannel]
    segments: dict[str, Segment]
    # The sources that may be named, None for any; and whether
    # the sender is another person than the site itself.
    sources: frozenset[str] | None
    is_from_outside: bool

    def may_name(self, source: str) -> bool:
        """Return whether an event of this source may be sent.

        The sender may be bound to sources; the site's own are open to no sender.
        """
        if self.is_from_outside and source in OWN_SOURCES:
            return False
        return self.sources is None or source in self.sources


def find_event(
    visible: QuerySet[ServiceEvent], *, source: str, external_id: str, intake_team_id: int | None
) -> ServiceEvent | None:
    """Return the visible event that a number means.

    The sender's own intake comes first, then the organisation's, then any other.

    Raises `ConflictError` where systems of several other teams call one of theirs so.
    """
    rows = sorted(
        visible.filter(source=source, external_id=external_id),
        key=lambda row: (row.intake_team_id != intake_team_id, row.intake_team_id is not None, row.pk),
    )
    is_named = bool(rows) and rows[0].intake_team_id in (intake_team_id, None)
    if len(rows) > 1 and not is_named:
        ids = [str(row.pk) for row in rows]
        raise ConflictError(
            _("Several service events have this number: name the one that you mean by its id."), {"ids": ids}
        )
    return rows[0] if rows else None


def load_references(*, principal: Principal | None = None) -> References:
    """Return the reference tables in four queries.

    With a principal: only the active teams and the sources within its scope.
    """
    teams = Team.objects.without_tree_fields().filter(is_active=True)
    if principal is not None:
        teams = teams.for_user(principal)
    return References(
        teams={team.code: team for team in teams},
        kinds={kind.slug: kind for kind in ServiceKind.objects.all()},
        channels={channel.slug: channel for channel in ServiceChannel.objects.all()},
        segments={segment.slug: segment for segment in Segment.objects.all()},
        sources=allowed_sources(principal),
        is_from_outside=principal is not None,
    )


def allowed_sources(principal: Principal | None) -> frozenset[str] | None:
    """Return the sources that `principal` is bound to, None for any.

    A webhook is bound to its own, a key to its list, staff to their team's.

    A team without a list has the one of the next team above.
    """
    if isinstance(principal, WebhookSource):
        return frozenset({principal.slug})
    if isinstance(principal, ApiKey):
        return frozenset(principal.sources) or None
    root = None if principal is None else intake_team_of(principal)
    if root is None:
        return None
    # The tree's own order puts a team behind those above it.
    line = Team.objects.filter(pk__in=team_line(root)).exclude(sources=[])
    lists = sorted(((team.tree_depth, team.sources) for team in line), reverse=True)
    return frozenset(lists[0][1]) if lists else None
