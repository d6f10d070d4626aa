"""Waves: who is invited next, and the invitations themselves in batches."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from feedback_site.customers.enums import Purpose
from feedback_site.customers.services import consenting_customer_ids, match_forms
from feedback_site.delivery.enums import MessageStatus
from feedback_site.delivery.models import Message
from nps.enums import Exclusion
from nps.models import Campaign, CampaignMember, CampaignWave
from nps.rules import Fielded, plan_wave
from nps.selectors.strata import Fieldwork, counts_by_stratum, fieldwork_of
from surveys.models import Invitation
from surveys.rules import Address, first_usable
from surveys.selectors.addresses import Reach, reach_of
from surveys.services.invitations.inviting import (
    MESSAGE_SUBJECT,
    Schedule,
    prepare_invitation,
    save_invitations,
)
from surveys.services.locking import lock_contacts

_HUNDRED = 100
_ASSIGN = """
UPDATE nps_campaignmember m SET wave = %(wave)s
FROM unnest(%(strata)s::bigint[], %(until)s::int[]) AS plan (stratum_id, until)
WHERE m.campaign_id = %(campaign)s AND m.stratum_id = plan.stratum_id AND m.wave IS NULL
  AND m.position <= plan.until
"""


@dataclass(slots=True)
class _Batch:
    """What inviting a batch needs to know of its people, as of now."""

    campaign: Campaign
    schedule: Schedule
    consenting: set[uuid.UUID]
    reach: Reach
    asked: set[bytes]
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


def _load(members: Sequence[CampaignMember], schedule: Schedule, campaign: Campaign) -> _Batch:
    customers = [member.customer for member in members]
    reach = reach_of(customers)
    # Before anything is read of these contacts: two campaigns never both find the same one free.
    lock_contacts(reach.locks())
    return _Batch(
        campaign=campaign,
        schedule=schedule,
        consenting=consenting_customer_ids(
            customer_ids=[customer.pk for customer in customers],
            purpose=Purpose.NPS,
            contacts=reach.contacts(),
        ),
        reach=reach,
        asked=_asked(campaign, reach.forms(), schedule.invited_at),
    )


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


def _invite_or_drop(member: CampaignMember, batch: _Batch) -> Invitation | None:
    addresses = batch.reach.addresses(member.customer_id, batch.campaign.programme.delivery_channels)
    address = first_usable(addresses, batch.reach.suppressed)
    obstacles = (
        (member.customer_id not in batch.consenting, Exclusion.NO_CONSENT),
        (not addresses, Exclusion.NO_CONTACT),
        (address is None, Exclusion.SUPPRESSED),
        (address is not None and address.index in batch.asked, Exclusion.FREQUENCY_CAP),
    )
    member.dropped = next((reason for is_met, reason in obstacles if is_met), "")
    if member.dropped or address is None:
        return None
    batch.asked.add(address.index)
    member.invitation = _invitation(member, address, batch)
    batch.addresses[member.invitation.pk] = address
    return member.invitation


def _invitation(member: CampaignMember, address: Address, batch: _Batch) -> Invitation:
    if batch.campaign.version_id is None:
        raise LookupError(str(batch.campaign.pk))
    event = member.service_event
    invitation = prepare_invitation(
        purpose=Purpose.NPS.value,
        version_id=batch.campaign.version_id,
        team_id=member.team_id,
        credited_team_id=event.credited_team_id,
        customer=member.customer,
        contact=batch.reach.contact(member.customer_id, address),
        schedule=batch.schedule,
    )
    # Not about the event, so not voided with it; segment and channel tell which stratum answered.
    invitation.segment_id, invitation.channel_id = event.segment_id, event.channel_id
    return invitation


def _asked(campaign: Campaign, forms: dict[bytes, bytes], at: datetime) -> set[bytes]:
    """Return those contacts that were asked to recommend us within the cap, or in this campaign at all."""
    cap = timedelta(days=campaign.cap_days)
    left = Message.objects.filter(
        subject_kind=MESSAGE_SUBJECT, subject_id=OuterRef("pk"), status=MessageStatus.SENT
    )
    recently = Q(invited_at__gt=at - cap, is_replayed=False) if cap else Q(pk__in=[])
    asked = Invitation.objects.filter(
        Q(voided_at__isnull=True) | Exists(left),
        recently | Q(campaign_member__campaign=campaign),
        purpose=Purpose.NPS,
        contact_index__in=list(forms),
    )
    return match_forms(asked.values_list("contact_index", flat=True), forms)
