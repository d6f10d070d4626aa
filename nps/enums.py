from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CampaignStatus(TextChoices):
    """Where a campaign stands. The sample may be drawn anew until the launch, never after it."""

    PREPARED = "prepared", _("Prepared")
    DRAWING = "drawing", _("Sample is being drawn")
    DRAWN = "drawn", _("Drawn, ready to launch")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


LAUNCHED = [CampaignStatus.RUNNING, CampaignStatus.PAUSED, CampaignStatus.CLOSED]


class Exclusion(TextChoices):
    """Why a customer of the frame is not asked, in the order in which it is looked at."""

    NO_CONSENT = "no_consent", _("no consent")
    NO_CONTACT = "no_contact", _("no contact")
    SUPPRESSED = "suppressed", _("suppressed address")
    FREQUENCY_CAP = "frequency_cap", _("asked recently")


class ClosingCause(TextChoices):
    TARGET_REACHED = "target_reached", _("the target was reached")
    FRAME_EXHAUSTED = "frame_exhausted", _("everybody who could be asked was asked")
    TIME_OVER = "time_over", _("the field period ended")
    STAFF = "staff", _("closed by staff")
