"""Whom may we ask: one rule for questionnaires, NPS surveys, return visits and filling in.

Pure: services fetch the facts (`services.invitations.askable`). The statement that draws an
NPS sample says the same in SQL, for millions at once, and a test holds it to this rule.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from surveys.enums import Obstacle

NO_CAP = timedelta(0)


@dataclass(frozen=True, slots=True)
class Address:
    """One way to a customer: a delivery channel and the blind index of the address there."""

    channel: str
    index: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a customer who is to be asked for one purpose.

    `has_consent`: their latest word is yes and none of their contacts refused. `addresses` are in the
    order in which they are tried; None where none is needed, because the customer is on the phone or on
    site. `asked_at` are the moments at which an address was asked before, by index; an address of
    `excluded` is not asked again however long ago that was.
    """

    has_consent: bool
    addresses: Sequence[Address] | None = None
    suppressed: Collection[Address] = ()
    asked_at: Mapping[bytes, Collection[datetime]] = field(default_factory=dict)
    excluded: Collection[bytes] = ()


class Asking(NamedTuple):
    """The first reason not to ask, or None, and the address to write to where one is needed."""

    obstacle: Obstacle | None
    address: Address | None


def may_be_asked(facts: Facts, *, moment: datetime, cap: timedelta = NO_CAP) -> Asking:
    """Say whether the customer may be asked at `moment`, and where; obstacles in the order of the ledger."""
    addresses = facts.addresses
    address = first_usable(addresses or (), facts.suppressed)
    obstacles = (
        (not facts.has_consent, Obstacle.NO_CONSENT),
        (addresses is not None and not addresses, Obstacle.NO_CONTACT),
        (bool(addresses) and address is None, Obstacle.SUPPRESSED),
        (address is not None and _was_asked(address, facts, moment, cap), Obstacle.FREQUENCY_CAP),
    )
    obstacle = next((obstacle for is_met, obstacle in obstacles if is_met), None)
    return Asking(obstacle, address if obstacle is None else None)


def _was_asked(address: Address, facts: Facts, moment: datetime, cap: timedelta) -> bool:
    asked_at = facts.asked_at.get(address.index, ())
    return address.index in facts.excluded or is_capped(cap=cap, moment=moment, asked_at=asked_at)


def is_capped(*, cap: timedelta, moment: datetime, asked_at: Iterable[datetime]) -> bool:
    """Say whether the contact was asked within `cap` before `moment`. No cap never caps."""
    return bool(cap) and any(moment - cap < asked <= moment for asked in asked_at)


def addresses_of(indexes: Mapping[str, bytes | None], channels: Sequence[str]) -> list[Address]:
    """Return the customer's addresses in the order in which `channels` are tried.

    `indexes` is by delivery channel.
    """
    found = ((channel, indexes.get(channel)) for channel in channels)
    return [Address(channel, index) for channel, index in found if index is not None]


def first_usable(addresses: Iterable[Address], suppressed: Collection[Address]) -> Address | None:
    """Return the first address that no one asked us to leave alone."""
    return next((address for address in addresses if address not in suppressed), None)
