"""Locks on contacts: held until the transaction ends."""

from collections.abc import Iterable

from feedback_site.common.locks import wait_for_hashes


def lock_contacts(locks: Iterable[bytes]) -> None:
    """Lock contacts by what `ContactIndex.lock` says, by the oldest key.

    Two workers then never both think that a contact is free.
    """
    wait_for_hashes(locks)
