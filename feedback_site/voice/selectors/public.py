"""What the public may read: what was done, the suggestion of the month, and how far an entry is.

The last is for people who have its number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from feedback_site.voice.enums import STATES, EntryKind, EntryState
from feedback_site.voice.models import MonthlySuggestion, PublishedChange, VoiceEntry, VoiceStep

MOST_CHANGES = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What staff told the customer, and when."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One state on the way; `at` is when it was reached, as far as that is kept."""

    name: str
    is_reached: bool
    is_current: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the page of a number shows: never the text, never the contact, never who works on it."""

    reference: str
    kind: str
    state: str
    language: str
    received_at: datetime
    stages: Sequence[Stage]
    answers: Sequence[Answer]


def public_changes() -> list[PublishedChange]:
    """Return what was published and not withdrawn, newest first."""
    return list(PublishedChange.objects.public().order_by("-published_at", "-pk")[:MOST_CHANGES])


def latest_monthly_suggestion() -> MonthlySuggestion | None:
    """Return the suggestion of the latest month that has one."""
    return MonthlySuggestion.objects.select_related("entry").order_by("-month").first()


def standing_of(reference: str) -> Standing | None:
    """Return how far the entry with this number is; None where there is none.

    Labels are in the active language.
    """
    entry = VoiceEntry.objects.defer("text").filter(reference=reference).first()
    if entry is None:
        return None
    public = VoiceStep.objects.filter(entry=entry, is_public=True).order_by("at", "pk")
    return Standing(
        reference=entry.reference,
        kind=str(entry.get_kind_display()),
        state=entry.state_in_words(),
        language=entry.language,
        received_at=entry.received_at,
        stages=_stages(entry),
        answers=[Answer(step.at, step.text) for step in public],
    )


def _stages(entry: VoiceEntry) -> list[Stage]:
    way = [EntryState(state) for state in STATES[EntryKind(entry.kind)]]
    if entry.kind == EntryKind.SUGGESTION:
        decided = EntryState(entry.state) if entry.is_finished else None
        way = [EntryState.RECEIVED, EntryState.UNDER_REVIEW, *([decided] if decided else [])]
    place = way.index(EntryState(entry.state))
    moments = {EntryState.RECEIVED: entry.received_at, EntryState.ACCEPTED: entry.accepted_at}
    if entry.is_finished:
        moments[EntryState(entry.state)] = entry.closed_at
    stages = [
        Stage(
            entry.state_in_words(state),
            is_reached=number <= place,
            is_current=number == place,
            at=moments.get(state) if number <= place else None,
        )
        for number, state in enumerate(way)
    ]
    if entry.kind == EntryKind.SUGGESTION and not entry.is_finished:
        stages.append(Stage(_("Decision made"), is_reached=False, is_current=False, at=None))
    return stages
