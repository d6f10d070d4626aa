"""How far a campaign has come: counts of people, no scores."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from feedback_site.delivery.enums import MessageStatus
from feedback_site.delivery.models import Message
from nps.models import Campaign, CampaignStratum
from nps.selectors.strata import (
    Exclusions,
    Fieldwork,
    counts_by_stratum,
    exclusions_of,
    fieldwork_of,
    label_of,
    strata_of,
)

_MESSAGE_SUBJECT = "invitation"


@dataclass(frozen=True, slots=True)
class WaveProgress:
    """One wave: of `planned` people some are invited, some dropped, and some have answered.

    People are dropped when their turn came and they may not be asked any more.
    """

    number: int
    planned: int
    invited: int
    dropped: int
    answered: int
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class StratumProgress:
    """One stratum; `rate` is completes of the invited (0-1), None before the first invitation."""

    label: str
    stratum: CampaignStratum
    frame: int
    contactable: int
    excluded: Exclusions
    allocated: int
    needed: int
    invited: int
    dropped: int
    answered: int
    rate: float | None


@dataclass(frozen=True, slots=True)
class Progress:
    """The whole campaign; `answered` are completes: answers that hold a score."""

    frame: int
    contactable: int
    invited: int
    dropped: int
    sent: int
    answered: int
    target: int
    rate: float | None
    waves: list[WaveProgress]
    strata: list[StratumProgress]


def campaign_progress(campaign: Campaign) -> Progress:
    """Return how far the campaign has come. Six queries."""
    excluded, fieldwork, counts = exclusions_of(campaign), fieldwork_of(campaign), counts_by_stratum(campaign)
    strata = [_stratum(row, excluded, fieldwork, counts) for row in strata_of(campaign)]
    invited, answered = sum(row.invited for row in strata), sum(row.answered for row in strata)
    return Progress(
        frame=sum(row.frame for row in strata),
        contactable=sum(row.contactable for row in strata),
        invited=invited,
        dropped=sum(row.dropped for row in strata),
        sent=_sent(campaign),
        answered=answered,
        target=campaign.target_completes,
        rate=answered / invited if invited else None,
        waves=_waves(campaign),
        strata=strata,
    )


def _stratum(
    row: CampaignStratum,
    excluded: Mapping[int, Exclusions],
    fieldwork: Mapping[int, Fieldwork],
    counts: Mapping[int, list[int]],
) -> StratumProgress:
    work, answered = fieldwork.get(row.pk, Fieldwork()), sum(counts.get(row.pk, ()))
    return StratumProgress(
        label=label_of(row),
        stratum=row,
        frame=row.frame,
        contactable=row.contactable,
        excluded=excluded.get(row.pk, {}),
        allocated=row.allocated,
        needed=row.needed,
        invited=work.invited,
        dropped=work.dropped,
        answered=answered,
        rate=answered / work.invited if work.invited else None,
    )


def _sent(campaign: Campaign) -> int:
    """Count the invited to whom at least one message went out."""
    invited = campaign.members.filter(invitation__isnull=False).values("invitation_id")
    sent = Message.objects.filter(
        subject_kind=_MESSAGE_SUBJECT, subject_id__in=invited, status=MessageStatus.SENT
    )
    return sent.values("subject_id").distinct().count()


def _waves(campaign: Campaign) -> list[WaveProgress]:
    rows = campaign.members.filter(wave__isnull=False).values("wave").order_by()
    done = {
        row["wave"]: row
        for row in rows.annotate(
            invited=Count("invitation_id"),
            dropped_count=Count("pk", filter=~Q(dropped="")),
            answered=Count("pk", filter=Q(invitation__response__nps__isnull=False)),
        )
    }
    nothing_done = {"invited": 0, "dropped_count": 0, "answered": 0}
    waves = []
    for wave in campaign.waves.order_by("number"):
        of_wave = done.get(wave.number, nothing_done)
        figures = of_wave["invited"], of_wave["dropped_count"], of_wave["answered"]
        waves.append(WaveProgress(wave.number, wave.planned, *figures, wave.started_at, wave.finished_at))
    return waves
