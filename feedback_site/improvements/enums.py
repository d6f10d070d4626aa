from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProblemSource(TextChoices):
    """What opened a problem."""

    WEAK_INDICATOR = "weak_indicator", _("weak indicator")
    ESCALATION = "escalation", _("escalation")
    MANUAL = "manual", _("stated by staff")


class ProblemTheme(TextChoices):
    """What a problem is about, as the analysis table sorts it."""

    ATTITUDE = "attitude", _("attitude")
    EFFICIENCY = "efficiency", _("resolution efficiency")
    EXPERTISE = "expertise", _("expertise")
    OTHER = "other", _("other")


class ProblemStatus(TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class ClosingReason(TextChoices):
    PROVED = "proved", _("improvement proved")
    WITHDRAWN = "withdrawn", _("no problem after all")


class ProofKind(TextChoices):
    """What proves an action: a return visit that finds the repair good, or a later measurement that meets the standard."""

    VISIT = "visit", _("return visit")
    MEASUREMENT = "measurement", _("later measurement")


class ActionStatus(TextChoices):
    PLANNED = "planned", _("Planned")
    DONE = "done", _("Done, not proved yet")
    PROVED = "proved", _("Proved")
    FAILED = "failed", _("Did not work")
