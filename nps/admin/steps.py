"""What staff can do with a campaign: each step asks first, then makes one call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import User
from nps.enums import IN_FIELD, CampaignStatus, ClosingCause
from nps.models import Campaign
from nps.services.drawing import request_draw
from nps.services.fielding import (
    cancel_campaign,
    close_campaign,
    launch_campaign,
    pause_campaign,
    resume_campaign,
)

_NOT_LAUNCHED = (CampaignStatus.PREPARED, CampaignStatus.DRAWING, CampaignStatus.DRAWN)


@dataclass(frozen=True, slots=True)
class CampaignStep:
    """One step; `look` is the button's: primary, plain or danger."""

    name: str
    label: Promise
    offered: Sequence[CampaignStatus]
    question: Promise
    consequence: Promise
    done: Promise
    service: Callable[[Campaign, User, datetime], Any]
    look: str = "plain"

    def label_for(self, campaign: Campaign) -> Promise:
        """What the button says: a second draw says that it is one."""
        return (
            _("Draw again") if self.name == "draw" and campaign.status == CampaignStatus.DRAWN else self.label
        )

    def look_for(self, campaign: Campaign) -> str:
        """How the button looks: drawing again is not what the page is for."""
        return "plain" if self.name == "draw" and campaign.status == CampaignStatus.DRAWN else self.look


STEPS = (
    CampaignStep(
        name="launch",
        label=_("Launch"),
        offered=(CampaignStatus.DRAWN,),
        question=_("Launch this campaign?"),
        consequence=_(
            "The sample becomes final and the first invitations are sent immediately. This cannot be undone."
        ),
        done=_("The campaign is launched: the first wave is on its way."),
        service=lambda campaign, by, at: launch_campaign(campaign=campaign, by=by, at=at),
        look="primary",
    ),
    CampaignStep(
        name="draw",
        label=_("Draw the sample"),
        offered=(CampaignStatus.PREPARED, CampaignStatus.DRAWN),
        question=_("Draw the sample now?"),
        consequence=_(
            "The sampling list will contain all customers served so far. No messages are sent. Any earlier "
            "sample is replaced."
        ),
        done=_("The sample is being drawn."),
        service=lambda campaign, _by, at: request_draw(campaign=campaign, at=at),
        look="primary",
    ),
    CampaignStep(
        name="resume",
        label=_("Resume"),
        offered=(CampaignStatus.PAUSED,),
        question=_("Go on with this campaign?"),
        consequence=_("Invitations continue where they stopped; no customer is invited twice."),
        done=_("The campaign goes on."),
        service=lambda campaign, _by, at: resume_campaign(campaign=campaign, at=at),
        look="primary",
    ),
    CampaignStep(
        name="pause",
        label=_("Pause"),
        offered=(CampaignStatus.RUNNING,),
        question=_("Pause this campaign?"),
        consequence=_(
            "No more invitations are sent until you resume. Links already sent stay open, and the survey "
            "period keeps running."
        ),
        done=_("The campaign is paused."),
        service=lambda campaign, _by, at: pause_campaign(campaign=campaign, at=at),
    ),
    CampaignStep(
        name="close",
        label=_("End the campaign"),
        offered=IN_FIELD,
        question=_("End this campaign now?"),
        consequence=_(
            "Links not yet answered stop working, and the result becomes final. This cannot be undone."
        ),
        done=_("The campaign has ended and its result is final."),
        service=lambda campaign, by, at: close_campaign(
            campaign=campaign, cause=ClosingCause.STAFF, by=by, at=at
        ),
        look="danger",
    ),
    CampaignStep(
        name="cancel",
        label=_("Cancel the campaign"),
        offered=_NOT_LAUNCHED,
        question=_("Cancel this campaign?"),
        consequence=_(
            "No customer is surveyed this quarter, and the programme cannot prepare another campaign for it. "
            "This cannot be undone."
        ),
        done=_("The campaign is cancelled."),
        service=lambda campaign, _by, at: cancel_campaign(campaign=campaign, at=at),
        look="danger",
    ),
)


def steps_of(campaign: Campaign, *, is_launchable: bool = True) -> list[dict[str, Any]]:
    """Return the steps that the campaign stands before, as its page shows them.

    A campaign with obstacles is not launched.
    """
    withheld = set() if is_launchable else {"launch"}
    offered = [step for step in STEPS if campaign.status in step.offered]
    return [
        {
            "address": reverse(f"admin:nps_campaign_{step.name}", args=[campaign.pk]),
            "label": step.label_for(campaign),
            "look": step.look_for(campaign),
        }
        for step in offered
        if step.name not in withheld
    ]
