"""Strata by name, with what is counted in each."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from nps.enums import Exclusion
from nps.models import Campaign, CampaignMember, CampaignStratum
from nps.rules import SCORES

Exclusions = dict[Exclusion, int]


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """People of a stratum by where they stand: assigned to a wave, invited, dropped when the wave came."""

    assigned: int = 0
    invited: int = 0
    dropped: int = 0


def strata_of(campaign: Campaign) -> list[CampaignStratum]:
    """Return the strata in the order of segments and service channels, names fetched. One query."""
    rows = campaign.strata.select_related("segment", "channel")
    return list(rows.order_by("segment__position", "segment_id", "channel__position", "channel_id"))


def label_of(stratum: CampaignStratum) -> str:
    """Return the stratum's name in the language of the reader."""
    segment = stratum.segment.name if stratum.segment else _("no segment")
    channel = stratum.channel.name if stratum.channel else _("no channel")
    return f"{segment} · {channel}"


def exclusions_of(campaign: Campaign) -> Mapping[int, Exclusions]:
    """Return how many of each stratum the draw left out, by reason. One query."""
    rows = (
        campaign.members.exclude(exclusion="")
        .values_list("stratum_id", "exclusion")
        .annotate(total=Count("pk"))
        .order_by()
    )
    excluded: defaultdict[int, Exclusions] = defaultdict(dict)
    for stratum_id, reason, total in rows:
        excluded[stratum_id][Exclusion(reason)] = total
    return excluded


def fieldwork_of(campaign: Campaign) -> Mapping[int, Fieldwork]:
    """Return where the people of each stratum stand. One query."""
    rows = (
        campaign.members.filter(wave__isnull=False)
        .values_list("stratum_id")
        .annotate(
            assigned=Count("pk"), invited=Count("invitation_id"), dropped=Count("pk", filter=~Q(dropped=""))
        )
        .order_by()
    )
    found: defaultdict[int, Fieldwork] = defaultdict(Fieldwork)
    for stratum_id, assigned, invited, dropped in rows:
        found[stratum_id] = Fieldwork(assigned, invited, dropped)
    return found


def counts_by_stratum(campaign: Campaign) -> dict[int, list[int]]:
    """Return how many of each stratum answered 0..10. An answer without a score is no complete. One query."""
    answered = CampaignMember.objects.filter(campaign=campaign, invitation__response__nps__isnull=False)
    rows = (
        answered.values_list("stratum_id", "invitation__response__nps").annotate(total=Count("pk")).order_by()
    )
    counts: defaultdict[int, list[int]] = defaultdict(lambda: [0] * SCORES)
    for stratum_id, score, total in rows:
        if score is not None:
            counts[stratum_id][score] = total
    return dict(counts)


def completes_of(campaign: Campaign) -> int:
    """Return how many answers with a score the campaign has. One query."""
    return CampaignMember.objects.filter(campaign=campaign, invitation__response__nps__isnull=False).count()
