import threading
import time

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections

from feedback_site.operations import slots as slots_module
from feedback_site.operations.slots import NoSlot, Slots, impatient_database, patient_database


@pytest.fixture
def make_slots(transactional_db):
    """A maker of slots whose connections are closed after the test."""
    databases = []

    def make(most=1, most_waiting=1, make_database=impatient_database):
        def made():
            databases.append(make_database())
            return databases[-1]

        return Slots(most=most, most_waiting=most_waiting, make_database=made)

    yield make
    for database in databases:
        database.close()


def ask(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_the_connection_of_a_place_is_the_threads_own_for_the_block(make_slots):
    slots, own = make_slots(), connections[DEFAULT_DB_ALIAS]

    with slots.take():
        borrowed = connections[DEFAULT_DB_ALIAS]
        first = ask("SELECT pg_backend_pid()")
    with slots.take():
        second = ask("SELECT pg_backend_pid()")

    assert borrowed is not own
    assert connections[DEFAULT_DB_ALIAS] is own
    assert first == second != ask("SELECT pg_backend_pid()")


@pytest.mark.parametrize(("name", "limit"), [("statement_timeout", "4s"), ("lock_timeout", "3s")])
def test_the_database_gives_up_for_customers_before_the_deadline_does(make_slots, name, limit):
    with make_slots().take():
        assert ask(f"SHOW {name}") == limit
    with make_slots(make_database=patient_database).take():
        assert ask(f"SHOW {name}") == "0"


def test_who_finds_all_places_taken_waits_for_one(make_slots):
    slots, order = make_slots(), []

    def work():
        with slots.take():
            order.append("second")

    with slots.take():
        waiter = threading.Thread(target=work)
        waiter.start()
        time.sleep(0.1)
        order.append("first")
    waiter.join()

    assert order == ["first", "second"]


def test_more_than_may_wait_are_refused_at_once(make_slots):
    slots = make_slots(most_waiting=1)
    with slots.take():
        waiter = threading.Thread(target=lambda: slots.take().__enter__())
        waiter.start()
        time.sleep(0.1)

        started = time.monotonic()
        with pytest.raises(NoSlot), slots.take():
            pass
        taken = time.monotonic() - started
    waiter.join()

    assert taken < 0.1


def test_who_waits_for_long_is_refused_and_the_place_is_not_lost(make_slots, monkeypatch):
    monkeypatch.setattr(slots_module, "SLOT_SECONDS", 0.05)
    slots = make_slots()

    with slots.take(), pytest.raises(NoSlot), slots.take():
        pass
    with slots.take():
        assert ask("SELECT 1") == 1


def test_a_connection_over_its_deadline_is_cut_and_the_next_one_is_new(make_slots):
    slots = make_slots()
    started = time.monotonic()

    with slots.take(until=started + 0.2):
        with pytest.raises(OperationalError):
            ask("SELECT pg_sleep(3)")
        taken = time.monotonic() - started
        connection.close()
    with slots.take(until=time.monotonic() + 5):
        assert ask("SELECT 1") == 1

    assert 0.2 <= taken < 1


def test_a_place_given_back_in_time_is_not_cut(make_slots):
    slots = make_slots()
    with slots.take(until=time.monotonic() + 0.15):
        pid = ask("SELECT pg_backend_pid()")
    time.sleep(0.4)

    with slots.take():
        assert ask("SELECT pg_backend_pid()") == pid
