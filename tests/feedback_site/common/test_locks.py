"""Locks are held until their transaction ends, each for itself."""

import pytest
from django.db import connection, transaction

from feedback_site.common import locks
from feedback_site.common.locks import Lock, is_alone, wait_for, wait_for_one


@pytest.fixture
def elsewhere(monkeypatch, transactional_db):
    """Asks on a connection of its own, in a transaction that ends with the question."""
    other = connection.copy()

    def ask(lock: Lock) -> bool:
        with monkeypatch.context() as patched:
            patched.setattr(locks, "connection", other)
            return is_alone(lock)

    yield ask
    other.close()


@pytest.mark.parametrize("take", [is_alone, wait_for])
def test_a_lock_keeps_others_out_of_its_own_work_until_the_transaction_ends(elsewhere, take):
    with transaction.atomic():
        take(Lock.EXPORTS)
        within = elsewhere(Lock.EXPORTS), elsewhere(Lock.CASE_LOG)

    assert (within, elsewhere(Lock.EXPORTS)) == ((False, True), True)


def test_a_lock_of_one_name_leaves_the_others_free(transactional_db):
    other = connection.copy()
    asks = "SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))"
    with transaction.atomic(), other.cursor() as cursor:
        wait_for_one(Lock.CONTACT_REVEALS, "quinn")
        cursor.execute(
            f"SELECT ({asks}), ({asks}), ({asks})",
            [Lock.CONTACT_REVEALS, "quinn", Lock.CONTACT_REVEALS, "kim", Lock.CONTACT_SEARCHES, "quinn"],
        )
        found = cursor.fetchone()
    other.close()

    assert found == (False, True, True)
