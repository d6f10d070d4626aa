"""Recording what happened: the first step of the flow."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from feedback_site.accounts.models import Principal, intake_team_of
from feedback_site.common.bulk import insert_rows
from feedback_site.common.doorbell import ring
from feedback_site.common.exceptions import ConflictError
from feedback_site.common.ids import uuid7
from feedback_site.common.row_logs import log_rows
from feedback_site.common.task_table import DECIDE_EVENTS
from feedback_site.customers.models import Customer
from feedback_site.customers.services import ConsentStatement, credit_teams, record_consents, upsert_customers
from feedback_site.service_events.enums import EventStatus, TransitionType
from feedback_site.service_events.models import Agent, ServiceEvent, ServiceEventTransition
from feedback_site.service_events.services.event_contacts import keep_event_contacts
from feedback_site.service_events.services.submissions import (
    EventSubmission,
    body_of,
    content_seal,
    is_same_content,
)
from feedback_site.service_events.services.words import keep_event_words, mask_event

logger = structlog.get_logger(__name__)

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


class OtherContentError(ConflictError):
    """The event is on record with other content; `event_id` says which it is, and is no part of the reply."""

    def __init__(self, event: ServiceEvent, message: str, extra: Mapping[str, str]) -> None:
        super().__init__(message, extra)
        self.event_id = event.pk


class _OvertakenError(Exception):
    """Another request recorded one of these events meanwhile."""


def record_service_event(
    *,
    submission: EventSubmission,
    principal: Principal | None = None,
    at: datetime,
    is_replayed: bool = False,
) -> RecordedEvent:
    """Record one event with its customer, agent, consents and completion.

    `principal` sent it; without one it is the site's own.

    The same content again returns the first row; raises `ConflictError` for the same key with other content.
    """
    (result,) = record_service_events(
        submissions=[submission], principal=principal, at=at, is_replayed=is_replayed
    )
    if isinstance(result, OtherContentError):
        raise result
    return result


def record_service_events(
    *,
    submissions: Sequence[EventSubmission],
    principal: Principal | None = None,
    at: datetime,
    is_replayed: bool = False,
) -> list[RecordedEvent | OtherContentError]:
    """Record many events in one transaction; return one result per submission, in their order.

    Takes a fixed number of statements.

    A conflict is returned as its result and does not keep the others from being recorded.
    Numbers of events, customers and agents mean what `principal` knows by them; what is outside
    its scope is neither read nor changed, and a reply is the same as if it did not exist.
    """
    while True:
        try:
            with transaction.atomic():
                return _record(submissions, principal, at, is_replayed=is_replayed)
        except _OvertakenError:
            # The other transaction has committed, so the next look sees its rows.
            continue


def _record(
    submissions: Sequence[EventSubmission], principal: Principal | None, at: datetime, *, is_replayed: bool
) -> list[RecordedEvent | OtherContentError]:
    candidates = _candidates({submission.key for submission in submissions}, principal)
    intake = intake_team_of(principal)
    on_record = [
        _meant_by(submission, candidates.get(submission.key, []), intake) for submission in submissions
    ]
    firsts: dict[EventKey, EventSubmission] = {}
    for submission, event in zip(submissions, on_record, strict=True):
        if event is None:
            firsts.setdefault(submission.key, submission)
    made = _record_new(list(firsts.values()), principal, at, is_replayed=is_replayed) if firsts else {}
    return [
        RecordedEvent(made[submission.key], is_new=True)
        if firsts.get(submission.key) is submission
        else _compared(submission, event or made[submission.key])
        for submission, event in zip(submissions, on_record, strict=True)
    ]


def _meant_by(
    submission: EventSubmission, events: Sequence[ServiceEvent], intake: int | None
) -> ServiceEvent | None:
    """Return the event that a number means.

    The sender's own intake comes first, then the organisation's, then the same case of another intake.

    What other systems within the scope of the sender call so is
    something else, unless they speak of the same customer's case.
    """
    for mine in (intake, None):
        for event in events:
            if event.intake_team_id == mine:
                return event
    said = (submission.opened_at, submission.customer.external_id)
    return next((event for event in events if (event.opened_at, event.customer.external_id) == said), None)


def _compared(submission: EventSubmission, event: ServiceEvent) -> RecordedEvent | OtherContentError:
    if is_same_content(submission, event):
        return RecordedEvent(event, is_new=False)
    return OtherContentError(
        event,
        _("This service event is on record with other content. Send later changes as transitions."),
        {"source": submission.source, "external_id": submission.external_id},
    )


def _record_new(
    submissions: list[EventSubmission], principal: Principal | None, at: datetime, *, is_replayed: bool
) -> dict[EventKey, ServiceEvent]:
    customers = upsert_customers(
        entries=[submission.customer for submission in submissions], principal=principal, at=at
    )
    agents = _agents_of(submissions, principal)
    intake = intake_team_of(principal)
    # One order for all writers: batches that share events wait for each other instead of locking up.
    events = {
        submission.key: _event_of(
            submission,
            customers[submission.customer.key],
            agents.get((submission.source, submission.agent)),
            intake_team_id=intake,
            is_replayed=is_replayed,
        )
        for submission in sorted(submissions, key=lambda submission: submission.key)
    }
    sealed = [
        (event, mask_event(event, _names_in(submission)))
        for submission in submissions
        for event in [events[submission.key]]
    ]
    insert_rows(list(events.values()))
    ids = {event.id for event in events.values()}
    if ServiceEvent.objects.filter(pk__in=ids).count() < len(ids):
        raise _OvertakenError
    keep_event_words(sealed, at=at)
    keep_event_contacts((events[submission.key], submission) for submission in submissions)
    credit_teams(pairs=[(event.customer, event.team) for event in events.values()])
    # A system of one team speaks for its own customers: it
    # cannot silence a phone that others may serve as well.
    _record_event_consents(submissions, customers, refuses_contacts=intake is None)
    _record_completions(events.values(), at)
    log_rows(logger, "service_events_recorded", [str(event.id) for event in events.values()])
    return events


def _names_in(submission: EventSubmission) -> list[str] | None:
    """Return the name that came with the event; None: the one on record is looked up."""
    return [submission.customer.name] if submission.customer.name else None


def _event_of(
    submission: EventSubmission,
    customer: Customer,
    agent: Agent | None,
    *,
    intake_team_id: int | None,
    is_replayed: bool,
) -> ServiceEvent:
    event_id = uuid7()
    return ServiceEvent(
        id=event_id,
        **{name: getattr(submission, name) for name in _COPIED},
        credited_team=submission.team,
        agent=agent,
        customer=customer,
        segment=submission.customer.segment or customer.segment,
        status=EventStatus.OPEN if submission.completed_at is None else EventStatus.COMPLETED,
        attributes=dict(submission.attributes),
        body=body_of(submission),
        content_hash=content_seal(submission, event_id),
        is_replayed=is_replayed,
        intake_team_id=intake_team_id,
    )


def _record_event_consents(
    submissions: list[EventSubmission], customers: dict[tuple[str, str], Customer], *, refuses_contacts: bool
) -> None:
    statements = [
        ConsentStatement(
            customer=customers[submission.customer.key],
            purpose=purpose,
            is_granted=is_granted,
            # Said no later than when the case was opened: a page on
            # which the customer refuses meanwhile is later, and wins.
            stated_at=submission.opened_at,
            source=submission.source,
        )
        for submission in submissions
        for purpose, is_granted in submission.consent.items()
    ]
    record_consents(statements=statements, overrides_refusal=False, refuses_contacts=refuses_contacts)


def _record_completions(events: Iterable[ServiceEvent], at: datetime) -> None:
    completions = [
        ServiceEventTransition(
            event=event, type=TransitionType.COMPLETED, at=event.completed_at, recorded_at=at
        )
        for event in events
        if event.completed_at is not None
    ]
    ServiceEventTransition.objects.bulk_create(completions)
    if completions:
        ring(DECIDE_EVENTS)


def _agents_of(submissions: Iterable[EventSubmission], principal: Principal | None) -> dict[EventKey, Agent]:
    """Return the agents by (source, code).

    Those not yet known to the principal join the team of their first event.
    """
    teams: dict[EventKey, int] = {}
    for submission in submissions:
        if submission.agent:
            teams.setdefault((submission.source, submission.agent), submission.team.pk)
    if not teams:
        return {}
    known = _agents_by_key(teams, principal)
    missing = sorted(teams.keys() - known.keys())
    if missing:
        intake = intake_team_of(principal)
        made = [
            Agent(source=source, code=code, team_id=teams[source, code], intake_team_id=intake)
            for source, code in missing
        ]
        Agent.objects.bulk_create(made, ignore_conflicts=True)
        known = _agents_by_key(teams, principal)
    return known


def _agents_by_key(keys: Iterable[EventKey], principal: Principal | None) -> dict[EventKey, Agent]:
    """Return the agent that each code means to the principal.

    Its own comes before the organisation's, and that one before those of other teams.
    """
    intake = intake_team_of(principal)
    found: dict[EventKey, Agent] = {}
    rows = Agent.objects.known_to(principal).filter(_any_of(keys, "code"))
    for agent in sorted(
        rows, key=lambda agent: (agent.intake_team_id != intake, agent.intake_team_id is not None, agent.pk)
    ):
        found.setdefault((agent.source, agent.code), agent)
    return found


def _candidates(keys: Iterable[EventKey], principal: Principal | None) -> dict[EventKey, list[ServiceEvent]]:
    related = ("kind", "channel", "team", "credited_team", "agent", "segment", "customer")
    rows = (
        ServiceEvent.objects.known_to(principal).filter(_any_of(keys, "external_id")).select_related(*related)
    )
    found: defaultdict[EventKey, list[ServiceEvent]] = defaultdict(list)
    for event in rows.order_by("pk"):
        found[event.source, event.external_id].append(event)
    return found


def _any_of(keys: Iterable[EventKey], column: str) -> Q:
    by_source: dict[str, list[str]] = {}
    for source, value in keys:
        by_source.setdefault(source, []).append(value)
    condition = Q(pk__in=[])
    for source, values in by_source.items():
        condition |= Q(source=source) & Q(**{f"{column}__in": values})
    return condition
