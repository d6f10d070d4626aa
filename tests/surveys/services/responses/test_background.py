import os
import threading
import time

import pytest
from celery import current_app
from django.db import connection

from feedback_site.common import doorbell
from surveys.services.responses import background as module
from surveys.services.responses.background import Background

BELL = "surveys.consume_tallies"


@pytest.fixture
def background(transactional_db, monkeypatch):
    """A background that works every fiftieth of a second."""
    monkeypatch.setattr(module, "PERIOD_SECONDS", 0.02)
    made = Background()
    yield made
    made.stop()


@pytest.fixture
def rung(monkeypatch):
    """The names of the tasks that were sent to the broker.

    What the test before rang does not silence the bell.
    """
    doorbell._doorbell.forget()
    names = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **_options: names.append(name))
    return names


def wait_until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


def test_where_no_server_runs_nothing_starts_and_the_bell_rings_at_once(background, rung):
    before = threading.active_count()

    background.ensure_running()
    background.ring_soon(BELL)

    assert threading.active_count() == before
    assert rung == [BELL]


def test_a_hundred_answers_ring_once(background, rung):
    runs = []
    background.enable(lambda: runs.append(1))
    for _ in range(100):
        background._bells.add(BELL)
    background.ring_soon(BELL)

    assert wait_until(lambda: len(runs) > 2)
    assert rung == [BELL]


def test_a_job_that_fails_is_tried_again_and_holds_up_no_other(background, rung):
    runs = []

    def fail():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    background.enable(fail, lambda: runs.append(1))
    background.ring_soon(BELL)

    assert wait_until(lambda: len(runs) > 2)


def test_a_broker_that_hangs_holds_up_no_customer(background, monkeypatch):
    heard = threading.Event()
    monkeypatch.setattr(current_app, "send_task", lambda *_names, **_options: heard.wait(5))
    background.enable()

    began = time.monotonic()
    for _ in range(1000):
        background.ring_soon(BELL)
        time.sleep(0.0001)
    took = time.monotonic() - began
    heard.set()

    assert took < 2


def test_what_is_left_at_the_end_is_done(background, rung, monkeypatch):
    monkeypatch.setattr(module, "PERIOD_SECONDS", 60)
    done = []
    background.enable(lambda: done.append(1))
    background.ring_soon(BELL)

    background.stop()

    assert (rung, done) == ([BELL], [1])


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # the very thing under test
def test_a_fork_gets_a_thread_of_its_own(background):
    reader, writer = os.pipe()
    background.enable(lambda: os.write(writer, str(os.getpid()).encode() + b" "))
    background.ensure_running()
    child = os.fork()
    if child == 0:
        background.ensure_running()
        time.sleep(0.3)
        os._exit(0)
    os.waitpid(child, 0)

    seen = set(os.read(reader, 60_000).split())

    assert seen == {str(os.getpid()).encode(), str(child).encode()}
