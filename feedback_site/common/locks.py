"""Advisory locks of PostgreSQL by name, for what has no row of its own to lock.

All are held until the transaction ends. Where there is a row, that is locked, mostly with `no_key=True`: rows
that refer to it can then be inserted meanwhile, for they only need its key to stay.
"""

from collections.abc import Iterable
from enum import IntEnum, unique
from typing import Any

from django.db import connection


@unique
class Lock(IntEnum):
    """One number for each thing that is done by one transaction at a time.

    The numbers say nothing. They stay as they are: while the site is upgraded its old and its new processes
    must wait for the same lock.
    """

    REPLAYED_EVENTS = 7_301_001  # deciding about history
    SURVEY_ORDER = 7_301_002  # positions of survey rules; a trigger takes it too
    ACCESS_LOG = 7_301_003
    CONTACT_REVEALS = 7_301_004  # by person or API key
    CONTACT_SEARCHES = 7_301_006  # by person
    TALLIES = 7_301_007
    EXPORTS = 7_301_021
    VISIT_PLANS = 7_301_031
    VISIT_CALLERS = 7_301_032
    VISIT_FIGURES = 7_301_033
    NPS_FIGURES = 7_301_041
    EVENT_IMPORTS = 7_301_051
    CASE_LOG = 7_301_061


def wait_for(lock: Lock) -> None:
    """Take the lock, after all others who hold it or have asked for it."""
    _run("SELECT pg_advisory_xact_lock(%s)", [lock.value])


def wait_for_one(lock: Lock, name: str) -> None:
    """Take the lock of one `name`; other names do not wait for each other."""
    _run("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [lock.value, name])


def is_alone(lock: Lock) -> bool:
    """Take the lock if no other transaction holds it, and say whether this one has it now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock.value])
        (is_mine,) = cursor.fetchone()
    return bool(is_mine)


def wait_for_hashes(hashes: Iterable[bytes]) -> None:
    """Lock what these hashes stand for, in one statement.

    Every transaction takes them in the same order, so that no two wait for each other in a circle.
    """
    keys = sorted({int.from_bytes(value[:8], signed=True) for value in hashes})
    if keys:
        _run("SELECT pg_advisory_xact_lock(key) FROM (SELECT unnest(%s::bigint[]) AS key) keys", [keys])


def _run(statement: str, parameters: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
