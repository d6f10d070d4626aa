"""What customers and staff write about an entry: stored masked, sealed where masking changed it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.customers.services.old_words import RowsOfWords
from feedback_site.customers.services.word_subjects import WordSubject, row_key
from feedback_site.voice.models import VoiceEntry, VoiceStep

ENTRY_WORDS, STEP_WORDS = "voice_entry", "voice_step"

OLD_ENTRIES = RowsOfWords(
    kind=ENTRY_WORDS,
    rows=lambda: VoiceEntry.objects.select_related("customer").select_for_update(of=("self",), no_key=True),
    fields=("text", "ticket_number"),
    customer=lambda entry: entry.customer,
)
OLD_STEPS = RowsOfWords(
    kind=STEP_WORDS,
    rows=lambda: VoiceStep.objects.select_related("entry__customer"),
    fields=("text",),
    customer=lambda step: step.entry.customer,
    trigger="voice.VoiceStep:facts_are_only_added",
    keeps_hotlines=True,
)


def find_entry(by: User, subject_id: str) -> WordSubject | None:
    """Return an entry that `by` may read."""
    row = VoiceEntry.objects.for_user(by).filter(pk=row_key(subject_id)).first()
    return _subject(row, str(row)) if row is not None and by.has_perm("voice.view_voiceentry") else None


def find_step(by: User, subject_id: str) -> WordSubject | None:
    """Return a step of an entry that `by` may read."""
    row = VoiceStep.objects.for_user(by).filter(pk=row_key(subject_id)).select_related("entry").first()
    if row is None or not by.has_perm("voice.view_voiceentry"):
        return None
    return _subject(row.entry, f"{row.entry} · {row.get_kind_display()}")


def _subject(entry: VoiceEntry, title: str) -> WordSubject:
    labels = {"text": _("text"), "ticket_number": _("ticket number")}
    return WordSubject(
        entry.team_id,
        title,
        reverse("admin:voice_voiceentry_change", args=[entry.pk]),
        lambda name: labels.get(name, name),
    )
