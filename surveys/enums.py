from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class QuestionType(TextChoices):
    RATING = "rating", _("Rating 1-5")
    NPS = "nps", _("Recommendation 0-10")
    CHOICE = "choice", _("Single choice")
    TEXT = "text", _("Text")


class Metric(TextChoices):
    """Which promoted column an answer also fills, so that it is counted."""

    NONE = "none", _("none")
    SATISFACTION = "satisfaction", _("satisfaction")
    NPS = "nps", _("recommendation")


class DecisionReason(TextChoices):
    """Why a completed event's customer is not asked."""

    NO_SURVEY = "no_survey", _("no survey matches")
    NO_CONSENT = "no_consent", _("no consent")
    NO_CONTACT = "no_contact", _("no contact")
    SUPPRESSED = "suppressed", _("suppressed address")
    FREQUENCY_CAP = "frequency_cap", _("asked recently")
    SAMPLED_OUT = "sampled_out", _("not in the sample")
    TOO_OLD = "too_old", _("too old")
    REOPENED = "reopened", _("reopened")
    EXCLUDED = "excluded", _("excluded")
    DUPLICATE = "duplicate", _("duplicate")


class VoidReason(TextChoices):
    """Why an invitation no longer counts."""

    REOPENED = "reopened", _("the event was reopened")
    CANCELLED = "cancelled", _("the event was cancelled")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("consent was withdrawn")
    WITHDRAWN = "withdrawn", _("withdrawn by staff")


class LinkState(TextChoices):
    """Where an invitation's link stands."""

    OPEN = "open", _("open")
    ANSWERED = "answered", _("answered")
    EXPIRED = "expired", _("expired")
    VOIDED = "voided", _("voided")


class ResponseMode(TextChoices):
    WEB = "web", _("web page")
    PAPER = "paper", _("paper")
    PHONE = "phone", _("phone")
    IMPORTED = "imported", _("imported")


class TallyMeasure(TextChoices):
    RESPONSE = "response", _("responses")
    SATISFACTION = "satisfaction", _("satisfaction 1-5")
    NPS = "nps", _("recommendation 0-10")
