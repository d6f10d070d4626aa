import pytest
from celery import current_app, signals
from django.db import transaction
from structlog.testing import capture_logs

from feedback_site.common import doorbell
from feedback_site.common.clock import database_now
from feedback_site.common.doorbell import ring

TASK = "surveys.decide_events"


@pytest.fixture
def dead_broker():
    app = current_app._get_current_object()
    before = app.conf.broker_url, app.conf.broker_write_url
    app.conf.broker_url = app.conf.broker_write_url = "redis://127.0.0.1:9"
    app._after_fork()  # the pool remembers where it went
    yield
    app.conf.broker_url, app.conf.broker_write_url = before
    app._after_fork()
    doorbell._doorbell.forget()


def unheard(logs) -> int:
    return [line["event"] for line in logs].count("doorbell_unheard")


def test_a_dead_broker_is_forgiven(transactional_db, dead_broker):
    with capture_logs() as logs, transaction.atomic():
        ring(TASK)

    assert unheard(logs) == 1


def test_after_an_unheard_ring_no_service_waits_for_the_broker_again(transactional_db, dead_broker):
    with capture_logs() as logs:
        for _ in range(3):
            ring(TASK)

    assert unheard(logs) == 1


def test_after_the_silence_one_ring_tries_again(transactional_db, dead_broker, monkeypatch):
    monkeypatch.setattr(doorbell, "SILENT_SECONDS", 0.0)

    with capture_logs() as logs:
        for _ in range(3):
            ring(TASK)

    assert unheard(logs) == 3


def test_a_ring_that_was_heard_ends_the_silence(transactional_db):
    doorbell._doorbell._silent_until = 1e-9  # long ago

    ring(TASK)

    assert doorbell._doorbell._silent_until == 0.0


def test_one_ring_for_many_rows_does(transactional_db, monkeypatch):
    sent = []
    doorbell._doorbell.forget()

    @signals.before_task_publish.connect(sender=TASK, weak=False)
    def note(sender, **_):
        sent.append(sender)

    try:
        for _ in range(3):
            ring(TASK)
        monkeypatch.setattr(doorbell, "PAUSE_SECONDS", 0.0)
        ring(TASK)
    finally:
        signals.before_task_publish.disconnect(note, sender=TASK)

    assert sent == [TASK, TASK]


def test_the_clock_moves_within_a_transaction(db):
    assert database_now() < database_now()
