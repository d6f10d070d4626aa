"""An entry as its page shows it: the clocks, and each step with who took it as far as the reader may know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team, User
from feedback_site.voice.enums import EntryKind, EntryState, StepKind
from feedback_site.voice.models import VoiceEntry, VoiceStep

RUNNING, LATE, KEPT, MISSED = "running", "late", "kept", "missed"


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of a complaint: `state` is running, late (running, and over), kept or missed."""

    until: datetime
    ended_at: datetime | None
    state: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step with its sentence and the name of who took it; empty where the reader does not know them."""

    step: VoiceStep
    sentence: str
    who: str


@dataclass(frozen=True, slots=True)
class EntrySheet:
    """All that an entry's page shows."""

    entry: VoiceEntry
    accepting: Clock | None
    closing: Clock | None
    steps: Sequence[ShownStep]
    has_contact: bool


def entry_sheet(*, entry: VoiceEntry, user: User, at: datetime) -> EntrySheet:
    """Return the sheet of an entry within the reader's scope."""
    accepting = closing = None
    if entry.accept_by_at is not None and entry.close_until is not None:
        accepting = clock_of(entry.accept_by_at, entry.accepted_at, at)
        closing = clock_of(entry.close_until, entry.closed_at, at)
    customer = entry.customer
    return EntrySheet(
        entry=entry,
        accepting=accepting,
        closing=closing,
        steps=_steps(entry, user),
        has_contact=customer is not None
        and bool(customer.name_mask or customer.phone_mask or customer.email_mask),
    )


def clock_of(until: datetime, ended_at: datetime | None, at: datetime) -> Clock:
    """Return where a clock stands; an end on the very moment is in time."""
    if ended_at is not None:
        is_kept = ended_at <= until
        sentence = _("in time") if is_kept else _("late by %(time)s") % {"time": timesince(until, ended_at)}
        return Clock(until, ended_at, KEPT if is_kept else MISSED, sentence)
    return Clock(until, None, RUNNING if at <= until else LATE, due_sentence(until, at))


def due_sentence(until: datetime, at: datetime) -> str:
    """Say how long there is left, or since when there is nothing left."""
    if at <= until:
        return _("due in %(time)s") % {"time": timeuntil(until, at)}
    return _("overdue by %(time)s") % {"time": timesince(until, at)}


def steps_open_to(entry: VoiceEntry, at: datetime) -> list[str]:
    """Return the steps that can be taken with an entry as it stands, by the names of the services' steps."""
    if entry.kind == EntryKind.COMPLAINT:
        return _steps_of_complaint(entry, at)
    if entry.is_finished:
        return ["answer", "note"]
    if entry.kind == EntryKind.SUGGESTION:
        first = ["review"] if entry.state == EntryState.RECEIVED else []
        return [*first, "decide", "answer", "note", "hand_over"]
    return ["close", "answer", "note", "hand_over"]


def _steps_of_complaint(entry: VoiceEntry, at: datetime) -> list[str]:
    if entry.is_finished:
        return ["answer", "note"]
    first = ["accept"] if entry.state == EntryState.RECEIVED else ["close", "answer"]
    may_be_complex = not entry.is_complex and entry.close_by_at is not None and at <= entry.close_by_at
    return [*first, "note", "hand_over", *(["mark_complex"] if may_be_complex else [])]


def _steps(entry: VoiceEntry, user: User) -> list[ShownStep]:
    rows = list(entry.steps.select_related("by", "team").order_by("-at", "-pk"))
    colleagues = set(
        User.objects.for_user(user).filter(pk__in={row.by_id for row in rows}).values_list("pk", flat=True)
    )
    teams = set(
        Team.objects.for_user(user).filter(pk__in={row.team_id for row in rows}).values_list("pk", flat=True)
    )
    return [
        ShownStep(
            row, _sentence(row, entry, row.team_id in teams), _name(row) if row.by_id in colleagues else ""
        )
        for row in rows
    ]


def _sentence(step: VoiceStep, entry: VoiceEntry, is_team_known: bool) -> str:  # noqa: FBT001 - said by its name
    if step.kind == StepKind.CLOSED:
        return entry.state_in_words(EntryState.CLOSED)
    if step.kind != StepKind.HANDED_OVER:
        return str(step.get_kind_display())
    return (
        _("Handed over to %(team)s") % {"team": step.team}
        if is_team_known
        else _("Handed over to another team")
    )


def _name(step: VoiceStep) -> str:
    return (step.by.get_full_name() or step.by.get_username()) if step.by else ""
