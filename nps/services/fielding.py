"""The life of a campaign that staff decide: launch, pause, resume, close, cancel.

Of two clicks at once one wins.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.common.doorbell import ring
from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.common.task_table import RUN_CAMPAIGNS
from nps.enums import CLOSING, IN_FIELD, CampaignStatus, ClosingCause
from nps.models import Campaign
from nps.selectors.launching import launch_obstacles
from nps.services.closing import close_locked

_NOT_LAUNCHED = [CampaignStatus.PREPARED, CampaignStatus.DRAWING, CampaignStatus.DRAWN]


@transaction.atomic
def launch_campaign(*, campaign: Campaign, by: User, at: datetime) -> Campaign:
    """Send a drawn campaign into the field; from here on its sample is frozen.

    DomainError naming what is in the way.
    """
    locked = _locked(
        campaign,
        [CampaignStatus.DRAWN],
        _("This campaign is launched already, or its sample is not drawn yet."),
    )
    obstacles = launch_obstacles(locked)
    if obstacles:
        raise DomainError(" ".join(obstacles), {"campaign": str(locked.pk)})
    locked.status, locked.launched_at, locked.launched_by = CampaignStatus.RUNNING, at, by
    locked.field_ends_at = at + timedelta(days=locked.programme.field_days)
    locked.save()
    ring(RUN_CAMPAIGNS)
    return locked


@transaction.atomic
def pause_campaign(*, campaign: Campaign, at: datetime) -> Campaign:
    """Send no invitations until the campaign is resumed.

    Links that are out stay open, and the field period goes on.
    """
    return _move(
        campaign,
        [CampaignStatus.RUNNING],
        CampaignStatus.PAUSED,
        _("Only a running campaign can be paused."),
        at,
    )


@transaction.atomic
def resume_campaign(*, campaign: Campaign, at: datetime) -> Campaign:
    """Go on inviting where the pause began."""
    resumed = _move(
        campaign,
        [CampaignStatus.PAUSED],
        CampaignStatus.RUNNING,
        _("Only a paused campaign can be resumed."),
        at,
    )
    ring(RUN_CAMPAIGNS)
    return resumed


@transaction.atomic
def close_campaign(
    *, campaign: Campaign, cause: ClosingCause, by: User | None = None, at: datetime
) -> Campaign:
    """End the field: open links end, the result is frozen and measured.

    ConflictError unless the campaign was in the field.

    DomainError unless a person closes it (`by`) or its field
    is over: neither the target nor an exhausted frame ends it.
    """
    locked = _locked(campaign, IN_FIELD, _("Only a running or paused campaign can be ended."))
    is_over = locked.field_ends_at is not None and locked.field_ends_at <= at
    if cause not in CLOSING or (by is None and not is_over):
        raise DomainError(
            _("A campaign ends with its survey period, or when a colleague ends it."),
            {"campaign": str(locked.pk)},
        )
    return close_locked(campaign=locked, cause=cause, by=by, at=at)


@transaction.atomic
def cancel_campaign(*, campaign: Campaign, at: datetime) -> Campaign:
    """Give up a campaign that was not launched; its quarter stays without one."""
    return _move(
        campaign, _NOT_LAUNCHED, CampaignStatus.CANCELLED, _("A launched campaign can only be ended."), at
    )


def _locked(campaign: Campaign, allowed: Collection[CampaignStatus], refusal: str) -> Campaign:
    """Return the campaign locked until the transaction ends.

    The second of two callers sees what the first has made of it.
    """
    rows = Campaign.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "programme", "version"
    )
    locked = rows.get(pk=campaign.pk)
    if locked.status not in allowed:
        raise ConflictError(refusal, {"campaign": str(locked.pk), "status": locked.status})
    return locked


def _move(
    campaign: Campaign,
    allowed: Collection[CampaignStatus],
    status: CampaignStatus,
    refusal: str,
    at: datetime,
) -> Campaign:
    locked = _locked(campaign, allowed, refusal)
    locked.status, locked.updated_at = status, at
    locked.save(update_fields=["status", "updated_at"])
    return locked
