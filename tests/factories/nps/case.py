"""The campaign of one case.

Programme, strata, waves and members of a team, for the matrix of addresses and roles.
"""

import hashlib
import uuid
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from feedback_site.accounts.models import Team
from feedback_site.service_events.models import ServiceEvent
from nps.models import Campaign, CampaignMember, CampaignStratum, CampaignWave, Programme
from surveys.models import Invitation


def write_campaign(
    *, asked: SimpleNamespace, team: Team, event: ServiceEvent, canary: str, at: datetime
) -> list[Any]:
    """Write a running campaign of `team` in which the customer of `event` was asked; return its rows."""
    programme = Programme.objects.create(
        slug=f"nps-{canary.lower()}",
        names={"en": canary, "zh-hans": canary},
        questionnaire=asked.questionnaire,
        team=team,
    )
    campaign = Campaign.objects.create(
        programme=programme,
        quarter_start=date(at.year, (at.month - 1) // 3 * 3 + 1, 1),
        team=team,
        status="drawn",
        seed=20261001,
        version=asked.version,
        target_completes=1000,
        minimum_per_stratum=30,
        expected_response_percent=25,
        cap_days=90,
        frame_from=at - timedelta(days=90),
        frame_at=at,
        prepared_at=at,
        drawn_at=at,
    )
    stratum = CampaignStratum.objects.create(
        campaign=campaign, channel=event.channel, frame=1, contactable=1, allocated=1, needed=1
    )
    member = CampaignMember.objects.create(
        campaign=campaign,
        stratum=stratum,
        customer=event.customer,
        service_event=event,
        team=team,
        random_number=1,
        position=1,
    )
    campaign.status, campaign.launched_at, campaign.field_ends_at = "running", at, at + timedelta(days=21)
    campaign.save()
    wave = CampaignWave.objects.create(campaign=campaign, number=1, planned=1, started_at=at)
    member.wave, member.invitation = 1, _invitation(asked, event, at)
    member.save()
    return [programme, campaign, stratum, member, wave, member.invitation]


def _invitation(asked: SimpleNamespace, event: ServiceEvent, at: datetime) -> Invitation:
    return Invitation.objects.create(
        purpose="nps",
        version=asked.version,
        service_event=event,
        customer=event.customer,
        team=event.team,
        credited_team=event.credited_team,
        kind=event.kind,
        channel=event.channel,
        language="en",
        token_hash=uuid.uuid4().bytes * 2,
        token_key_id=0,
        invited_at=at,
        belongs_on=at.date(),
        due_at=at,
        send_until=at + timedelta(days=3),
        expires_at=at + timedelta(days=14),
        is_in_headline=False,
        is_queued=True,
    )


def random_number(seed: int, customer_id: uuid.UUID) -> int:
    """Return the first 60 bits of SHA-256("<seed>:<customer id>"), which the draw's SQL stores."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{customer_id}".encode()).digest(), "big") >> 196
