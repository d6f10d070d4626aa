"""Who changed what of a problem and its actions, from the rows that the database keeps of every change."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.common.listing import listed
from feedback_site.improvements.enums import ActionStatus, ClosingReason, ProblemStatus
from feedback_site.improvements.models import ImprovementAction, Problem

_BOOKKEEPING = {
    "id",
    "status",
    "done_at",
    "proved_at",
    "proof_visit_id",
    "proof_measurement",
    "closed_at",
    "closing_reason",
}


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One change in words; `who` is empty where no person was signed in: a task did it."""

    at: datetime
    who: str
    sentence: str


@dataclass(frozen=True, slots=True)
class _Change:
    at: datetime
    user_id: int | None
    sentence: str


def history_of(*, problem: Problem) -> list[HistoryItem]:
    """Return the changes of a problem and its actions, newest first.

    Takes three queries, one more where people changed something.
    """
    changes = list(_changes_of_problem(problem))
    for action in ImprovementAction.objects.filter(problem=problem):
        changes += _changes_of_action(action)
    users = User.objects.in_bulk({change.user_id for change in changes if change.user_id is not None})
    items = [
        HistoryItem(change.at, _name(users.get(change.user_id or 0)), change.sentence) for change in changes
    ]
    # What one transaction did has one time: of equals, the last one stays first.
    return sorted(items, key=lambda item: item.at)[::-1]


def _events(row: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each kept state of a row with the one before it."""
    before = None
    for event in row.events.select_related("pgh_context").order_by("pgh_id"):
        yield event, before
        before = event


def _changes_of_problem(problem: Problem) -> Iterator[_Change]:
    for event, before in _events(problem):
        if before is None:
            sentence = _("Problem raised: %(source)s") % {"source": event.get_source_display()}
        elif (before.status, event.status) == (ProblemStatus.OPEN, ProblemStatus.CLOSED):
            sentence = _("Problem closed: %(reason)s") % {"reason": ClosingReason(event.closing_reason).label}
        else:
            sentence = _changed(Problem, before, event)
        if sentence:
            yield _Change(event.pgh_created_at, _user_id(event), sentence)


def _changes_of_action(action: ImprovementAction) -> Iterator[_Change]:
    for event, before in _events(action):
        facts = {"measure": event.measure}
        if before is None:
            sentence = _("Action planned: %(measure)s") % facts
        elif before.status != event.status:
            sentence = {
                ActionStatus.PLANNED.value: _("Action planned again: %(measure)s"),
                ActionStatus.DONE.value: _("Action done: %(measure)s"),
                ActionStatus.PROVED.value: _("Action verified: %(measure)s"),
                ActionStatus.FAILED.value: _("Action did not work: %(measure)s"),
            }[event.status] % facts
        else:
            sentence = _changed(ImprovementAction, before, event)
        if sentence:
            yield _Change(event.pgh_created_at, _user_id(event), sentence)


def _changed(model: type[Model], before: Any, after: Any) -> str:
    """Name the fields that people changed, as their forms name them."""
    words = {"measure": _("what is done"), "due_at": _("due by")}
    fields = [
        field
        for field in model._meta.concrete_fields  # noqa: SLF001 - Django's documented API
        if field.name not in _BOOKKEEPING
    ]
    names = [
        str(words.get(field.name, field.verbose_name))
        for field in fields
        if getattr(before, field.attname) != getattr(after, field.attname)
    ]
    return _("Changed: %(fields)s") % {"fields": listed(names)} if names else ""


def _user_id(event: Any) -> int | None:
    metadata = event.pgh_context.metadata if event.pgh_context else {}
    return metadata.get("user")


def _name(user: User | None) -> str:
    return (user.get_full_name() or user.get_username()) if user else ""
