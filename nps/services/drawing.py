"""Drawing: the frame of a campaign with a random number for every customer in it, in one transaction.

Seed and frame are recorded when the draw is asked for, so a draw
that was cut short is drawn again and gives the same sample.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team
from feedback_site.common.doorbell import ring
from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.common.task_table import RUN_CAMPAIGNS
from feedback_site.questionnaires.services.publishing import latest_version
from nps.enums import CampaignStatus
from nps.models import Campaign, Programme
from nps.rules import allocate, invitations_for
from nps.services.frame import INSERT_FRAME
from nps.services.preparing import SETTINGS

_DRAWABLE = [CampaignStatus.PREPARED, CampaignStatus.DRAWN]
_HUNDRED = 100


@transaction.atomic
def request_draw(*, campaign: Campaign, at: datetime) -> Campaign:
    """Ask for the draw by the programme's present settings; a drawn sample is replaced.

    Customers served until `at` are in the frame.

    ConflictError once the campaign is launched or while it is being
    drawn, DomainError while the questionnaire is unpublished.
    """
    locked = (
        Campaign.objects.select_for_update(no_key=True, of=("self",))
        .select_related("programme__questionnaire")
        .get(pk=campaign.pk)
    )
    if locked.status not in _DRAWABLE:
        raise ConflictError(_("A sample is drawn before the launch only."), {"status": locked.status})
    if latest_version(locked.programme.questionnaire) is None:
        raise DomainError(_("Publish the questionnaire of the programme first."))
    for name in SETTINGS:
        setattr(locked, name, getattr(locked.programme, name))
    locked.status, locked.draw_requested_at, locked.drawn_at = CampaignStatus.DRAWING, at, None
    locked.frame_from, locked.frame_at = at - timedelta(days=locked.programme.frame_days), at
    locked.save()
    ring(RUN_CAMPAIGNS)
    return locked


@transaction.atomic
def draw_sample(*, campaign_id: uuid.UUID, at: datetime) -> Campaign | None:
    """Draw the frame and its sample and return the campaign.

    None where nothing is to be drawn, or another worker draws it.
    """
    waiting = Campaign.objects.filter(pk=campaign_id, status=CampaignStatus.DRAWING)
    campaign = (
        waiting.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .select_related("programme__questionnaire")
        .first()
    )
    if campaign is None:
        return None
    campaign.members.all().delete()
    campaign.strata.all().delete()
    _insert_frame(campaign)
    _plan(campaign)
    campaign.version = latest_version(campaign.programme.questionnaire)
    campaign.status, campaign.drawn_at = CampaignStatus.DRAWN, at
    campaign.save()
    return campaign


def _insert_frame(campaign: Campaign) -> None:
    programme: Programme = campaign.programme
    parameters: dict[str, Any] = {
        "campaign": campaign.pk,
        "seed": str(campaign.seed),
        "frame_from": campaign.frame_from,
        "frame_at": campaign.frame_at,
        "teams": _teams_of(campaign),
        "channels": programme.delivery_channels,
        "cap": timedelta(days=campaign.cap_days),
    }
    with connection.cursor() as cursor:
        cursor.execute(INSERT_FRAME, parameters)


def _teams_of(campaign: Campaign) -> list[int] | None:
    """Return whose customers belong to the frame, None for all."""
    if campaign.team_id is None:
        return None
    return list(Team.objects.without_tree_fields().within(campaign.team_id).values_list("pk", flat=True))


def _plan(campaign: Campaign) -> None:
    """Write the completes wanted and the invitations needed of every stratum.

    They are a dozen rows, by pure functions.
    """
    # In an order of their own, so that a draw that is done again rounds alike.
    strata = list(campaign.strata.order_by("segment_id", "channel_id"))
    wanted = allocate(
        [stratum.contactable for stratum in strata],
        target=campaign.target_completes,
        minimum=campaign.minimum_per_stratum,
    )
    rate = campaign.expected_response_percent / _HUNDRED
    for stratum, completes in zip(strata, wanted, strict=True):
        stratum.allocated = completes
        stratum.needed = invitations_for(completes, rate=rate, people=stratum.contactable)
    campaign.strata.bulk_update(strata, ["allocated", "needed"])
