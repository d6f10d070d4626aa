"""What of NPS asks with a questionnaire: surveys names it when staff want to archive one."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from nps.enums import CampaignStatus
from nps.models import Campaign, Programme

_OVER = [CampaignStatus.CLOSED, CampaignStatus.CANCELLED]


def active_programmes(questionnaire_id: int, at: datetime) -> QuerySet[Any]:
    """Return the programmes that prepare campaigns with a questionnaire."""
    del at  # a programme has no end of its own
    return Programme.objects.filter(questionnaire_id=questionnaire_id, is_active=True)


def open_campaigns(questionnaire_id: int, at: datetime) -> QuerySet[Any]:
    """Return the campaigns with a questionnaire that are not over."""
    del at
    asks = Q(version__questionnaire_id=questionnaire_id) | Q(
        version__isnull=True, programme__questionnaire_id=questionnaire_id
    )
    return Campaign.objects.filter(asks).exclude(status__in=_OVER).select_related("programme")
