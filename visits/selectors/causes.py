"""What asks for a visit and has none yet: an anti-join of the rows below us on the reasons of visits.

A person who cannot be visited is no cause: a customer who did not agree to return visits, or who has no
phone while the plan calls by phone. Nothing is written of them, because a visit that no colleague may
make would be no record of anything. They are looked at again, by the tick while their source is new
and every night until it is `MOST_AGE` old: consent that arrives meanwhile still makes the visit.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet

from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Customer
from feedback_site.customers.selectors import consenting
from feedback_site.improvements.models import ImprovementAction
from feedback_site.improvements.selectors import actions_to_verify
from feedback_site.service_events.enums import Complexity, EventStatus, TransitionType
from feedback_site.service_events.models import ServiceEventTransition
from surveys.models import FollowUpRequest
from surveys.selectors.addresses import CALL
from surveys.services.invitations.askable import load_askable
from visits.enums import VisitMode, VisitTrigger
from visits.models import Escalation, VisitPlan, VisitSource
from visits.selectors.plans import PlanReach, Reaches

# Longer than any transaction may last, so that no fact commits
# behind the window; the nightly pass looks further back.
WINDOW = timedelta(days=2)
# A customer who was served longer ago would not know what the call is about.
MOST_AGE = timedelta(days=14)
_Row = TypeVar("_Row", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One row that asks for a visit, and the plan by which it is made. `since` is when it happened."""

    kind: str
    source_id: uuid.UUID
    since: datetime
    plan: VisitPlan
    customer_id: uuid.UUID
    service_event_id: uuid.UUID | None
    team_id: int
    credited_team_id: int
    agent_id: int | None

    @property
    def case_id(self) -> uuid.UUID:
        """The event, or the customer where no event is concerned."""
        return self.service_event_id or self.customer_id


@dataclass(frozen=True, slots=True)
class Look:
    """How far a sweep looks back, and how much it takes at once, from which row on."""

    at: datetime
    everything: bool
    limit: int
    start: int = 0

    @property
    def page(self) -> slice:
        """The rows that are looked at together."""
        return slice(self.start, self.start + self.limit)

    @property
    def since(self) -> datetime:
        """Rows recorded earlier are left to the nightly pass."""
        return self.at - (MOST_AGE if self.everything else WINDOW)


def causes(reaches: Reaches, look: Look) -> list[Cause]:
    """Return what asks for a visit, by trigger and then the oldest first, up to the limit.

    Takes at most one query for the rows of a page per trigger and plan, and a few for their customers.
    """
    found: list[Cause] = []
    for trigger, find in _FINDERS:
        for reach in reaches[trigger]:
            found += _first_askable(partial(find, trigger, reach), look)
    return found[: look.limit]


def _first_askable(find: Callable[[Look], Iterable[Cause]], look: Look) -> list[Cause]:
    """Return the first causes whose customers may be asked.

    It looks page by page: causes whose customers may not be asked, as far as only the rule can tell, must not
    keep others waiting.
    """
    found: list[Cause] = []
    while True:
        page = list(find(look))
        found += _askable(page, look.at)
        if len(page) < look.limit or len(found) >= look.limit:
            return found
        look = replace(look, start=look.start + look.limit)


def _askable(page: Collection[Cause], at: datetime) -> list[Cause]:
    if not page:
        return []
    customers = Customer.objects.filter(pk__in={cause.customer_id for cause in page})
    askable = load_askable(customers=customers, purpose=Purpose.VISIT)

    def is_open(cause: Cause) -> bool:
        asking = askable.may_be_asked(cause.customer_id, channels=_channels_of(cause.plan), moment=at)
        return asking.obstacle is None

    return [cause for cause in page if is_open(cause)]


def _channels_of(plan: VisitPlan) -> list[str] | None:
    return [CALL] if plan.mode == VisitMode.PHONE else None


def _complaints(kind: VisitTrigger, reach: PlanReach, look: Look) -> Iterator[Cause]:
    """Return completions of complaints, and of cases that a return visit found not resolved.

    Such a customer has complained too.
    """
    plan = reach.plan
    escalated = Escalation.objects.open().filter(case_id=OuterRef("event_id"), opened_at__lte=OuterRef("at"))
    wanted = Q(Exists(escalated))
    if plan is not None:
        wanted |= Q(event__is_complaint=True)
    rows = list(_completions(kind, reach, look).filter(wanted)[look.page])
    if plan is not None:
        yield from (_of_completion(kind, row, plan) for row in rows)
        return
    # Without a plan for complaints the repair is verified by the plan that found it wanting.
    escalations = (
        Escalation.objects.open()
        .filter(case_id__in=[row.event_id for row in rows])
        .select_related("visit__plan")
    )
    plan_of = {escalation.case_id: escalation.visit.plan for escalation in escalations}
    yield from (_of_completion(kind, row, plan_of[row.event_id]) for row in rows if row.event_id in plan_of)


def _complex_cases(kind: VisitTrigger, reach: PlanReach, look: Look) -> Iterator[Cause]:
    if reach.plan is None:
        return
    rows = _completions(kind, reach, look).filter(event__complexity=Complexity.COMPLEX)
    for row in rows[look.page]:
        yield _of_completion(kind, row, reach.plan)


def _completions(kind: VisitTrigger, reach: PlanReach, look: Look) -> QuerySet[ServiceEventTransition]:
    """The latest completions of events that stay completed; a reopened event waits for its next one."""
    rows = ServiceEventTransition.objects.filter(
        reach.holds_for("event__team_id"),
        type=TransitionType.COMPLETED,
        recorded_at__gte=look.since,
        at__gte=look.at - MOST_AGE,
        at=F("event__completed_at"),
        event__status=EventStatus.COMPLETED,
        event__is_replayed=False,
    )
    return _to_be_visited(rows, kind, customer="event__customer").select_related("event").order_by("at", "pk")


def _of_completion(kind: VisitTrigger, row: ServiceEventTransition, plan: VisitPlan) -> Cause:
    event = row.event
    return Cause(
        kind=kind.value,
        source_id=row.pk,
        since=row.at,
        plan=plan,
        customer_id=event.customer_id,
        service_event_id=event.pk,
        team_id=event.team_id,
        credited_team_id=event.credited_team_id,
        agent_id=event.agent_id,
    )


def _follow_ups(kind: VisitTrigger, reach: PlanReach, look: Look) -> Iterator[Cause]:
    """Answers that staff should go back to; the reason is the trigger's word."""
    if reach.plan is None:
        return
    rows = FollowUpRequest.objects.filter(
        reach.holds_for("response__invitation__team_id"),
        reason=kind.value,
        requested_at__gte=look.since,
        response__invitation__is_replayed=False,
    ).select_related("response__invitation")
    wanted = _to_be_visited(rows, kind, customer="response__invitation__customer").order_by(
        "requested_at", "pk"
    )
    for row in wanted[look.page]:
        yield _of_follow_up(kind, row, reach.plan)


def _of_follow_up(kind: VisitTrigger, row: FollowUpRequest, plan: VisitPlan) -> Cause:
    invitation = row.response.invitation
    if invitation.customer_id is None:
        message = "a follow-up without a customer is no cause"
        raise ValueError(message)
    return Cause(
        kind=kind.value,
        source_id=row.pk,
        since=row.requested_at,
        plan=plan,
        customer_id=invitation.customer_id,
        service_event_id=invitation.service_event_id,
        team_id=invitation.team_id,
        credited_team_id=invitation.credited_team_id,
        agent_id=invitation.agent_id,
    )


def _improvements(kind: VisitTrigger, reach: PlanReach, look: Look) -> Iterator[Cause]:
    """Return finished actions that a visit must prove, of any age: few are open at a time.

    A case in repair waits for its completion.
    """
    if reach.plan is None:
        return
    event = "problem__service_event"
    rows = actions_to_verify().filter(
        reach.holds_for(f"{event}__team_id"),
        **{f"{event}__status": EventStatus.COMPLETED, f"{event}__is_replayed": False},
    )
    wanted = _to_be_visited(rows, kind, customer=f"{event}__customer").select_related(event)
    for row in wanted.order_by("done_at", "pk")[look.page]:
        yield _of_action(row, reach.plan)


def _of_action(row: ImprovementAction, plan: VisitPlan) -> Cause:
    event = row.problem.service_event
    if event is None or row.done_at is None:
        message = "an action without an event or an end is no cause"
        raise ValueError(message)
    return Cause(
        kind=VisitTrigger.IMPROVEMENT.value,
        source_id=row.pk,
        since=row.done_at,
        plan=plan,
        customer_id=event.customer_id,
        service_event_id=event.pk,
        team_id=event.team_id,
        credited_team_id=event.credited_team_id,
        agent_id=event.agent_id,
    )


def _to_be_visited(rows: QuerySet[_Row], kind: VisitTrigger, *, customer: str) -> QuerySet[_Row]:
    """Rows that no visit knows, of customers who allow visits as far as a statement can tell."""
    known = VisitSource.objects.filter(kind=kind, source_id=OuterRef("pk"))
    willing = consenting(Purpose.VISIT).filter(pk=OuterRef(f"{customer}_id"))
    return rows.filter(~Exists(known), Exists(willing))


_FINDERS: Sequence[tuple[VisitTrigger, Callable[[VisitTrigger, PlanReach, Look], Iterable[Cause]]]] = (
    (VisitTrigger.COMPLAINT_CLOSED, _complaints),
    (VisitTrigger.COMPLEX_CASE, _complex_cases),
    (VisitTrigger.LOW_SCORE, _follow_ups),
    (VisitTrigger.DETRACTOR, _follow_ups),
    (VisitTrigger.CALL_BACK, _follow_ups),
    (VisitTrigger.IMPROVEMENT, _improvements),
)
