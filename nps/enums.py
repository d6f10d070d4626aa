from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CampaignStatus(TextChoices):
    """Where a campaign stands. The sample may be drawn again until the launch, never after it.

    *Reached* and *exhausted*: no further wave starts, and the links live until the field ends.
    """

    PREPARED = "prepared", _("Prepared")
    DRAWING = "drawing", _("Sample is being drawn")
    DRAWN = "drawn", _("Drawn, ready to launch")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    REACHED = "reached", _("Target reached")
    EXHAUSTED = "exhausted", _("All invited")
    CLOSED = "closed", pgettext_lazy("campaign", "Ended")
    CANCELLED = "cancelled", _("Cancelled")


# Links that were sent can be answered.
IN_FIELD = [CampaignStatus.RUNNING, CampaignStatus.PAUSED, CampaignStatus.REACHED, CampaignStatus.EXHAUSTED]
LAUNCHED = [*IN_FIELD, CampaignStatus.CLOSED]


class Exclusion(TextChoices):
    """Why a customer of the frame is not asked, in the order in which it is looked at."""

    NO_CONSENT = "no_consent", _("no consent")
    NO_CONTACT = "no_contact", _("no contact")
    SUPPRESSED = "suppressed", _("do-not-contact entry")
    FREQUENCY_CAP = "frequency_cap", _("asked recently")


class ClosingCause(TextChoices):
    """Why a campaign was closed.

    The first two are causes of campaigns closed earlier; today they are states.
    """

    TARGET_REACHED = "target_reached", _("the target was reached")
    FRAME_EXHAUSTED = "frame_exhausted", _("every customer who could be invited was invited")
    TIME_OVER = "time_over", _("the survey period ended")
    STAFF = "staff", _("ended by staff")


# Either the field is over, or a person says so.
CLOSING = [ClosingCause.TIME_OVER, ClosingCause.STAFF]
