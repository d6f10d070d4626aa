"""Running: one step after the other of every campaign that wants one, each in a transaction of its own.

A campaign's row is locked while a step is taken, so two workers never take
the same one, and a pause or a close waits for the step that is under way.
A worker that is killed leaves the step undone; the next tick takes it.

A campaign in the field closes when its field period ends, or when a member of staff
closes it. Where the target is reached, or every customer who could be asked was asked, no
further wave starts; its links live on until the field ends. Answers that are taken
out of the count later may set a campaign that had reached its target going again.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from feedback_site.customers.services.rotating import renew_indexes
from nps.enums import IN_FIELD, CampaignStatus, ClosingCause
from nps.models import Campaign, CampaignWave
from nps.rules import DETRACTOR_UP_TO
from nps.selectors.strata import completes_of
from nps.services.closing import close_locked
from nps.services.drawing import draw_sample
from nps.services.inviting import invite_batch, start_wave
from nps.services.measuring import measure_net_promoter_score
from surveys.enums import FollowUpReason
from surveys.models import Response
from surveys.services.follow_ups.following_up import ANSWERED_WITHIN, NewFollowUp, request_follow_ups

# Answers given in the last moments of a campaign are followed up after its close, too.
_CLOSED_LATELY = timedelta(days=1)


def run_campaigns(*, at: datetime, limit: int = 500, is_replayed: bool = False) -> int:
    """Take one step of every campaign that wants one; return how many things were done.

    0 when nothing is left to do now.

    A step draws a sample, starts a wave, invites up to `limit` people, notes that no wave will
    follow, or closes. Follow-ups of detractors and measurements come last. With `is_replayed` the
    campaign is history: nothing is sent off the machine, and no customer is visited because of it.
    """
    done = _each([CampaignStatus.DRAWING], lambda pk: _draw(pk, at))
    done += _each(IN_FIELD, lambda pk: _take_step(pk, at, limit, is_replayed=is_replayed))
    return done + _follow_up_detractors(at, limit) + _measure(at)


def _draw(campaign_id: uuid.UUID, at: datetime) -> int:
    """Draw a sample. The draw compares contacts by their indexes, so all of them have to be under one key."""
    renew_indexes()
    return int(draw_sample(campaign_id=campaign_id, at=at) is not None)


def _each(statuses: list[CampaignStatus], step: Callable[[uuid.UUID], int]) -> int:
    waiting = Campaign.objects.filter(status__in=statuses).order_by("pk").values_list("pk", flat=True)
    return sum(step(campaign_id) for campaign_id in list(waiting))


@transaction.atomic
def _take_step(campaign_id: uuid.UUID, at: datetime, limit: int, *, is_replayed: bool) -> int:
    """Take the next step of a campaign in the field.

    0 where there is none now, or another worker is at it.
    """
    waiting = Campaign.objects.filter(pk=campaign_id, status__in=IN_FIELD).select_related("programme")
    campaign = waiting.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
    if campaign is None:
        return 0
    if campaign.field_ends_at and campaign.field_ends_at <= at:
        close_locked(campaign=campaign, cause=ClosingCause.TIME_OVER, by=None, at=at)
        return 1
    if campaign.status in {CampaignStatus.PAUSED, CampaignStatus.EXHAUSTED}:
        return 0
    last = campaign.waves.order_by("-number").first()
    if last is not None and last.finished_at is None:
        return _go_on(campaign, last, at, limit, is_replayed=is_replayed)
    return _start_or_stand(campaign, last, at)


def _go_on(campaign: Campaign, wave: CampaignWave, at: datetime, limit: int, *, is_replayed: bool) -> int:
    invited = invite_batch(campaign=campaign, wave=wave, at=at, limit=limit, is_replayed=is_replayed)
    if not invited:
        wave.finished_at = at
        wave.save(update_fields=["finished_at"])
    return invited or 1


def _start_or_stand(campaign: Campaign, last: CampaignWave | None, at: datetime) -> int:
    """Start the wave that is due, or note that none will.

    None will when the target is reached, or no customer is left to be asked.
    """
    if completes_of(campaign) >= campaign.target_completes:
        return _stand(campaign, CampaignStatus.REACHED, at)
    resumed = _stand(campaign, CampaignStatus.RUNNING, at)
    if last is not None and last.started_at + timedelta(days=campaign.programme.wave_days) > at:
        return resumed
    return (
        1
        if start_wave(campaign=campaign, at=at) is not None
        else _stand(campaign, CampaignStatus.EXHAUSTED, at)
    )


def _stand(campaign: Campaign, status: CampaignStatus, at: datetime) -> int:
    """Note where the campaign stands and return whether that is new."""
    if campaign.status == status:
        return 0
    campaign.status, campaign.updated_at = status, at
    campaign.save(update_fields=["status", "updated_at"])
    return 1


def _follow_up_detractors(at: datetime, limit: int) -> int:
    """Ask for a return visit to every detractor who has none, once."""
    fielded = Campaign.objects.filter(Q(status__in=IN_FIELD) | Q(closed_at__gt=at - _CLOSED_LATELY))
    detractors = Response.objects.filter(
        invitation__campaign_member__campaign__in=fielded,
        invitation__is_replayed=False,
        nps__lte=DETRACTOR_UP_TO,
        submitted_at__gt=at - ANSWERED_WITHIN,
        follow_up__isnull=True,
    )
    rows = detractors.order_by("submitted_at", "pk").values_list("pk", "nps")[:limit]
    requests = [NewFollowUp(pk, FollowUpReason.DETRACTOR, score) for pk, score in rows if score is not None]
    return request_follow_ups(requests=requests, at=at)


def _measure(at: datetime) -> int:
    """Measure the quarters of the campaigns in the field; a closed one was measured when it was closed."""
    quarters = (
        Campaign.objects.filter(status__in=IN_FIELD)
        .order_by("quarter_start")
        .values_list("quarter_start", flat=True)
        .distinct()
    )
    return sum(measure_net_promoter_score(quarter_start=quarter, at=at) for quarter in quarters)
