from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class VisitTrigger(TextChoices):
    """Why a return visit is made."""

    COMPLAINT_CLOSED = "complaint_closed", _("complaint closed")
    COMPLEX_CASE = "complex_case", _("complex service event completed")
    LOW_SCORE = "low_score", _("low score")
    DETRACTOR = "detractor", _("NPS detractor")
    CALL_BACK = "call_back", _("asked to be called")
    IMPROVEMENT = "improvement", _("improvement to verify")


class VisitMode(TextChoices):
    """How the customer is spoken to; values are those of a response's mode."""

    PHONE = "phone", _("by phone")
    ON_SITE = "on_site", _("on site")


class VisitStatus(TextChoices):
    OPEN = "open", pgettext_lazy("visit", "To do")
    CLOSED = "closed", pgettext_lazy("visit", "Ended")


class VisitAttemptOutcome(TextChoices):
    """What one call or visit brought."""

    VERIFIED_RESOLVED = "verified_resolved", _("Verified: resolved")
    NOT_RESOLVED = "not_resolved", _("Not resolved")
    REFUSED = "refused", _("Refused to talk")
    NO_ANSWER = "no_answer", _("No answer")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    CALL_LATER = "call_later", _("Call again later")


class VisitOutcome(TextChoices):
    """How a return visit ended."""

    VERIFIED_RESOLVED = "verified_resolved", _("Verified: resolved")
    NOT_RESOLVED = "not_resolved", _("Not resolved")
    REFUSED = "refused", _("Refused to talk")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    UNREACHED = "unreached", _("Not reached")


# What the customer said of the repair; the other outcomes say only that the colleague could not ask.
VERDICTS = [VisitOutcome.VERIFIED_RESOLVED, VisitOutcome.NOT_RESOLVED]
# Outcomes after which the customer is tried again, as long as attempts are left.
RETRIED = [VisitAttemptOutcome.NO_ANSWER, VisitAttemptOutcome.CALL_LATER]


class EscalationStatus(TextChoices):
    OPEN = "open", _("Open")
    VERIFIED = "verified", _("Verified: resolved")
    CLOSED = "closed", _("Closed without verification")
