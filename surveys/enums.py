from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class QuestionType(TextChoices):
    """A module of `surveys.questions` each."""

    RATING = "rating", _("Rating")
    CSAT = "csat", _("Satisfaction (CSAT)")
    NPS = "nps", _("Recommendation 0-10 (NPS)")
    CES = "ces", _("Effort 1-7 (CES)")
    YES_NO = "yes_no", _("Yes/no question")
    CHOICE = "choice", _("Single choice")
    MULTIPLE = "multiple", _("Multiple choice")
    MATRIX = "matrix", _("Matrix")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    SHORT_TEXT = "short_text", _("Short text")
    TEXT = "text", _("Long text")
    CONTACT = "contact", _("Contact")
    CONSENT = "consent", _("Consent")
    CALL_BACK = "call_back", _("Call-back request")
    NOT_MINE = "not_mine", _("Not my service")
    FILE = "file", _("Photo or file")
    SIGNATURE = "signature", _("Signature")
    SECTION = "section", _("Section text")


class Layout(TextChoices):
    """How the questions are spread over screens."""

    PAGES = "pages", _("by page")
    SINGLE = "single", _("one question per screen")


class OptionRole(TextChoices):
    OPTION = "option", _("option")
    ROW = "row", _("row of a matrix")


class ConditionJoin(TextChoices):
    ALL = "all", _("all of these hold")
    ANY = "any", _("any of these holds")


class ConditionSource(TextChoices):
    ANSWER = "answer", _("an earlier answer")
    EVENT = "event", _("a fact of the service event")


class ConditionOperator(TextChoices):
    """The operators of `surveys.rules.conditions`."""

    EQUALS = "equals", _("is")
    DIFFERS = "differs", _("is not")
    AT_LEAST = "at_least", _("is at least")
    AT_MOST = "at_most", _("is at most")
    INCLUDES = "includes", _("includes")
    EXCLUDES = "excludes", _("does not include")
    ANSWERED = "answered", _("was answered")
    UNANSWERED = "unanswered", _("was not answered")


class EventFact(TextChoices):
    """What an event tells a condition."""

    KIND = "kind", _("service type")
    CHANNEL = "channel", _("service channel")
    SEGMENT = "segment", _("customer segment")
    TEAM = "team", _("counts for team")
    PRIORITY = "priority", _("priority")
    PRODUCT_LINE = "product_line", _("product line")
    IS_COMPLAINT = "is_complaint", _("is a complaint")
    IS_RESOLVED = "is_resolved", _("is resolved")


class Metric(TextChoices):
    """Which promoted column an answer also fills, so that it is counted."""

    NONE = "none", _("feeds no indicator")
    SATISFACTION = "satisfaction", _("satisfaction")
    NPS = "nps", _("recommendation")
    CES = "ces", _("effort")


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
    """How an invitation came to be. Only those that were sent
    have a message, a cap and a place in the response rate.
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


class CallBackSlot(TextChoices):
    """When a customer wants to be called."""

    MORNING = "morning", _("In the morning")
    AFTERNOON = "afternoon", _("In the afternoon")
    EVENING = "evening", _("In the evening")
    ANY = "any", _("At any time")


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
