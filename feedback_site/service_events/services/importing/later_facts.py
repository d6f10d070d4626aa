"""Rows about events on record: what they add becomes transitions, what they contradict is named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from feedback_site.customers.services import contacts_of
from feedback_site.service_events.enums import TransitionType
from feedback_site.service_events.models import ServiceEvent
from feedback_site.service_events.rules.events import COMPLETION_FACTS, CORRECTABLE_FACTS
from feedback_site.service_events.services.corrections import SENT_AS
from feedback_site.service_events.services.importing.parsing import ParsedRow
from feedback_site.service_events.services.submissions import EventSubmission, body_of, plain
from feedback_site.service_events.services.transitions import record_transition
from feedback_site.service_events.services.words import PRODUCT_LINE, Facts, event_as_written, mask_said

# What the row's own columns or its transitions say, not a comparison.
_NOT_COMPARED = {"source", "external_id", "completed_at"}
_PARTLY_SAID = {"attributes", "consent"}
_CONTACTS = ("name", "phone", "email")


@dataclass(frozen=True)
class LaterFact:
    """One later fact that a row states."""

    at: datetime
    type: TransitionType


def add_later_facts(event: ServiceEvent, parsed: ParsedRow, *, at: datetime) -> list[TransitionType]:
    """Record what a row adds to its event and return the types; none where all of it is known.

    The row must not contradict the event: see `contradictions`. Raises `DomainError`
    where the event's state does not allow it; then nothing of the row is recorded.
    """
    steps = _new_steps(event, parsed)
    facts = dict(_added_facts(event, parsed.submission))
    recorded = []
    with transaction.atomic():
        for step in steps:
            brought = (
                {name: facts.pop(name) for name in COMPLETION_FACTS & facts.keys()}
                if step.type is TransitionType.COMPLETED
                else {}
            )
            _append(event, step.type, step.at, brought, at)
            recorded.append(step.type)
        if facts:
            _append(event, TransitionType.CORRECTED, at, facts, at)
            recorded.append(TransitionType.CORRECTED)
    return recorded


def contradictions(event: ServiceEvent, submission: EventSubmission) -> Mapping[str, Sequence[object]]:
    """Return [what is on record, what the row says] by field; what the row leaves out contradicts nothing."""
    differing: dict[str, list[object]] = {}
    body, product_line = event_as_written(event)
    for name, said in body_of(submission).items():
        if name in _NOT_COMPARED:
            continue
        sent = body.get(name)
        current = (
            product_line if name == PRODUCT_LINE else sent if name in _PARTLY_SAID else _current(event, name)
        )
        if said in (sent, current) or (current in (None, "") and name in CORRECTABLE_FACTS):
            continue
        if name in _PARTLY_SAID and said.items() <= (sent or {}).items():
            continue
        differing[name] = [mask_said({name: value}, event.customer)[name] for value in (current, said)]
    return differing | ({"customer": []} if _is_another_customer(event, submission) else {})


def _new_steps(event: ServiceEvent, parsed: ParsedRow) -> list[LaterFact]:
    stated = dict(parsed.later)
    if parsed.submission.completed_at is not None:
        stated[TransitionType.COMPLETED] = parsed.submission.completed_at
    known = {(kind, moment) for kind, moment in event.transitions.values_list("type", "at")}
    return sorted(
        (LaterFact(moment, kind) for kind, moment in stated.items() if (kind.value, moment) not in known),
        key=lambda step: (step.at, step.type),
    )


def _added_facts(event: ServiceEvent, submission: EventSubmission) -> Facts:
    said = {name: getattr(submission, name) for name in body_of(submission) if name in CORRECTABLE_FACTS}
    return {name: value for name, value in said.items() if _current(event, name) in (None, "")}


def _append(
    event: ServiceEvent, kind: TransitionType, happened_at: datetime, facts: Facts, at: datetime
) -> None:
    details = {SENT_AS.get(name, name): plain(value) for name, value in facts.items()}
    record_transition(event=event, type=kind, happened_at=happened_at, at=at, facts=facts, details=details)


def _current(event: ServiceEvent, name: str) -> Any:
    if name == "agent":
        return event.agent.code if event.agent else ""
    return plain(getattr(event, name))


def _is_another_customer(event: ServiceEvent, submission: EventSubmission) -> bool:
    if submission.customer.external_id != event.customer.external_id:
        return True
    known = contacts_of([event.customer])[event.customer_id]
    said = {name: value for name in _CONTACTS if (value := getattr(submission.customer, name))}
    return any(value != getattr(known, name) for name, value in said.items())
