from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProblemSource(TextChoices):
    """What opened a problem."""

    WEAK_INDICATOR = "weak_indicator", _("weak indicator")
    ESCALATION = "escalation", _("escalation")
    MANUAL = "manual", _("raised by staff")


class ProblemTheme(TextChoices):
    """What a problem is about, as the analysis table sorts it."""

    ATTITUDE = "attitude", _("attitude")
    EFFICIENCY = "efficiency", _("resolution efficiency")
    EXPERTISE = "expertise", _("expertise")
    OTHER = "other", _("other")


class ProblemStatus(TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", pgettext_lazy("problem", "Closed")


class ClosingReason(TextChoices):
    PROVED = "proved", _("improvement verified")
    WITHDRAWN = "withdrawn", _("not a problem")


class ProofKind(TextChoices):
    """What proves an action.

    A return visit that finds the repair good, or a later measurement that meets the standard.
    """

    VISIT = "visit", _("return visit")
    MEASUREMENT = "measurement", _("later measurement")


class ActionStatus(TextChoices):
    PLANNED = "planned", _("Planned")
    DONE = "done", _("Done, not verified yet")
    PROVED = "proved", _("Verified")
    FAILED = "failed", _("Did not work")
