"""What conditions and texts of a questionnaire may know about the event it asks about.

One statement, run only where they ask.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from feedback_site.common.languages import Language
from feedback_site.questionnaires.enums import EventFact
from feedback_site.service_events.models import ServiceEvent


@dataclass(frozen=True, slots=True)
class EventFacts:
    """`tested` is what conditions compare, by `EventFact`: slugs, the team's code, truths.

    The rest is what customers may read.

    `agent` is the name that customers may read and `product` the line of products, both empty
    when unknown; `completed_on` is a day in the credited team's zone; `kind` is in each language.
    """

    tested: Mapping[str, Any] = field(default_factory=dict)
    agent: str = ""
    product: str = ""
    completed_on: date | None = None
    kind: Mapping[str, str] = field(default_factory=dict)


NOTHING = EventFacts()
_COLUMNS = (
    "kind__slug",
    "channel__slug",
    "segment__slug",
    "credited_team__code",
    "priority",
    "product_line",
    "is_complaint",
    "is_resolved",
    "agent__display_name",
    "completed_at",
    "credited_team__time_zone",
    "kind__names",
)
_TESTED = dict(
    zip(
        (
            EventFact.KIND,
            EventFact.CHANNEL,
            EventFact.SEGMENT,
            EventFact.TEAM,
            EventFact.PRIORITY,
            EventFact.PRODUCT_LINE,
            EventFact.IS_COMPLAINT,
            EventFact.IS_RESOLVED,
        ),
        _COLUMNS,
        strict=False,
    )
)


def event_facts(event_id: uuid.UUID | None) -> EventFacts:
    """Return what is known of an event; nothing without one."""
    row = ServiceEvent.objects.filter(pk=event_id).values(*_COLUMNS).first() if event_id else None
    if row is None:
        return NOTHING
    completed_at = row["completed_at"]
    return EventFacts(
        tested={fact.value: row[column] for fact, column in _TESTED.items()},
        agent=row["agent__display_name"] or "",
        product=row["product_line"],
        completed_on=completed_at.astimezone(ZoneInfo(row["credited_team__time_zone"])).date()
        if completed_at
        else None,
        kind={code: row["kind__names"].in_language(code) for code in Language.values},
    )
