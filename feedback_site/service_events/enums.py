from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.enums import AccessAction


class EventStatus(TextChoices):
    OPEN = "open", _("Open")
    COMPLETED = "completed", _("Completed")
    REOPENED = "reopened", _("Reopened")
    CANCELLED = "cancelled", _("Cancelled")
    SUPERSEDED = "superseded", _("Superseded")


class TransitionType(TextChoices):
    """What may happen to an event later; all but a correction decide where it stands."""

    COMPLETED = "completed", _("Completed")
    REOPENED = "reopened", _("Reopened")
    CANCELLED = "cancelled", _("Cancelled")
    SUPERSEDED = "superseded", _("Superseded")
    CORRECTED = "corrected", _("Corrected")


class ContactFault(TextChoices):
    """Why a contact was left out of an event; the values are codes of the API."""

    NAMES_NOBODY = "names_nobody", _("This stands where no name or number is known. It was left out.")
    NOT_A_NAME = "not_a_name", _("This name cannot be stored. It was left out.")
    NOT_A_PHONE_NUMBER = (
        "not_a_phone_number",
        _("This is not one phone number that can be called. It was left out."),
    )
    NOT_AN_EMAIL_ADDRESS = "not_an_email_address", _("This is not one email address. It was left out.")


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


class ImportStatus(TextChoices):
    """How far a file of events is. *Checked*: read without changing anything; staff have to say go."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    CHECKED = "checked", _("Checked")
    DONE = "done", _("Done")
    FAILED = "failed", pgettext_lazy("import", "Import failed")
    CANCELLED = "cancelled", _("Cancelled")


class ImportOrigin(TextChoices):
    """Who reads the file: the background, or the command that named it."""

    UPLOAD = "upload", _("Upload")
    COMMAND = "command", _("Command")


class ServiceEventAccess(AccessAction):
    """What this app puts on record in the access log."""

    IMPORTED = "imported", _("events imported")
    WEBHOOK_CHANGED = "webhook_changed", _("webhook source or secret changed")


class CalendarPurpose(TextChoices):
    """What a working calendar is asked for; a team may keep other hours for each."""

    DEADLINES = "deadlines", _("deadlines of complaints and escalations")
    VISITS = "visits", _("waiting and due times of return visits")
    CALLS = "calls", _("calls to customers")


class DaySource(TextChoices):
    """Who says whether a day is a workday."""

    PUBLISHED = "published", _("published holiday calendar")
    STAFF = "staff", _("staff")
