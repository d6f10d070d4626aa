"""Return visits after the history's complaints, made through the same services as real ones.

Most are concluded, the newest are due.

The sweep leaves history alone, because no colleague calls a customer about
what was loaded from a file; the demo's customers exist only here.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from feedback_site.accounts.models import Team
from feedback_site.demo.people import SEED
from feedback_site.evaluations.services import measure_case_log
from feedback_site.improvements.enums import ProofKind
from feedback_site.improvements.services import finish_action, plan_action
from feedback_site.service_events.enums import CalendarPurpose, EventStatus, TransitionType
from feedback_site.service_events.models import ServiceEventTransition
from feedback_site.service_events.selectors.calendar import working_times_around
from feedback_site.service_events.services import record_transition
from visits.enums import VisitAttemptOutcome, VisitTrigger
from visits.models import Escalation, ReturnVisit, VisitPlan
from visits.selectors.causes import Cause
from visits.services.assigning import assign_visits
from visits.services.concluding import record_attempt
from visits.services.measuring import measure_verified_resolution
from visits.services.planning import give_visits

# Complaints closed longer ago were visited before the history begins.
_VISITED_WITHIN = timedelta(days=30)
# The newest visits wait for the person who tries the product out: some are due, one is overdue.
_LEFT_DUE, _LEFT_OVERDUE = 4, 1
_AFTER_DUE, _SECONDS_LATER, _REPAIRED_AFTER = (
    timedelta(minutes=40),
    timedelta(seconds=30),
    timedelta(hours=20),
)
# The third and the seventh visit find the case not resolved; the
# first of them is repaired since, the other is still escalated.
_NOT_RESOLVED, _REPAIRED = {2, 6}, 2
_UNANSWERED_FIRST = {1, 4}
_RESOLVED = {"resolved": ["yes"], "satisfaction_now": ["5"]}
_MEASURE = "更换主板，整机检测四十八小时后再交还客户"
_UNRESOLVED = {"resolved": ["no"], "satisfaction_now": ["2"], "remarks": ["修好两天后又出现同样的问题"]}


def load_visits(*, at: datetime) -> int:
    """Plan a visit after each complaint of the last month, and conclude all but the newest.

    Returns how many there are.
    """
    dice = random.Random(SEED + 3)  # noqa: S311 - the same visits each time is the point
    completions = list(_complaints_closed(at))
    left = len(completions) - _LEFT_DUE
    for place, completion in enumerate(completions):
        _plan(completion, at=completion.at if place < left else _lately(completion.event.team, at))
        if place < left - _LEFT_OVERDUE:
            _conclude(_visit_of(completion), place, dice, at=at)
    measure_verified_resolution(at=at, everything=True)
    # What a visit found not resolved leaves its mark on the resolution
    # rate of the month in which the case was first completed.
    measure_case_log(at=at)
    return ReturnVisit.objects.count()


def _complaints_closed(at: datetime) -> Iterator[ServiceEventTransition]:
    rows = ServiceEventTransition.objects.filter(
        type=TransitionType.COMPLETED,
        event__is_complaint=True,
        event__status=EventStatus.COMPLETED,
        at__gt=at - _VISITED_WITHIN,
        at__lt=at,
    )
    allowed = rows.filter(
        event__customer__phone_sealed__isnull=False, event__customer__consents__purpose="visit"
    )
    willing = allowed.filter(event__customer__consents__is_granted=True).distinct()
    yield from willing.select_related("event__agent", "event__team").order_by("at", "pk")


def _lately(team: Team, at: datetime) -> datetime:
    """Return the opening of the latest workday after which a visit is due by `at`.

    So it can be made now, at a weekend too.
    """
    work, zone = working_times_around(at).of(team.pk, CalendarPurpose.VISITS), team.zone
    wait_hours = VisitPlan.objects.get(trigger=VisitTrigger.COMPLAINT_CLOSED, is_active=True).wait_hours
    day = at.astimezone(zone).date()
    while (hours := work.hours_of(day)) is None or (
        work.start_after(hours.span(day, zone)[0], wait_hours, zone) > at
    ):
        day -= timedelta(days=1)
    return hours.span(day, zone)[0]


def _plan(completion: ServiceEventTransition, *, at: datetime) -> None:
    event = completion.event
    cause = Cause(
        kind=VisitTrigger.COMPLAINT_CLOSED.value,
        source_id=completion.pk,
        since=at,
        plan=VisitPlan.objects.get(trigger=VisitTrigger.COMPLAINT_CLOSED, is_active=True),
        customer_id=event.customer_id,
        service_event_id=event.pk,
        team_id=event.team_id,
        credited_team_id=event.credited_team_id,
        agent_id=event.agent_id,
    )
    give_visits(found=[cause], at=at)
    assign_visits(at=at)


def _visit_of(completion: ServiceEventTransition) -> ReturnVisit:
    return ReturnVisit.objects.select_related("assignee").get(sources__source_id=completion.pk)


def _conclude(visit: ReturnVisit, place: int, dice: random.Random, *, at: datetime) -> None:
    """Call when it is due, once more where the customer did not answer; what lies ahead of `at` stays due."""
    if place in _UNANSWERED_FIRST:
        visit = _call(visit, VisitAttemptOutcome.NO_ANSWER, at=at)
    outcome = (
        VisitAttemptOutcome.NOT_RESOLVED if place in _NOT_RESOLVED else VisitAttemptOutcome.VERIFIED_RESOLVED
    )
    if outcome == VisitAttemptOutcome.VERIFIED_RESOLVED and dice.random() < 1 / 12:
        outcome = VisitAttemptOutcome.REFUSED
    visit = _call(visit, outcome, at=at)
    if place == _REPAIRED and visit.closed_at is not None:
        _repair_and_verify(visit, at=at)


def _call(visit: ReturnVisit, outcome: VisitAttemptOutcome, *, at: datetime) -> ReturnVisit:
    if visit.assignee is None or visit.next_attempt_at is None or visit.next_attempt_at + _AFTER_DUE > at:
        return visit
    script = {
        VisitAttemptOutcome.VERIFIED_RESOLVED: _RESOLVED,
        VisitAttemptOutcome.NOT_RESOLVED: _UNRESOLVED,
    }.get(outcome)
    record_attempt(
        visit=visit, by=visit.assignee, outcome=outcome, script=script, at=visit.next_attempt_at + _AFTER_DUE
    )
    return ReturnVisit.objects.select_related("assignee", "service_event").get(pk=visit.pk)


def _repair_and_verify(visit: ReturnVisit, *, at: datetime) -> None:
    """Plan what is to be done, do it, and complete the reopened event.

    The customer then says that the repair holds.
    """
    escalation = Escalation.objects.select_related("problem", "owner").filter(visit=visit).first()
    if (
        visit.service_event is None
        or visit.closed_at is None
        or visit.closed_at + _REPAIRED_AFTER > at
        or escalation is None
    ):
        return
    repaired_at = visit.closed_at + _REPAIRED_AFTER
    if escalation.problem is not None and escalation.owner is not None:
        action = plan_action(
            problem=escalation.problem,
            measure=_MEASURE,
            owner=escalation.owner,
            due_on=repaired_at.date(),
            proof_kind=ProofKind.VISIT,
            at=visit.closed_at,
        )
        finish_action(action=action, at=repaired_at)
    completion, _is_new = record_transition(
        event=visit.service_event,
        type=TransitionType.COMPLETED,
        happened_at=repaired_at,
        facts={"is_resolved": True},
        at=repaired_at,
    )
    _plan(completion, at=repaired_at + _SECONDS_LATER)
    _call(_visit_of(completion), VisitAttemptOutcome.VERIFIED_RESOLVED, at=at)
