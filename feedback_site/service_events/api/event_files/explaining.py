"""What the columns of a file may be called and what they hold, for people who make such a file.

Also a file to begin with.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import User
from feedback_site.service_events.api.event_files.headings import HEADINGS, shown_name
from feedback_site.service_events.api.event_files.mapping import REQUIRED
from feedback_site.service_events.selectors.events import References, load_references

_MEANINGS: dict[str, Promise] = {
    "source": _("The service system that gave the number, at most 40 characters."),
    "external_id": _("Ticket number. Together with the source it identifies exactly one service event."),
    "kind": _("Service type: its code, or its name in either language."),
    "channel": _("Service channel: its code, or its name in either language."),
    "team": _("Code or name of the team that served. It must lie within what you see."),
    "agent": _("Staff number of the agent."),
    "customer.external_id": _("The customer's number in the same system."),
    "customer.name": _("The customer's name; stored encrypted."),
    "customer.phone": _("Phone number; without a country code it is Chinese. Stored encrypted."),
    "customer.email": _("Email address; stored encrypted."),
    "customer.language": _("zh-hans or en."),
    "customer.segment": _("Customer segment: its code, or its name in either language."),
    "opened_at": _(
        "When the service event was registered: 2026-01-31T09:30:00+08:00, 2026/1/31 9:30, 2026年1月31日 "
        "9:30 or a date and time of Excel."
    ),
    "first_response_at": _("When the customer first got a response."),
    "eta_told_at": _("When the customer was told the time of arrival."),
    "arrived_at": _("When the technician arrived."),
    "completed_at": _(
        "When the service ended. Leave empty if it is not completed: the customer is then not invited yet."
    ),
    "cancelled_at": _("When the event was cancelled. Of an event on record, it is cancelled then."),
    "reopened_at": _("When the event was reopened after its completion."),
    "priority": _("routine or urgent."),
    "is_complaint": _("Yes/no: 是 or 否, TRUE or FALSE, Y or N, 1 or 0."),
    "is_resolved": _("Yes/no: 是 or 否, TRUE or FALSE, Y or N, 1 or 0."),
    "level": _("1, 2 or 3."),
    "complexity": _("simple, complex or urgent."),
    "handovers": _("How often the service event was handed over."),
    "area": _("core (in the city) or outside (outside the city)."),
    "product_line": _("Product line, at most 80 characters."),
    "warranty": _("Yes/no: 是 or 否, TRUE or FALSE, Y or N, 1 or 0."),
    "consent.survey": _(
        "1: the customer agrees to a survey after the service; 0: the customer does not agree; empty: the "
        "customer was "
        "not asked. It never overrides a refusal."
    ),
    "consent.nps": _("The same for the quarterly NPS survey."),
    "consent.visit": _("The same for return visits."),
    "attributes.…": _("Anything else, such as attributes.product."),
}
_SAMPLE = (
    *(
        "source",
        "external_id",
        "kind",
        "channel",
        "team",
        "agent",
        "customer.external_id",
        "customer.name",
        "customer.phone",
    ),
    *(
        "customer.segment",
        "opened_at",
        "first_response_at",
        "completed_at",
        "priority",
        "is_complaint",
        "is_resolved",
        "consent.survey",
    ),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column that a file may have."""

    name: str
    other_names: tuple[str, ...]
    is_required: bool
    meaning: Promise
    known: tuple[str, ...] = ()


def columns_for(user: User) -> Iterator[Column]:
    """Yield the columns, with the words that `user` may write in those that name something."""
    known = known_words(load_references(principal=user))
    for name, meaning in _MEANINGS.items():
        english, chinese = HEADINGS.get(name, ((), ()))
        yield Column(name, (*chinese, *english), name in REQUIRED, meaning, known.get(name, ()))


def known_words(references: References) -> dict[str, tuple[str, ...]]:
    """Return the words of the reference tables by column, in order."""
    tables: dict[str, dict[str, Any]] = {
        "team": references.teams,
        "kind": references.kinds,
        "channel": references.channels,
        "customer.segment": references.segments,
    }
    return {name: tuple(sorted(table)) for name, table in tables.items()}


def sample_rows(user: User, *, in_chinese: bool, at: datetime) -> Iterator[list[str]]:
    """Yield a head and two rows that `user` could import as they are.

    They name teams of theirs and customers who do not exist.
    """
    yield [shown_name(name, "zh-hans") if in_chinese else name for name in _SAMPLE]
    words = {
        name: (found[0] if found else "")
        for name, found in known_words(load_references(principal=user)).items()
    }
    for number in (1, 2):
        opened = timezone.localtime(at - timedelta(hours=5 - number)).replace(microsecond=0)
        row = {
            **words,
            "source": "crm",
            "external_id": f"SAMPLE-{opened:%Y%m%d}-{number}",
            "agent": "A17",
            "customer.external_id": f"SAMPLE-C-{number}",
            "customer.name": "王小明" if in_chinese else "Ann Example",
            # No Chinese mobile number begins with 12, so no person is reached by mistake.
            "customer.phone": f"120000000{number:02d}",
            "opened_at": opened.isoformat(),
            "first_response_at": (opened + timedelta(minutes=4)).isoformat(),
            "completed_at": (opened + timedelta(hours=1)).isoformat() if number == 1 else "",
            "priority": "routine",
            "is_complaint": "0",
            "is_resolved": "1" if number == 1 else "",
            "consent.survey": "1",
        }
        yield [row[name] for name in _SAMPLE]
