from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.enums import AccessAction


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
    FAILED = "failed", pgettext_lazy("export", "Export failed")
    CANCELLED = "cancelled", _("Cancelled")


class PeriodPreset(TextChoices):
    """Periods that have a name; the present ones end today."""

    THIS_MONTH = "this_month", _("This month")
    LAST_MONTH = "last_month", _("Last month")
    THIS_QUARTER = "this_quarter", _("This quarter")
    LAST_QUARTER = "last_quarter", _("Last quarter")
    CUSTOM = "custom", _("From … to …")


class Breakdown(TextChoices):
    """What figures are taken apart by."""

    TEAM = "team", _("Team")
    SURVEY = "survey", _("Survey rule")
    CHANNEL = "channel", _("Service channel")
    KIND = "kind", _("Service type")
    SEGMENT = "segment", _("Customer segment")
    MONTH = "month", _("Month")


class StoppedAt(TextChoices):
    """How far customers came who opened the link and did not submit.

    The values are those of `surveys.enums.DraftState`, and one for customers who saved nothing.
    """

    OPEN = "open", _("in progress: the link is still open")
    PARTIAL = "partial", _("partial: answered much of what is required")
    BREAK_OFF = "break_off", _("broken off: answered little of what is required")
    NOTHING = "nothing", _("opened only: finished no page")


class GoalVerdict(TextChoices):
    """What the interval of a share says about its goal."""

    MET = "met", _("target met")
    NOT_MET = "not_met", _("target not met")
    UNCLEAR = "unclear", _("no clear difference from target")
    TOO_FEW = "too_few", _("too few results to judge")


class Finding(TextChoices):
    """What came of a criterion."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    NO_DATA = "no_data", _("no data")


class FunnelStep(TextChoices):
    """The steps from the completed event to the answer."""

    COMPLETED = "completed", _("Completed events")
    ELIGIBLE = "eligible", _("Eligible to be asked")
    INVITED = "invited", _("Invited")
    SENT = "sent", _("Message sent")
    VISITED = "visited", _("Link opened")
    SUBMITTED = "submitted", _("Answer submitted")


class Composed(TextChoices):
    """What the customers are composed of when those heard are compared with those served."""

    SEGMENT = "segment", _("Customer segment")
    KIND = "kind", _("Service type")
    CHANNEL = "channel", _("Service channel")
    COMPLAINT = "complaint", _("Complaint")


class ExportAccess(AccessAction):
    """What this app puts on record in the access log."""

    EXPORT_DOWNLOADED = "downloaded", _("export downloaded")
