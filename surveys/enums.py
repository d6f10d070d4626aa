from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.enums import AccessAction


class DecisionReason(TextChoices):
    """Why a completed event's customer is not asked."""

    NO_SURVEY = "no_survey", _("no survey rule matches")
    NO_CONSENT = "no_consent", _("no consent")
    NO_CONTACT = "no_contact", _("no contact")
    SUPPRESSED = "suppressed", _("do-not-contact entry")
    FREQUENCY_CAP = "frequency_cap", _("asked recently")
    SAMPLED_OUT = "sampled_out", _("not drawn for the sample")
    TOO_OLD = "too_old", _("past the sending limit")
    REOPENED = "reopened", _("reopened")
    EXCLUDED = "excluded", _("excluded")
    DUPLICATE = "duplicate", _("duplicate")


class Obstacle(StrEnum):
    """Why a customer may not be asked, in the order in which it is looked at.

    `DecisionReason` and the exclusions of NPS samples share these.
    """

    NO_CONSENT = "no_consent"
    NO_CONTACT = "no_contact"
    SUPPRESSED = "suppressed"
    FREQUENCY_CAP = "frequency_cap"


class VoidReason(TextChoices):
    """Why an invitation no longer counts."""

    REOPENED = "reopened", _("the service event was reopened")
    CANCELLED = "cancelled", _("the service event was cancelled")
    SUPERSEDED = "superseded", _("the service event was superseded")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("the customer withdrew consent")
    WITHDRAWN = "withdrawn", _("cancelled by staff")


class EffectOutcome(TextChoices):
    """What a later fact about an event did to its invitations."""

    VOIDED = "voided", _("the unsent invitation was cancelled")
    KEPT = "kept", _("the invitation had been sent or was answered")
    MOVED = "moved", _("its rows moved to the other team")
    NONE = "none", _("nothing was to be done")


class InvitationOrigin(TextChoices):
    """How an invitation came to be.

    Only those that were sent have a message, a cap, and count in the response rate.
    """

    SENT = "sent", _("sent to the customer")
    OPEN = "open", _("open link")
    INTERVIEW = "interview", _("filled in by staff")
    IMPORTED = "imported", _("answered elsewhere")


class FollowUpReason(TextChoices):
    """Why an answer asks for a return visit."""

    LOW_SCORE = "low_score", _("low score")
    DETRACTOR = "detractor", _("detractor")
    CALL_BACK = "call_back", _("asked to be called")


class FlagReason(TextChoices):
    """Why a customer's answer asks for a look at the event."""

    DID_NOT_HAPPEN = "did_not_happen", _("the service did not take place")
    WRONG_PERSON = "wrong_person", _("another person was served")
    FEE_DIFFERS = "fee_differs", _("another fee was paid")


class FeeCheck(TextChoices):
    """What comparing the fee that a customer paid with the ticket's amount found."""

    AGREES = "agrees", _("the fee agrees with the ticket")
    DIFFERS = "differs", _("the fee differs from the ticket")
    NO_AMOUNT = "no_amount", _("the ticket has no amount: nothing was compared")
    UNREADABLE = "unreadable", _("the amount on the ticket is no number: nothing was compared")
    OTHER_CURRENCY = "other_currency", _("the ticket is in another currency: nothing was compared")


class LinkState(TextChoices):
    """Where an invitation's link stands."""

    OPEN = "open", _("open")
    ANSWERED = "answered", _("answered")
    EXPIRED = "expired", _("expired")
    VOIDED = "voided", pgettext_lazy("invitation", "cancelled")


class OpenState(TextChoices):
    """Whether an open questionnaire takes answers."""

    OPEN = "open", _("takes answers")
    TO_COME = "to_come", _("not open yet")
    OVER = "over", _("its period is over")
    CLOSED = "closed", _("closed")


class DraftState(TextChoices):
    """How far an unfinished response got, by the share of applicable required questions (AAPOR's terms)."""

    OPEN = "open", _("in progress")
    SENT = "sent", _("sent")
    COMPLETE = "complete", _("complete")
    PARTIAL = "partial", _("partial")
    BREAK_OFF = "break_off", _("broken off")


class ResponseMode(TextChoices):
    WEB = "web", _("web page")
    PAPER = "paper", _("paper")
    PHONE = "phone", _("phone")
    ON_SITE = "on_site", _("on site")
    SMS = "sms", _("SMS reply")
    IVR = "ivr", _("key press on the phone")
    IMPORTED = "imported", _("imported")


# What an answer from another system may be: pages of ours and
# codes shown on site are proved by their tokens, never stated.
ELSEWHERE_MODES = [
    choice for choice in ResponseMode.choices if choice[0] not in {ResponseMode.WEB, ResponseMode.ON_SITE}
]
# How staff come by the answers that they fill in for customers.
INTERVIEW_MODES = (ResponseMode.PHONE, ResponseMode.ON_SITE, ResponseMode.PAPER)


class TallyMeasure(TextChoices):
    RESPONSE = "response", _("responses")
    SATISFACTION = "satisfaction", _("satisfaction 1-5")
    NPS = "nps", _("recommendation 0-10")
    CES = "ces", _("effort 1-7")
    # What customers said on site, where it does not count in the main figures.
    ON_SITE = "on_site", _("responses given on site, shown separately")
    ON_SITE_SATISFACTION = "on_site_csat", _("satisfaction 1-5, given on site, shown separately")
    ON_SITE_NPS = "on_site_nps", _("recommendation 0-10, given on site, shown separately")
    ON_SITE_CES = "on_site_ces", _("effort 1-7, given on site, shown separately")


class SurveyAccess(AccessAction):
    """What this app puts on record in the access log."""

    LINK_SHOWN = "link_shown", _("customer's link shown on site")
    ANSWERS_FILLED_IN = "filled_in", _("questionnaire filled in for a customer")
    MANY_LINKS_SHOWN = "many_links", _("very many links shown on site")
