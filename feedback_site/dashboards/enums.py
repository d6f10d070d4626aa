from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ExportKind(TextChoices):
    """What can be taken away as a file."""

    RESPONSES = "responses", _("Responses")
    INVITATIONS = "invitations", _("Invitations")
    SERVICE_EVENTS = "service_events", _("Service events")
    RETURN_VISITS = "return_visits", _("Return visits")
    NPS_MEMBERS = "nps_members", _("NPS members")


class ExportFormat(TextChoices):
    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("Excel (XLSX)")


class ExportStatus(TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
