"""Waves: who is invited next, and the invitations themselves in batches."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from feedback_site.customers.enums import Purpose
from nps.enums import Exclusion
from nps.models import Campaign, CampaignMember, CampaignWave
from nps.rules import Fielded, plan_wave
from nps.selectors.strata import Fieldwork, counts_by_stratum, fieldwork_of
from surveys.models import Invitation
from surveys.rules import Address
from surveys.services.invitations.askable import Askable, load_askable
from surveys.services.invitations.inviting import (
    Schedule,
    prepare_invitation,
    save_invitations,
)

_HUNDRED = 100
_ASSIGN = """
UPDATE nps_campaignmember m SET wave = %(wave)s
FROM unnest(%(strata)s::bigint[], %(until)s::int[]) AS plan (stratum_id, until)
WHERE m.campaign_id = %(campaign)s AND m.stratum_id = plan.stratum_id AND m.wave IS NULL
  AND m.position <= plan.until
"""


@dataclass(slots=True)
class _InvitedPeople:
    """What inviting a batch needs to know of its people, as of now."""

    campaign: Campaign
    schedule: Schedule
    askable: Askable
    addresses: dict[uuid.UUID, Address] = field(default_factory=dict)


def start_wave(*, campaign: Campaign, at: datetime) -> CampaignWave | None:
    """Start the next wave of a campaign whose row is locked.

    None where no customer is left to be asked or need be asked.

    The first wave asks as many as the draw planned, later ones what the response so far makes
    necessary. Who belongs to a wave is settled with it, in the order of the random numbers.
    """
    number = campaign.waves.count() + 1
    strata = list(campaign.strata.order_by("pk"))
    work, counts = fieldwork_of(campaign), counts_by_stratum(campaign)
    fielded = [work.get(stratum.pk, Fieldwork()) for stratum in strata]
    plan = [stratum.needed for stratum in strata]
    if number > 1:
        standing = [
            Fielded(
                stratum.allocated,
                of_stratum.invited,
                sum(counts.get(stratum.pk, ())),
                stratum.contactable - of_stratum.assigned,
            )
            for stratum, of_stratum in zip(strata, fielded, strict=True)
        ]
        plan = plan_wave(
            standing,
            target=campaign.target_completes,
            expected_rate=campaign.expected_response_percent / _HUNDRED,
        )
    if not sum(plan):
        return None
    until = [of_stratum.assigned + people for of_stratum, people in zip(fielded, plan, strict=True)]
    wave = CampaignWave.objects.create(campaign=campaign, number=number, planned=sum(plan), started_at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            _ASSIGN,
            {"campaign": campaign.pk, "wave": number, "strata": [row.pk for row in strata], "until": until},
        )
    return wave


def invite_batch(
    *, campaign: Campaign, wave: CampaignWave, at: datetime, limit: int, is_replayed: bool = False
) -> int:
    """Invite up to `limit` people of the wave; 0 when the wave is through.

    People who may not be asked any more are dropped.

    Consent, suppression and contact caps are those of this moment.
    The caller holds the campaign's row and the transaction.
    """
    waiting = CampaignMember.objects.filter(
        campaign=campaign, wave=wave.number, invitation__isnull=True, dropped=""
    )
    claimed = waiting.select_for_update(skip_locked=True, no_key=True, of=("self",)).select_related(
        "customer", "service_event"
    )
    members = list(claimed.order_by("pk")[:limit])
    if not members:
        return 0
    batch = _load(members, _schedule(campaign, at, is_replayed=is_replayed), campaign)
    invitations = [
        invitation for member in members if (invitation := _invite_or_drop(member, batch)) is not None
    ]
    save_invitations(invitations, addresses=batch.addresses, at=at)
    CampaignMember.objects.bulk_update(members, ["invitation", "dropped"])
    return len(members)


def _load(members: Sequence[CampaignMember], schedule: Schedule, campaign: Campaign) -> _InvitedPeople:
    cap = timedelta(days=campaign.cap_days)
    askable = load_askable(
        customers=[member.customer for member in members],
        purpose=Purpose.NPS,
        asked_since=schedule.invited_at - cap,
        # One campaign asks a contact once, whatever the cap.
        excluding=Q(campaign_member__campaign=campaign),
    )
    return _InvitedPeople(campaign=campaign, schedule=schedule, askable=askable)


def _schedule(campaign: Campaign, at: datetime, *, is_replayed: bool) -> Schedule:
    if campaign.field_ends_at is None:
        raise LookupError(str(campaign.pk))
    return Schedule(
        invited_at=at,
        belongs_on=at.astimezone(ZoneInfo(campaign.programme.time_zone)).date(),
        due_at=at,
        send_until=campaign.field_ends_at,
        expires_at=campaign.field_ends_at,
        is_replayed=is_replayed,
    )


def _invite_or_drop(member: CampaignMember, batch: _InvitedPeople) -> Invitation | None:
    asking = batch.askable.may_be_asked(
        member.customer_id,
        channels=batch.campaign.programme.delivery_channels,
        moment=batch.schedule.invited_at,
        cap=timedelta(days=batch.campaign.cap_days),
    )
    address = asking.address
    member.dropped = Exclusion(asking.obstacle.value) if asking.obstacle is not None else ""
    if address is None:
        return None
    batch.askable.excluded.add(address.index)
    member.invitation = _invitation(member, address, batch)
    batch.addresses[member.invitation.pk] = address
    return member.invitation


def _invitation(member: CampaignMember, address: Address, batch: _InvitedPeople) -> Invitation:
    if batch.campaign.version_id is None:
        raise LookupError(str(batch.campaign.pk))
    event = member.service_event
    invitation = prepare_invitation(
        purpose=Purpose.NPS.value,
        version_id=batch.campaign.version_id,
        team_id=member.team_id,
        credited_team_id=event.credited_team_id,
        customer=member.customer,
        contact=batch.askable.reach.contact(member.customer_id, address),
        schedule=batch.schedule,
    )
    # Not about the event, so not voided with it; segment and channel tell which stratum answered.
    invitation.segment_id, invitation.channel_id = event.segment_id, event.channel_id
    return invitation
