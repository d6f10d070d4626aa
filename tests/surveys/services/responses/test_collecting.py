"""Answers that arrive together.

How they become batches, and what a failure of one does to the others (nothing).
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import DEFAULT_DB_ALIAS, DataError, OperationalError, connection, connections, transaction

from surveys.models import PendingTally, Response
from surveys.services.responses.answering import Outcome, Submission
from surveys.services.responses.collecting import Collector
from tests.factories.surveys.links import INVITED_AT

AT = INVITED_AT + timedelta(days=1)
PATIENCE_SECONDS, MANY = 20.0, 8


def submission(link, score=4, **more):
    fields = {
        "invitation_id": link.invitation.pk,
        "answers": {"overall": score},
        "satisfaction": score,
        "nps": None,
        "language": "en",
    }
    return Submission(**{**fields, **more})


@pytest.fixture
def collector(transactional_db):
    return Collector()


@pytest.fixture
def submit(collector):
    """Submit in a thread with a connection of its own; returns the outcome, or the error."""

    def work(wanted, *, seconds=PATIENCE_SECONDS):
        try:
            return collector.submit(wanted, at=AT, until=time.monotonic() + seconds).outcome
        except Exception as error:  # noqa: BLE001 - handed to the test
            return error
        finally:
            connections[DEFAULT_DB_ALIAS].close()

    with ThreadPoolExecutor(MANY + 2) as pool:
        yield lambda *arguments, **options: pool.submit(work, *arguments, **options)


@contextmanager
def held(link):
    """Hold a link's row, so that a person who submits for it waits, and everybody behind them."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM surveys_invitation WHERE id = %s FOR UPDATE", [link.invitation.pk])
        yield


def wait_until(is_so):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def statements_that_wrote():
    """Rows that one statement wrote share its transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(n ORDER BY n) FROM (SELECT count(*) AS n FROM surveys_response GROUP BY "
            "xmin::text) batches"
        )
        return cursor.fetchone()[0]


def cut_who_waits_for_a_row():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
            "AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def test_alone_it_is_one_of_one(submit, make_link):
    assert submit(submission(make_link())).result() is Outcome.ACCEPTED
    assert submit(submission(make_link())).result() is Outcome.ACCEPTED

    assert statements_that_wrote() == [1, 1]


def test_what_comes_while_one_is_written_is_written_together(collector, submit, make_link):
    first, others = make_link(), [make_link() for _ in range(MANY)]

    with held(first):
        leader = submit(submission(first))
        wait_until(lambda: collector._is_led and not collector._waiting)
        followers = [submit(submission(link)) for link in others]
        wait_until(lambda: len(collector._waiting) == MANY)

    assert [future.result() for future in (leader, *followers)] == [Outcome.ACCEPTED] * (MANY + 1)
    assert statements_that_wrote() == [1, MANY]
    assert PendingTally.objects.count() == MANY + 1
    assert (collector._is_led, collector._waiting) == (False, [])


def test_one_link_many_times_in_a_batch_is_one_answer_and_truthful_replies(collector, submit, make_link):
    first, link = make_link(), make_link()

    with held(first):
        submit(submission(first))
        wait_until(lambda: collector._is_led and not collector._waiting)
        followers = [submit(submission(link, score)) for score in (5, 5, 1, 1)]
        wait_until(lambda: len(collector._waiting) == len(followers))

    found = sorted(future.result() for future in followers)
    assert found == [Outcome.ACCEPTED, Outcome.DIFFERENT, Outcome.DIFFERENT, Outcome.REPEATED]
    assert Response.objects.filter(pk=link.invitation.pk).count() == 1


def test_a_row_that_cannot_be_stored_fails_no_other(collector, submit, make_link):
    first, good, bad = make_link(), make_link(), make_link()

    with held(first):
        leader = submit(submission(first))
        wait_until(lambda: collector._is_led and not collector._waiting)
        followers = [submit(submission(bad, answers={"comment": "\x00"})), submit(submission(good))]
        wait_until(lambda: len(collector._waiting) == len(followers))

    assert leader.result() is Outcome.ACCEPTED
    assert isinstance(followers[0].result(), DataError)
    assert followers[1].result() is Outcome.ACCEPTED
    assert submit(submission(make_link())).result() is Outcome.ACCEPTED


def test_a_connection_cut_under_the_batch_fails_only_whose_it_was(collector, submit, make_link):
    first, follower = make_link(), make_link()

    with held(first):
        leader = submit(submission(first))
        wait_until(lambda: collector._is_led and not collector._waiting)
        after = submit(submission(follower))
        wait_until(lambda: collector._waiting)
        wait_until(lambda: cut_who_waits_for_a_row() == 1)

    assert isinstance(leader.result(), OperationalError)
    assert after.result() is Outcome.ACCEPTED


def test_who_has_waited_long_enough_is_told_and_holds_up_no_other(collector, submit, make_link):
    first, impatient, patient = make_link(), make_link(), make_link()

    with held(first):
        leader = submit(submission(first))
        wait_until(lambda: collector._is_led and not collector._waiting)
        gone = submit(submission(impatient), seconds=0.05)
        assert isinstance(gone.result(), OperationalError)
        after = submit(submission(patient))
        wait_until(lambda: collector._waiting)

    assert {leader.result(), after.result()} == {Outcome.ACCEPTED}
    assert not Response.objects.filter(pk=impatient.invitation.pk).exists()


def test_under_load_everybody_gets_an_answer_and_every_link_one(collector, make_link):
    links = [make_link() for _ in range(40)]
    gate = threading.Barrier(MANY)

    def submit_one(link):
        return link.invitation.pk, collector.submit(
            submission(link), at=AT, until=time.monotonic() + PATIENCE_SECONDS
        ).outcome

    def work(place):
        gate.wait()
        try:
            # Neighbours share links, so that one comes twice in a batch now and then.
            return [submit_one(link) for link in links[place::4] + links[place // 2 :: 8]]
        finally:
            connections[DEFAULT_DB_ALIAS].close()

    with ThreadPoolExecutor(MANY) as pool:
        replies = [reply for seen in pool.map(work, range(MANY)) for reply in seen]

    assert {outcome for _link, outcome in replies} <= {Outcome.ACCEPTED, Outcome.REPEATED}
    accepted = [link for link, outcome in replies if outcome is Outcome.ACCEPTED]
    assert sorted(accepted) == sorted(set(accepted)) == sorted({link for link, _outcome in replies})
    assert Response.objects.count() == len(accepted) == PendingTally.objects.count()
