"""Locks on what has no row of its own: held until the transaction ends."""

from collections.abc import Iterable

from django.db import connection


def lock_contacts(locks: Iterable[bytes]) -> None:
    """Lock contacts by what `ContactIndex.lock` says, by the oldest
    key: two workers never both think that a contact is free.
    """
    lock_hashes(locks)


def lock_hashes(hashes: Iterable[bytes]) -> None:
    """Lock what these hashes stand for. One order for everybody,
    so that no one waits for each other in a circle; one statement.
    """
    keys = sorted({int.from_bytes(value[:8], signed=True) for value in hashes})
    if not keys:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(key) FROM (SELECT unnest(%s::bigint[]) AS key) keys", [keys]
        )
