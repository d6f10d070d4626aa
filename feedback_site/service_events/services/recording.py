"""Recording what happened: the first step of the flow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from feedback_site.common.bulk import insert_rows
from feedback_site.common.doorbell import ring
from feedback_site.common.exceptions import ConflictError
from feedback_site.common.row_logs import log_rows
from feedback_site.customers.models import Customer
from feedback_site.customers.services import ConsentStatement, credit_teams, record_consents, upsert_customers
from feedback_site.service_events.enums import EventStatus, TransitionType
from feedback_site.service_events.models import Agent, ServiceEvent, ServiceEventTransition
from feedback_site.service_events.services.submissions import EventSubmission, body_of, content_hash, is_same_content

logger = structlog.get_logger(__name__)

DECIDE_EVENTS = "surveys.decide_events"
EventKey = tuple[str, str]
_COPIED = [
    "source",
    "external_id",
    "kind",
    "channel",
    "team",
    "opened_at",
    "first_response_at",
    "completed_at",
    "priority",
    "is_complaint",
    "is_resolved",
    "level",
    "complexity",
    "handovers",
    "area",
    "arrived_at",
    "eta_told_at",
    "product_line",
    "is_in_warranty",
]


@dataclass(frozen=True)
class RecordedEvent:
    """An event on record, and whether this call recorded it."""

    event: ServiceEvent
    is_new: bool


class _OvertakenError(Exception):
    """Somebody else recorded one of these events meanwhile."""


def record_service_event(*, submission: EventSubmission, at: datetime, is_replayed: bool = False) -> RecordedEvent:
    """Record one event with its customer, agent, consents and completion.

    The same content again returns the first row; raises `ConflictError` for the same key with other content.
    """
    (result,) = record_service_events(submissions=[submission], at=at, is_replayed=is_replayed)
    if isinstance(result, ConflictError):
        raise result
    return result


def record_service_events(
    *, submissions: Sequence[EventSubmission], at: datetime, is_replayed: bool = False
) -> list[RecordedEvent | ConflictError]:
    """Record many events in one transaction and a fixed number of statements; one result per submission, in their order.

    A conflict is returned in its place and does not keep the others from being recorded.
    """
    while True:
        try:
            with transaction.atomic():
                return _record(submissions, at, is_replayed=is_replayed)
        except _OvertakenError:
            # The other transaction has committed, so the next look sees its rows.
            continue


def _record(submissions: Sequence[EventSubmission], at: datetime, *, is_replayed: bool) -> list[RecordedEvent | ConflictError]:
    on_record = _events_by_key({submission.key for submission in submissions})
    firsts: dict[EventKey, EventSubmission] = {}
    for submission in submissions:
        if submission.key not in on_record:
            firsts.setdefault(submission.key, submission)
    made = _record_new(list(firsts.values()), at, is_replayed=is_replayed) if firsts else {}
    return [_result(submission, firsts, made, on_record) for submission in submissions]


def _result(
    submission: EventSubmission,
    firsts: dict[EventKey, EventSubmission],
    made: dict[EventKey, ServiceEvent],
    on_record: dict[EventKey, ServiceEvent],
) -> RecordedEvent | ConflictError:
    key = submission.key
    if firsts.get(key) is submission:
        return RecordedEvent(made[key], is_new=True)
    event = made.get(key) or on_record[key]
    if is_same_content(submission, bytes(event.content_hash)):
        return RecordedEvent(event, is_new=False)
    return ConflictError(
        _("This service event is on record with other content. Send later changes as transitions."),
        {"source": submission.source, "external_id": submission.external_id},
    )


def _record_new(submissions: list[EventSubmission], at: datetime, *, is_replayed: bool) -> dict[EventKey, ServiceEvent]:
    customers = upsert_customers(entries=[submission.customer for submission in submissions])
    agents = _agents_of(submissions)
    # One order for everybody: batches that share events wait for each other instead of locking up.
    events = {
        submission.key: _event_of(
            submission, customers[submission.customer.key], agents.get((submission.source, submission.agent)), is_replayed=is_replayed
        )
        for submission in sorted(submissions, key=lambda submission: submission.key)
    }
    insert_rows(list(events.values()))
    ids = {event.id for event in events.values()}
    if ServiceEvent.objects.filter(pk__in=ids).count() < len(ids):
        raise _OvertakenError
    credit_teams(pairs=[(event.customer, event.team) for event in events.values()])
    _record_event_consents(submissions, customers)
    _record_completions(events.values(), at)
    log_rows(logger, "service_events_recorded", [str(event.id) for event in events.values()])
    return events


def _event_of(submission: EventSubmission, customer: Customer, agent: Agent | None, *, is_replayed: bool) -> ServiceEvent:
    return ServiceEvent(
        **{name: getattr(submission, name) for name in _COPIED},
        credited_team=submission.team,
        agent=agent,
        customer=customer,
        segment=submission.customer.segment or customer.segment,
        status=EventStatus.OPEN if submission.completed_at is None else EventStatus.COMPLETED,
        attributes=dict(submission.attributes),
        body=body_of(submission),
        content_hash=content_hash(submission),
        is_replayed=is_replayed,
    )


def _record_event_consents(submissions: list[EventSubmission], customers: dict[tuple[str, str], Customer]) -> None:
    statements = [
        ConsentStatement(
            customer=customers[submission.customer.key],
            purpose=purpose,
            is_granted=is_granted,
            # Said no later than when the case was opened: a page on which the customer refuses meanwhile is later, and wins.
            stated_at=submission.opened_at,
            source=submission.source,
        )
        for submission in submissions
        for purpose, is_granted in submission.consent.items()
    ]
    record_consents(statements=statements, overrides_refusal=False)


def _record_completions(events: Iterable[ServiceEvent], at: datetime) -> None:
    completions = [
        ServiceEventTransition(event=event, type=TransitionType.COMPLETED, at=event.completed_at, recorded_at=at)
        for event in events
        if event.completed_at is not None
    ]
    ServiceEventTransition.objects.bulk_create(completions)
    if completions:
        ring(DECIDE_EVENTS)


def _agents_of(submissions: Iterable[EventSubmission]) -> dict[EventKey, Agent]:
    """Return the agents by (source, code); those not yet known join the team of their first event."""
    teams: dict[EventKey, int] = {}
    for submission in submissions:
        if submission.agent:
            teams.setdefault((submission.source, submission.agent), submission.team.pk)
    if not teams:
        return {}
    known = _agents_by_key(teams)
    missing = sorted(teams.keys() - known.keys())
    if missing:
        made = [Agent(source=source, code=code, team_id=teams[source, code]) for source, code in missing]
        Agent.objects.bulk_create(made, ignore_conflicts=True)
        known = _agents_by_key(teams)
    return known


def _agents_by_key(keys: Iterable[EventKey]) -> dict[EventKey, Agent]:
    return {(agent.source, agent.code): agent for agent in Agent.objects.filter(_any_of(keys, "code"))}


def _events_by_key(keys: Iterable[EventKey]) -> dict[EventKey, ServiceEvent]:
    related = ("kind", "channel", "team", "credited_team", "agent", "segment", "customer")
    rows = ServiceEvent.objects.filter(_any_of(keys, "external_id")).select_related(*related)
    return {(event.source, event.external_id): event for event in rows}


def _any_of(keys: Iterable[EventKey], column: str) -> Q:
    by_source: dict[str, list[str]] = {}
    for source, value in keys:
        by_source.setdefault(source, []).append(value)
    condition = Q(pk__in=[])
    for source, values in by_source.items():
        condition |= Q(source=source) & Q(**{f"{column}__in": values})
    return condition
