"""What callers write down: masked where it stands, kept sealed where masking changed it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.customers.services.old_words import RowsOfWords
from feedback_site.customers.services.word_subjects import WordSubject, row_key
from visits.models import Escalation, VisitAttempt

ATTEMPT_WORDS, ESCALATION_WORDS = "visit_attempt", "escalation"

OLD_ATTEMPTS = RowsOfWords(
    kind=ATTEMPT_WORDS,
    rows=lambda: VisitAttempt.objects.select_related("visit__customer"),
    fields=("note",),
    customer=lambda attempt: attempt.visit.customer,
    trigger="visits.VisitAttempt:facts_are_only_added",
)
OLD_ESCALATIONS = RowsOfWords(
    kind=ESCALATION_WORDS,
    rows=lambda: Escalation.objects.select_related("visit__customer").select_for_update(
        of=("self",), no_key=True
    ),
    fields=("closing_note",),
    customer=lambda escalation: escalation.visit.customer,
)


def find_attempt(by: User, subject_id: str) -> WordSubject | None:
    """Return an attempt that `by` may read."""
    key = (
        int(subject_id) if subject_id.isascii() and subject_id.isdecimal() and len(subject_id) < 19 else None  # noqa: PLR2004 - a bigint
    )
    row = (
        VisitAttempt.objects.for_user(by).filter(pk=key).select_related("visit").first()
        if key is not None
        else None
    )
    if row is None or not by.has_perm("visits.view_visitattempt"):
        return None
    title = f"{row.visit} · {row.number}"
    return WordSubject(
        row.visit.team_id,
        title,
        reverse("admin:visits_visitattempt_change", args=[row.pk]),
        lambda _name: _("Note"),
    )


def find_escalation(by: User, subject_id: str) -> WordSubject | None:
    """Return an escalation that `by` may read."""
    row = Escalation.objects.for_user(by).filter(pk=row_key(subject_id)).first()
    if row is None or not by.has_perm("visits.view_escalation"):
        return None
    return WordSubject(
        row.team_id,
        str(row),
        reverse("admin:visits_escalation_change", args=[row.pk]),
        lambda _name: _("closing note"),
    )
