"""The caller's work list: what is due first."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from feedback_site.accounts.models import User
from visits.enums import VisitAttemptOutcome
from visits.models import Escalation, ReturnVisit, VisitAttempt

_RELATED = (
    "customer",
    "team",
    "assignee",
    "held_by",
    "agent",
    "service_event__kind",
    "service_event__channel",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """One open visit as a caller sees it: masks only, texts in the reader's language.

    `age_days` counts from the opening of the case; `held_by`
    is empty unless a colleague has the customer on the line.
    """

    visit_id: uuid.UUID
    trigger: str
    trigger_label: str
    mode: str
    mode_label: str
    customer: str
    phone: str
    kind: str
    channel: str
    case_number: str
    is_complaint: bool
    team: str
    assignee: str
    assignee_id: int | None
    is_mine: bool
    is_own_work: bool
    due_from: datetime
    due_at: datetime
    next_attempt_at: datetime
    is_due: bool
    is_overdue: bool
    age_days: int
    attempts_made: int
    max_attempts: int
    last_outcome: str
    held_by: str
    held_until: datetime | None
    is_held_by_other: bool
    is_escalated: bool


def work_list(user: User, *, at: datetime, only_mine: bool = True, limit: int = 200) -> list[WorkItem]:
    """Return the open visits of `user`, or all within scope: those due now first.

    Each group is sorted by its due date. Takes two queries.
    """
    visits = open_visits(user, only_mine=only_mine).select_related(*_RELATED)
    listed = visits.annotate(last_outcome=_last_outcome(), is_escalated=_is_escalated())
    due = list(listed.filter(next_attempt_at__lte=at).order_by("due_at", "pk")[:limit])
    later = list(listed.filter(next_attempt_at__gt=at).order_by("next_attempt_at", "pk")[: limit - len(due)])
    return [_item(visit, user, at) for visit in due + later]


def open_visits(user: User, *, only_mine: bool) -> QuerySet[ReturnVisit]:
    """Return the open visits within scope, or only those assigned to `user`."""
    visits = ReturnVisit.objects.for_user(user).open()
    return visits.filter(assignee=user) if only_mine else visits


def _last_outcome() -> Subquery:
    return Subquery(
        VisitAttempt.objects.filter(visit=OuterRef("pk")).order_by("-number").values("outcome")[:1]
    )


def _is_escalated() -> Exists:
    return Exists(Escalation.objects.open().filter(case_id=OuterRef("case_id")))


def _item(visit: ReturnVisit, user: User, at: datetime) -> WorkItem:
    event = visit.service_event
    is_held = visit.held_by is not None and visit.held_until is not None and visit.held_until > at
    last: str | None = getattr(visit, "last_outcome", None)
    next_attempt_at = visit.next_attempt_at or visit.due_from
    return WorkItem(
        visit_id=visit.pk,
        trigger=visit.trigger,
        trigger_label=visit.get_trigger_display(),
        mode=visit.mode,
        mode_label=visit.get_mode_display(),
        customer=visit.customer.name_mask or visit.customer.shown_number,
        phone=visit.customer.phone_mask,
        kind=event.kind.name if event else "",
        channel=event.channel.name if event else "",
        case_number=event.external_id if event else "",
        is_complaint=bool(event and event.is_complaint),
        team=visit.team.name,
        assignee=_name(visit.assignee),
        assignee_id=visit.assignee_id,
        is_mine=visit.assignee_id == user.pk,
        is_own_work=visit.agent is not None and visit.agent.user_id == user.pk,
        due_from=visit.due_from,
        due_at=visit.due_at,
        next_attempt_at=next_attempt_at,
        is_due=next_attempt_at <= at,
        is_overdue=visit.due_at < at,
        age_days=(at - (event.opened_at if event else visit.planned_at)).days,
        attempts_made=visit.attempts_made,
        max_attempts=visit.max_attempts,
        last_outcome=str(VisitAttemptOutcome(last).label) if last else "",
        held_by=_name(visit.held_by) if is_held else "",
        held_until=visit.held_until if is_held else None,
        is_held_by_other=is_held and visit.held_by_id != user.pk,
        is_escalated=bool(getattr(visit, "is_escalated", False)),
    )


def _name(user: User | None) -> str:
    return "" if user is None else user.get_full_name() or user.get_username()
