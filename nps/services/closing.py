"""Closing: links end, then the answers are counted, then the result is frozen."""

from datetime import datetime, timedelta

from django.db.models import F
from django.db.models.functions import Greatest

from feedback_site.accounts.models import User
from nps.enums import CampaignStatus, ClosingCause
from nps.models import Campaign
from nps.selectors.results import count_result, write_result
from nps.services.measuring import measure_net_promoter_score
from surveys.models import Invitation

# A request looks its link up, then stores the answer by the moment of that look. None takes
# as long as this, so an answer that is not there when the links have ended never comes.
_IN_FLIGHT = timedelta(minutes=2)


def close_locked(*, campaign: Campaign, cause: ClosingCause, by: User | None, at: datetime) -> Campaign:
    """Close a campaign whose row the caller has locked in this transaction."""
    _end_links(campaign, at)
    campaign.waves.filter(finished_at__isnull=True).update(finished_at=at)
    campaign.result = write_result(count_result(campaign))
    campaign.status, campaign.closing_cause, campaign.closed_at, campaign.closed_by = (
        CampaignStatus.CLOSED,
        cause,
        at,
        by,
    )
    campaign.save()
    measure_net_promoter_score(quarter_start=campaign.quarter_start, at=at)
    return campaign


def _end_links(campaign: Campaign, at: datetime) -> None:
    """End the links that no customer answered.

    Waits for answers that are being stored right now: they are counted.
    """
    invited = campaign.members.filter(invitation__isnull=False).values("invitation_id")
    unanswered = Invitation.objects.filter(
        pk__in=invited, answered_at__isnull=True, expires_at__gt=at - _IN_FLIGHT
    )
    unanswered.update(expires_at=Greatest(F("invited_at"), at - _IN_FLIGHT))
