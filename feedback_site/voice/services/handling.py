"""What staff do with an entry: each step is a row that stays, and a complaint's case follows it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team, User
from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.customers.services import credit_team, keep_masked, lock_customer, names_of, uncredit_team
from feedback_site.service_events.enums import Complexity, EventStatus, TransitionType
from feedback_site.service_events.services import record_transition
from feedback_site.voice.enums import EntryKind, EntryState, StepKind
from feedback_site.voice.models import VoiceEntry, VoiceStep
from feedback_site.voice.services.words import STEP_WORDS


@transaction.atomic
def accept_entry(*, entry: VoiceEntry, by: User, text: str, at: datetime) -> VoiceEntry:
    """Accept a complaint and answer with how it goes on. ConflictError to the second of two."""
    locked = _locked(entry, EntryKind.COMPLAINT)
    if locked.state != EntryState.RECEIVED:
        raise ConflictError(_("This complaint is accepted already."), {"entry": str(entry.pk)})
    _require(text)
    locked.state, locked.accepted_at = EntryState.ACCEPTED, at
    _correct_case(locked, {"first_response_at": at}, {"first_response_at": at.isoformat()}, at)
    return _saved(locked, StepKind.ACCEPTED, by=by, text=text, is_public=True, at=at)


@transaction.atomic
def note_entry(*, entry: VoiceEntry, by: User, text: str, at: datetime) -> VoiceEntry:
    """Write down something for colleagues."""
    locked = _locked(entry)
    _require(text)
    _work_on(locked)
    return _saved(locked, StepKind.NOTED, by=by, text=text, at=at)


@transaction.atomic
def reply_to_entry(*, entry: VoiceEntry, by: User, text: str, at: datetime) -> VoiceEntry:
    """Answer the customer, who reads it under the number of the entry. A complaint is accepted first."""
    locked = _locked(entry)
    if locked.kind == EntryKind.COMPLAINT and locked.state == EntryState.RECEIVED:
        raise ConflictError(
            _("Accept the complaint first: that is its first reply."), {"entry": str(entry.pk)}
        )
    _require(text)
    _work_on(locked)
    return _saved(locked, StepKind.REPLIED, by=by, text=text, is_public=True, at=at)


@transaction.atomic
def hand_over_entry(
    *, entry: VoiceEntry, by: User | None, team: Team, text: str = "", at: datetime
) -> VoiceEntry:
    """Give an unfinished entry to another team, which sees it instead of the old one.

    The clocks run on.
    """
    locked = _unfinished(entry)
    if locked.team_id == team.pk:
        raise DomainError(_("This team has it already."), {"field": "team"})
    if locked.service_event is not None:
        count = locked.steps.filter(kind=StepKind.HANDED_OVER).count() + 1
        _correct_case(locked, {"team": team, "handovers": count}, {"team": team.code, "handovers": count}, at)
    elif locked.customer_id is not None:
        customer = lock_customer(customer_id=locked.customer_id)
        credit_team(customer=customer, team=team)
        uncredit_team(customer=customer, team=locked.team)
    locked.team = team
    _work_on(locked)
    return _saved(locked, StepKind.HANDED_OVER, by=by, text=text, team=team, at=at)


@transaction.atomic
def mark_complex(*, entry: VoiceEntry, by: User, text: str, at: datetime) -> VoiceEntry:
    """State why a complaint takes the longer time.

    Refused once the time for closing it is over: being late is not made good afterwards.
    """
    locked = _unfinished(entry, EntryKind.COMPLAINT)
    if locked.is_complex:
        raise ConflictError(_("This complaint is marked as complex already."), {"entry": str(entry.pk)})
    if locked.close_by_at is None or at > locked.close_by_at:
        raise ConflictError(
            _("The time for closing it is over: a late complaint does not become a complex one."),
            {"entry": str(entry.pk)},
        )
    _require(text)
    locked.is_complex = True
    _correct_case(locked, {"complexity": Complexity.COMPLEX}, {"complexity": Complexity.COMPLEX.value}, at)
    _work_on(locked)
    return _saved(locked, StepKind.MARKED_COMPLEX, by=by, text=text, at=at)


@transaction.atomic
def close_entry(
    *, entry: VoiceEntry, by: User, text: str, is_resolved: bool | None = None, at: datetime
) -> VoiceEntry:
    """Close a complaint with the public answer, which completes its case; or pass praise on.

    For praise the answer may be left out.

    A complaint that staff had not accepted yet is accepted by this.
    What follows, the return visit, is found further up.
    """
    locked = _unfinished(entry)
    if locked.kind == EntryKind.SUGGESTION:
        raise ConflictError(_("A suggestion can only be adopted or declined."), {"entry": str(entry.pk)})
    if locked.kind == EntryKind.COMPLAINT:
        _require(text)
        first = {} if locked.accepted_at else {"first_response_at": at}
        locked.accepted_at = locked.accepted_at or at
        _complete_case(locked, {"is_resolved": is_resolved, **first}, at)
    _finish(locked, EntryState.CLOSED, at)
    return _saved(locked, StepKind.CLOSED, by=by, text=text, is_public=bool(text.strip()), at=at)


@transaction.atomic
def review_suggestion(*, entry: VoiceEntry, by: User, text: str = "", at: datetime) -> VoiceEntry:
    """Take a suggestion under review; a text is for the customer. ConflictError to the second of two."""
    locked = _unfinished(entry, EntryKind.SUGGESTION)
    if locked.state != EntryState.RECEIVED:
        raise ConflictError(_("This suggestion is under review already."), {"entry": str(entry.pk)})
    locked.state = EntryState.UNDER_REVIEW
    return _saved(locked, StepKind.REVIEWED, by=by, text=text, is_public=bool(text.strip()), at=at)


@transaction.atomic
def decide_suggestion(
    *, entry: VoiceEntry, by: User, is_adopted: bool, text: str, at: datetime
) -> VoiceEntry:
    """Adopt or decline a suggestion and tell the customer why. ConflictError to the second of two."""
    locked = _unfinished(entry, EntryKind.SUGGESTION)
    _require(text)
    _finish(locked, EntryState.ADOPTED if is_adopted else EntryState.DECLINED, at)
    return _saved(
        locked, StepKind.ADOPTED if is_adopted else StepKind.DECLINED, by=by, text=text, is_public=True, at=at
    )


def _locked(entry: VoiceEntry, kind: EntryKind | None = None) -> VoiceEntry:
    rows = VoiceEntry.objects.select_for_update(of=("self",), no_key=True).select_related(
        "service_event", "team"
    )
    locked = rows.get(pk=entry.pk)
    if kind is not None and locked.kind != kind:
        raise ConflictError(_("This cannot be done with such an entry."), {"entry": str(entry.pk)})
    return locked


def _unfinished(entry: VoiceEntry, kind: EntryKind | None = None) -> VoiceEntry:
    locked = _locked(entry, kind)
    if locked.is_finished:
        raise ConflictError(_("This is finished already."), {"entry": str(entry.pk)})
    return locked


def _require(text: str) -> None:
    if not text.strip():
        raise DomainError(_("Please write something here."), {"field": "text"})


def _work_on(entry: VoiceEntry) -> None:
    """Whatever is done with an accepted complaint puts it in work."""
    if entry.state == EntryState.ACCEPTED:
        entry.state = EntryState.IN_WORK


def _finish(entry: VoiceEntry, state: EntryState, at: datetime) -> None:
    entry.state, entry.closed_at = state, entry.closed_at or at


def _saved(
    entry: VoiceEntry,
    kind: StepKind,
    *,
    by: User | None,
    at: datetime,
    text: str = "",
    is_public: bool = False,
    team: Team | None = None,
) -> VoiceEntry:
    entry.save(update_fields=["state", "team", "is_complex", "accepted_at", "closed_at"])
    step = VoiceStep(entry=entry, kind=kind, is_public=is_public, team=team, by=by, at=at)
    step.text = keep_masked(
        kind=STEP_WORDS,
        subject_id=step.pk,
        texts={"text": text.strip()},
        names=names_of(entry.customer),
        keeps_hotlines=True,
        at=at,
    )["text"]
    step.save(force_insert=True)
    return entry


def _correct_case(
    entry: VoiceEntry, facts: Mapping[str, Any], details: Mapping[str, Any], at: datetime
) -> None:
    if entry.service_event is not None:
        record_transition(
            event=entry.service_event,
            type=TransitionType.CORRECTED,
            happened_at=at,
            at=at,
            facts=facts,
            details=details,
        )


def _complete_case(entry: VoiceEntry, facts: Mapping[str, Any], at: datetime) -> None:
    """Complete the case, unless its own system has ended it before."""
    known = {name: value for name, value in facts.items() if value is not None}
    details = {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in known.items()
    }
    event = entry.service_event
    if event is not None and event.status in {EventStatus.OPEN, EventStatus.REOPENED}:
        record_transition(
            event=event, type=TransitionType.COMPLETED, happened_at=at, at=at, facts=known, details=details
        )
