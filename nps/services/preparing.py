"""Preparing: each quarter every active programme gets one campaign, whatever runs twice."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from django.utils.translation import gettext as _

from feedback_site.common.exceptions import ConflictError, DomainError
from nps.models import Campaign, Programme
from nps.rules import quarter_start_of

logger = structlog.get_logger(__name__)

# A seed stays exact in every program that reads it back,
# those that know floating point numbers only among them.
_SEEDS = 2**53
# What a campaign takes over from its programme; the sample depends on all of it.
SETTINGS = ("team_id", "target_completes", "minimum_per_stratum", "expected_response_percent", "cap_days")


def prepare_campaigns(*, at: datetime) -> int:
    """Prepare the present quarter's campaign of every active programme.

    Returns how many were not there yet.
    """
    quarters = [
        (programme, _present_quarter(programme, at))
        for programme in Programme.objects.filter(is_active=True).order_by("pk")
    ]
    return len(
        _insert([_new(programme, quarter, at) for programme, quarter in quarters if quarter is not None])
    )


def prepare_campaign(*, programme: Programme, quarter_start: date, at: datetime) -> Campaign:
    """Prepare one campaign.

    ConflictError where the quarter has one already, DomainError for a day that begins no quarter.
    """
    if (quarter_start.day, quarter_start.month % 3) != (1, 1):
        raise DomainError(
            _("A quarter begins on 1 January, April, July or October."), {"quarter_start": str(quarter_start)}
        )
    prepared = _insert([_new(programme, quarter_start, at)])
    if not prepared:
        raise ConflictError(
            _("This quarter's campaign is prepared already."),
            {"programme": programme.slug, "quarter_start": str(quarter_start)},
        )
    return prepared[0]


def _insert(campaigns: Sequence[Campaign]) -> list[Campaign]:
    """Insert those whose quarter has none yet and return them.

    The unique constraint decides, not a look beforehand.
    """
    Campaign.objects.bulk_create(campaigns, ignore_conflicts=True)
    inserted = set(
        Campaign.objects.filter(pk__in=[campaign.pk for campaign in campaigns]).values_list("pk", flat=True)
    )
    return [campaign for campaign in campaigns if campaign.pk in inserted]


def _new(programme: Programme, quarter_start: date, at: datetime) -> Campaign:
    settings = {name: getattr(programme, name) for name in SETTINGS}
    return Campaign(
        programme=programme,
        quarter_start=quarter_start,
        prepared_at=at,
        seed=secrets.randbelow(_SEEDS),
        **settings,
    )


def _present_quarter(programme: Programme, at: datetime) -> date | None:
    try:
        return quarter_start_of(at, ZoneInfo(programme.time_zone))
    except (ZoneInfoNotFoundError, ValueError):
        # One programme with a misspelt zone must not keep the others waiting.
        logger.warning("programme_left_out", programme=programme.slug, reason="unknown time zone")
        return None
