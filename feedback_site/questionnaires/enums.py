from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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
