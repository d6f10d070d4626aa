from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class QuestionType(TextChoices):
    """A module of `feedback_site.questionnaires.questions` each."""

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
    """The operators of `feedback_site.questionnaires.rules.conditions`."""

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


class CallBackSlot(TextChoices):
    """When a customer wants to be called."""

    MORNING = "morning", _("In the morning")
    AFTERNOON = "afternoon", _("In the afternoon")
    EVENING = "evening", _("In the evening")
    ANY = "any", _("At any time")
