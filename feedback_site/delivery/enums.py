from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
    FAILED = "failed", pgettext_lazy("message", "Sending failed")
    SUPPRESSED = "suppressed", _("Suppressed")
    MISSED = "missed", _("Not sent")
    UNCERTAIN = "uncertain", _("Uncertain")
    VOIDED = "voided", pgettext_lazy("invitation", "Cancelled")


class EndReason(TextChoices):
    """Why a message ended without being sent.

    Codes of gateways stand beside these, and are shown as they came.
    """

    ANSWERED = "answered", _("the questionnaire is answered")
    VOIDED = "voided", _("the invitation was cancelled")
    EXPIRED = "expired", _("the link has expired")
    GONE = "gone", _("the invitation no longer exists")
    NO_CONTACT = "no_contact", _("no contact")
    BAD_ADDRESS = "bad_address", _("the phone number or email address cannot be used")
    SUPPRESSED = "suppressed", _("the contact is on the do-not-contact list")
    SEND_UNTIL_PASSED = "send_until_passed", _("the time for sending has passed")
    LEASE_EXPIRED = "lease_expired", _("sending was interrupted, and the outcome is unknown")
    REOPENED = "reopened", _("the service event was reopened")
    CANCELLED = "cancelled", _("the service event was cancelled")
    SUPERSEDED = "superseded", _("the service event was superseded")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("the customer withdrew consent")
    WITHDRAWN = "withdrawn", _("cancelled by staff")

    @classmethod
    def in_words(cls, code: str) -> str:
        """Return what a code means, or the code of a gateway as it came."""
        return str(cls(code).label) if code in cls.values else code


class LateCause(TextChoices):
    """Why a message left after its deadline."""

    RECORDED_LATE = "recorded_late", _("the service event was registered after the time limit")
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
