"""What service systems may name: teams, kinds, channels and segments by the word they use for them."""

from dataclasses import dataclass

from feedback_site.accounts.models import Principal, Team
from feedback_site.customers.models import Segment
from feedback_site.service_events.models import ServiceChannel, ServiceKind


@dataclass(frozen=True)
class References:
    """The reference tables by code or slug, loaded once for many events."""

    teams: dict[str, Team]
    kinds: dict[str, ServiceKind]
    channels: dict[str, ServiceChannel]
    segments: dict[str, Segment]


def load_references(*, principal: Principal | None = None) -> References:
    """Return the reference tables in four queries; with a principal, only the active teams within its scope."""
    teams = Team.objects.without_tree_fields().filter(is_active=True)
    if principal is not None:
        teams = teams.for_user(principal)
    return References(
        teams={team.code: team for team in teams},
        kinds={kind.slug: kind for kind in ServiceKind.objects.all()},
        channels={channel.slug: channel for channel in ServiceChannel.objects.all()},
        segments={segment.slug: segment for segment in Segment.objects.all()},
    )
