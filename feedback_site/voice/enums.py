from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EntryKind(TextChoices):
    COMPLAINT = "complaint", _("Complaint")
    SUGGESTION = "suggestion", _("Suggestion")
    PRAISE = "praise", _("Praise")


class EntryState(TextChoices):
    """How far an entry is.

    Complaints are accepted, worked on and closed; suggestions reviewed and decided; praise passed on.
    """

    RECEIVED = "received", _("Received")
    ACCEPTED = "accepted", pgettext_lazy("complaint", "Accepted")
    IN_WORK = "in_work", _("In work")
    UNDER_REVIEW = "under_review", _("Under review")
    ADOPTED = "adopted", _("Adopted")
    DECLINED = "declined", _("Declined")
    CLOSED = "closed", pgettext_lazy("complaint", "Closed")


STATES = {
    EntryKind.COMPLAINT: [EntryState.RECEIVED, EntryState.ACCEPTED, EntryState.IN_WORK, EntryState.CLOSED],
    EntryKind.SUGGESTION: [
        EntryState.RECEIVED,
        EntryState.UNDER_REVIEW,
        EntryState.ADOPTED,
        EntryState.DECLINED,
    ],
    EntryKind.PRAISE: [EntryState.RECEIVED, EntryState.CLOSED],
}
FINAL_STATES = [EntryState.ADOPTED, EntryState.DECLINED, EntryState.CLOSED]


class StepKind(TextChoices):
    """What staff did with an entry."""

    ACCEPTED = "accepted", pgettext_lazy("complaint", "Accepted")
    NOTED = "noted", _("Note")
    REPLIED = "replied", _("Reply")
    HANDED_OVER = "handed_over", _("Handed over")
    MARKED_COMPLEX = "complex", _("Marked as complex")
    REVIEWED = "reviewed", _("Under review")
    ADOPTED = "adopted", _("Adopted")
    DECLINED = "declined", _("Declined")
    CLOSED = "closed", pgettext_lazy("complaint", "Closed")
    REOPENED = "reopened", _("Reopened")
