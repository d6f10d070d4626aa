"""What taking in a batch of answers needs to know, in a fixed number of queries."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db.models import Q

from feedback_site.common.locks import wait_for_hashes
from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Customer
from feedback_site.service_events.enums import TransitionType
from feedback_site.service_events.models import ServiceEvent, ServiceEventTransition
from surveys.models import EventDecision, Invitation, ResponseSource
from surveys.services.responses.importing.answers import ElsewhereAnswer, Key, SourceKey

RowT = TypeVar("RowT", ServiceEvent, Customer)


@dataclass(slots=True)
class KnownRows:
    """Rows by the keys that answers name; `taken` are the invitations that this batch answers."""

    sources: dict[SourceKey, ResponseSource]
    events: dict[Key, ServiceEvent]
    customers: dict[Key, Customer]
    invitations: dict[uuid.UUID, Invitation]
    asked: dict[uuid.UUID, Invitation]
    services: dict[uuid.UUID, list[ServiceEvent]]
    decisions: dict[uuid.UUID, EventDecision]
    completions: dict[uuid.UUID, ServiceEventTransition]
    taken: set[uuid.UUID] = field(default_factory=set)

    def last_service(self, customer: Customer, *, at: datetime) -> ServiceEvent | None:
        """Return the customer's last event that had opened when they answered."""
        return next((event for event in self.services.get(customer.pk, ()) if event.opened_at <= at), None)


def load_known(answers: Sequence[ElsewhereAnswer]) -> KnownRows:
    """Lock the numbers and then the events of a batch, and read what is on record of both.

    Locked, so that no worker decides on them meanwhile. Within the caller's transaction; a fixed number of
    queries.
    """
    wait_for_hashes(answer.source_hash for answer in answers if answer.source)
    events = _events(answer.event_key for answer in answers if answer.event_key)
    customers = _customers(answer.customer_key for answer in answers if answer.customer_key)
    event_ids = [event.pk for event in events.values()]
    asked = Invitation.objects.filter(
        service_event_id__in=event_ids, purpose=Purpose.SURVEY, voided_at__isnull=True
    )
    return KnownRows(
        sources=_sources(answer.source for answer in answers if answer.source),
        events=events,
        customers=customers,
        invitations=Invitation.objects.in_bulk(
            {answer.invitation_id for answer in answers if answer.invitation_id}
        ),
        asked={row.service_event_id: row for row in asked.select_related("survey") if row.service_event_id},
        services=_services([customer.pk for customer in customers.values()]),
        decisions=EventDecision.objects.in_bulk(event_ids),
        completions=_completions(event_ids),
    )


def _sources(keys: Iterable[SourceKey]) -> dict[SourceKey, ResponseSource]:
    related = ("response__invitation__service_event", "response__invitation__customer")
    rows = ResponseSource.objects.filter(
        _any_of(((system, number) for system, number, _team in keys), "system")
    )
    return {(row.system, row.external_id, row.intake_team_id): row for row in rows.select_related(*related)}


def _events(keys: Iterable[Key]) -> dict[Key, ServiceEvent]:
    rows = (
        ServiceEvent.objects.filter(_any_of(keys, "source"))
        .select_related("customer", "credited_team")
        .order_by("pk")
    )
    return _by_number(rows.select_for_update(of=("self",), no_key=True))


def _customers(keys: Iterable[Key]) -> dict[Key, Customer]:
    return _by_number(Customer.objects.filter(_any_of(keys, "source")).order_by("pk"))


def _by_number(rows: Iterable[RowT]) -> dict[Key, RowT]:
    """Return rows by their number.

    Where a system of the whole company and one of a team use the same number, the company's counts.
    """
    ordered = sorted(rows, key=lambda row: row.intake_team_id is None)
    return {(row.source, row.external_id): row for row in ordered}


def _services(customer_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[ServiceEvent]]:
    """Return the customers' events, the latest first."""
    services: defaultdict[uuid.UUID, list[ServiceEvent]] = defaultdict(list)
    rows = ServiceEvent.objects.filter(customer_id__in=customer_ids).select_related("credited_team")
    for event in rows.order_by("-opened_at", "-pk"):
        services[event.customer_id].append(event)
    return services


def _completions(event_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, ServiceEventTransition]:
    completed = ServiceEventTransition.objects.filter(event_id__in=event_ids, type=TransitionType.COMPLETED)
    return {row.event_id: row for row in completed.order_by("event_id", "-at", "-pk").distinct("event_id")}


def _any_of(keys: Iterable[Key], column: str) -> Q:
    by_system: defaultdict[str, list[str]] = defaultdict(list)
    for system, number in keys:
        by_system[system].append(number)
    condition = Q(pk__in=[])
    for system, numbers in by_system.items():
        condition |= Q(**{column: system, "external_id__in": numbers})
    return condition
