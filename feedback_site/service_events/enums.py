from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class EventStatus(TextChoices):
    OPEN = "open", _("Open")
    COMPLETED = "completed", _("Completed")
    REOPENED = "reopened", _("Reopened")
    CANCELLED = "cancelled", _("Cancelled")


class TransitionType(TextChoices):
    COMPLETED = "completed", _("Completed")
    REOPENED = "reopened", _("Reopened")
    CANCELLED = "cancelled", _("Cancelled")


class Priority(TextChoices):
    ROUTINE = "routine", _("Routine")
    URGENT = "urgent", _("Urgent")


class Level(IntegerChoices):
    ONE = 1, _("Level 1")
    TWO = 2, _("Level 2")
    THREE = 3, _("Level 3")


class Complexity(TextChoices):
    SIMPLE = "simple", _("Simple")
    COMPLEX = "complex", _("Complex")
    URGENT = "urgent", _("Urgent")


class Area(TextChoices):
    CORE = "core", _("In the city")
    OUTSIDE = "outside", _("Outside")
