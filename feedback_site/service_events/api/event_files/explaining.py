"""What the columns of a file may be called and what they hold, for those who make such a file; and a file to begin with."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import User
from feedback_site.service_events.api.event_files.mapping import CHINESE_HEADINGS, REQUIRED
from feedback_site.service_events.selectors import References, load_references

_MEANINGS: dict[str, Promise] = {
    "source": _("The service system that gave the number, at most 40 characters."),
    "external_id": _("The number of the case there. With the source it names the event once and for all."),
    "kind": _("Kind of service, by its slug."),
    "channel": _("Where the customer was served, by its slug."),
    "team": _("Code of the team that served. It must lie within what you see."),
    "agent": _("Code of the colleague who served."),
    "customer.external_id": _("The customer's number in the same system."),
    "customer.name": _("The customer's name; stored encrypted."),
    "customer.phone": _("Phone number; without a country code it is Chinese. Stored encrypted."),
    "customer.email": _("Email address; stored encrypted."),
    "customer.language": _("zh-hans or en."),
    "customer.segment": _("Segment, by its slug."),
    "opened_at": _("When the service event was registered: 2026-01-31T09:30:00+08:00, or an Excel date and time."),
    "first_response_at": _("When somebody first responded."),
    "eta_told_at": _("When the customer was told the time of arrival."),
    "arrived_at": _("When the technician arrived."),
    "completed_at": _("When the service ended. Empty: not completed, so nobody is asked yet."),
    "priority": _("routine or urgent."),
    "is_complaint": _("1 or 0."),
    "is_resolved": _("1 or 0."),
    "level": _("1, 2 or 3."),
    "complexity": _("simple, complex or urgent."),
    "handovers": _("How often the case changed hands."),
    "area": _("core (in the city) or outside (outside the city)."),
    "product_line": _("Product line, at most 80 characters."),
    "warranty": _("1 or 0."),
    "consent.survey": _(
        "1 where the customer allows a survey after the service, 0 where not, empty where nobody asked. Never overrides a refusal."
    ),
    "consent.nps": _("The same for the quarterly NPS survey."),
    "consent.visit": _("The same for return visits."),
    "attributes.…": _("Anything else, such as attributes.product."),
}
_SAMPLE = (
    *("source", "external_id", "kind", "channel", "team", "agent", "customer.external_id", "customer.name", "customer.phone"),
    *("customer.segment", "opened_at", "first_response_at", "completed_at", "priority", "is_complaint", "is_resolved", "consent.survey"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column that a file may have."""

    name: str
    chinese_names: tuple[str, ...]
    is_required: bool
    meaning: Promise
    known: tuple[str, ...] = ()


def columns_for(user: User) -> Iterator[Column]:
    """Yield the columns, with the words that `user` may write in those that name something."""
    known = known_words(load_references(principal=user))
    for name, meaning in _MEANINGS.items():
        chinese = tuple(heading for heading, field in CHINESE_HEADINGS.items() if field == name)
        yield Column(name, chinese, name in REQUIRED, meaning, known.get(name, ()))


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
    """Yield a head and two rows that `user` could import as they are: teams of theirs, customers who do not exist."""
    chinese = {name: heading for heading, name in reversed(CHINESE_HEADINGS.items())}
    yield [chinese.get(name, name) if in_chinese else name for name in _SAMPLE]
    words = {name: (found[0] if found else "") for name, found in known_words(load_references(principal=user)).items()}
    for number in (1, 2):
        opened = timezone.localtime(at - timedelta(hours=5 - number)).replace(microsecond=0)
        row = {
            **words,
            "source": "crm",
            "external_id": f"SAMPLE-{opened:%Y%m%d}-{number}",
            "agent": "A17",
            "customer.external_id": f"SAMPLE-C-{number}",
            "customer.name": "王小明" if in_chinese else "Ann Example",
            # No Chinese mobile number begins with 12, so nobody is reached by mistake.
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
