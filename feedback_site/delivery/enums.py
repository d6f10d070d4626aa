from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DeliveryChannel(TextChoices):
    SMS = "sms", _("SMS")
    EMAIL = "email", _("Email")


# Channels where a second copy costs the customer and us: a send whose outcome is unknown is never repeated.
AT_MOST_ONCE = [DeliveryChannel.SMS]


class MessageStatus(TextChoices):
    """Where a message stands; all but `queued` and `sending` are ends."""

    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    SUPPRESSED = "suppressed", _("Suppressed")
    MISSED = "missed", _("Missed")
    UNCERTAIN = "uncertain", _("Uncertain")
    VOIDED = "voided", _("Voided")


class LateCause(TextChoices):
    """Why a message left after its deadline."""

    RECORDED_LATE = "recorded_late", _("the event was recorded after the deadline")
    RETRIED = "retried", _("earlier attempts failed")
    BACKLOG = "backlog", _("the queue was long or stood still")


class AttemptOutcome(TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    TEMPORARY = "temporary", _("Temporary failure")
    PERMANENT = "permanent", _("Permanent failure")
    UNCERTAIN = "uncertain", _("Outcome unknown")


class SuppressionReason(TextChoices):
    BOUNCED = "bounced", _("Bounced")
    COMPLAINED = "complained", _("Reported as spam")
    BLOCKED = "blocked", _("Blocked by staff")
