"""Fifty thousand customers for one campaign.

What they are is known here, so that tests can work out what must come of them.
"""

import hashlib
import random
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.db import connection

from feedback_site.common.sealing import blind_index, seal
from feedback_site.service_events.models import ServiceChannel

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Person:
    """One customer: `segment` and `channel` of the last service, team by code, phone empty for none."""

    id: uuid.UUID
    segment: str
    channel: str
    team: str
    phone: str
    has_consent: bool
    is_suppressed: bool
    willingness: float
    score: int

    @property
    def stratum(self) -> tuple[str, str]:
        return (self.segment, self.channel)


@dataclass(frozen=True)
class Expected:
    """What the draw must make of a person."""

    random_number: int
    exclusion: str
    position: int | None


def make_people(number: int, *, seed: int, organisation: SimpleNamespace) -> list[Person]:
    dice = random.Random(seed)  # noqa: S311 - the same crowd each time is the point
    segments, channels = ("new", "existing", "high_value"), ("phone", "on_site", "chat", "shop")
    people = []
    for place in range(number):
        segment = dice.choices(segments, (30, 60, 10))[0]
        channel = dice.choices(channels, (50, 30, 15, 5))[0]
        # One in fifty has the phone of a person before.
        shared = people[dice.randrange(place)].phone if place and dice.random() < 0.02 else ""
        people.append(
            Person(
                id=uuid.UUID(int=dice.getrandbits(128), version=4),
                segment=segment,
                channel=channel,
                team=dice.choice(("east-1", "west-1")),
                phone=shared or (f"+86138{place:08d}" if dice.random() < 0.95 else ""),
                has_consent=dice.random() < 0.9,
                is_suppressed=dice.random() < 0.01,
                willingness={"phone": 0.3, "on_site": 0.22, "chat": 0.15, "shop": 0.1}[channel],
                score=dice.choices(range(11), (2, 1, 1, 2, 3, 5, 7, 14, 20, 22, 23))[0],
            )
        )
    return people


def write_people(people: list[Person], *, organisation: SimpleNamespace, at: datetime) -> None:
    """Copy customers with sealed phones, their consents, services and suppressions.

    Each has two services, the first elsewhere.
    """
    for slug in ("chat", "shop"):
        ServiceChannel.objects.get_or_create(
            slug=slug, defaults={"names": {"en": slug.title(), "zh-hans": "其他"}}
        )
    ids = _ids(organisation)
    _copy("customers_customer", (_customer(person, at) for person in people))
    _copy("customers_consent", (_consent(person, at) for person in people if person.has_consent))
    _copy("service_events_serviceevent", (row for person in people for row in _events(person, ids, at)))
    suppressed = {person.phone for person in people if person.is_suppressed} - {None, ""}
    _copy(
        "delivery_suppression",
        (
            {
                "channel": "sms",
                "address_index": _index(phone),
                "address_mask": "138****",
                "reason": "blocked",
                "suppressed_at": at,
            }
            for phone in sorted(suppressed)
        ),
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_customer, customers_consent, service_events_serviceevent")


def draw_by_hand(people: list[Person], *, seed: int) -> dict[uuid.UUID, Expected]:
    """Draw the sample from the seed in plain Python, by nothing but the rule that is written down."""
    numbers = {
        person.id: int(hashlib.sha256(f"{seed}:{person.id}".encode()).hexdigest()[:15], 16)
        for person in people
    }
    suppressed = {person.phone for person in people if person.is_suppressed} - {None, ""}
    taken: set[str] = set()
    places: dict[tuple[str, str], int] = {}
    drawn = {}
    for person in sorted(people, key=lambda person: (numbers[person.id], person.id)):
        exclusion = _exclusion(person, suppressed, taken)
        place = None
        if not exclusion:
            taken.add(person.phone)
            place = places[person.stratum] = places.get(person.stratum, 0) + 1
        drawn[person.id] = Expected(numbers[person.id], exclusion, place)
    return drawn


def _exclusion(person: Person, suppressed: set[str], taken: set[str]) -> str:
    if not person.has_consent:
        return "no_consent"
    if not person.phone:
        return "no_contact"
    if person.phone in suppressed:
        return "suppressed"
    return "frequency_cap" if person.phone in taken else ""


def _ids(organisation: SimpleNamespace) -> SimpleNamespace:
    teams = {team.code: team.pk for team in (organisation.east_1, organisation.west_1)}
    segments = {
        row.slug: row.pk for row in (organisation.new, organisation.existing, organisation.high_value)
    }
    channels = dict(ServiceChannel.objects.values_list("slug", "pk"))
    return SimpleNamespace(teams=teams, segments=segments, channels=channels, kind=organisation.repair.pk)


def _index(phone: str) -> bytes:
    return blind_index(column="phone", value=phone)


def _customer(person: Person, at: datetime) -> dict[str, Any]:
    sealed = (
        seal(value=person.phone, table="customers_customer", column="phone", row_id=person.id)
        if person.phone
        else None
    )
    return {
        "id": person.id,
        "source": "crm",
        "external_id": str(person.id),
        "phone_sealed": sealed,
        "phone_index": _index(person.phone) if person.phone else None,
        "phone_takes_texts": bool(person.phone),
        "name_mask": "",
        "phone_mask": "",
        "email_mask": "",
        "language": "en",
        "created_at": at,
        "updated_at": at,
    }


def _consent(person: Person, at: datetime) -> dict[str, Any]:
    stated = {
        "purpose": "nps",
        "is_granted": True,
        "stated_at": at - 200 * DAY,
        "source": "crm",
        "recorded_at": at,
    }
    return {"id": uuid.UUID(int=person.id.int ^ 1), "customer_id": person.id, **stated}


def _events(person: Person, ids: SimpleNamespace, at: datetime) -> Iterable[dict[str, Any]]:
    first = {
        "channel_id": ids.channels["phone"],
        "segment_id": ids.segments["new"],
        "completed_at": at - 60 * DAY,
    }
    last = {
        "channel_id": ids.channels[person.channel],
        "segment_id": ids.segments[person.segment],
        "completed_at": at - 5 * DAY,
    }
    for number, facts in enumerate((first, last)):
        yield {
            "id": uuid.UUID(int=person.id.int ^ (number + 2)),
            "source": "crm",
            "external_id": f"{person.id}-{number}",
            "kind_id": ids.kind,
            "team_id": ids.teams[person.team],
            "credited_team_id": ids.teams[person.team],
            "customer_id": person.id,
            "status": "completed",
            "opened_at": at - 90 * DAY,
            "priority": "routine",
            "is_complaint": False,
            "complexity": "",
            "area": "",
            "product_line": "",
            "attributes": "{}",
            "body": "{}",
            "content_hash": b"x",
            "is_replayed": True,
            "recorded_at": at,
            "updated_at": at,
            **facts,
        }


def _copy(table: str, rows: Iterable[dict[str, Any]]) -> None:
    rows = iter(rows)
    first = next(rows)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(first)}) FROM STDIN") as copy:
        copy.write_row(list(first.values()))
        for row in rows:
            copy.write_row(list(row.values()))
