"""A task's lines bear its id, and the id of the request that rang for it."""

import pytest
from celery import current_app, shared_task
from celery.signals import task_postrun, task_prerun
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.registry import Collector
from structlog.contextvars import bound_contextvars, clear_contextvars, get_contextvars

from feedback_site.operations.counters import read_counters

QUEUE = "tests-of-task-logs"
bound: list[dict] = []


@shared_task(name="tests.note_bound", ignore_result=True)
def note_bound(is_failing: bool = False) -> None:  # noqa: FBT001, FBT002 - Celery passes it by keyword
    bound.append(dict(get_contextvars()))
    if is_failing:
        raise ZeroDivisionError


@pytest.fixture(autouse=True)
def _nothing_bound():
    bound.clear()
    clear_contextvars()
    yield
    clear_contextvars()


class _Counters(Collector):
    def collect(self):
        return read_counters()


def counters() -> str:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Counters())
    return generate_latest(registry).decode()


def test_the_bell_takes_the_requests_id_along():
    with bound_contextvars(request_id="of-the-request"):
        current_app.send_task("tests.note_bound", queue=QUEUE)
    current_app.send_task("tests.note_bound", queue=QUEUE)

    with current_app.connection_for_read() as broker, broker.SimpleQueue(QUEUE) as queue:
        first, second = queue.get(timeout=5), queue.get(timeout=5)
        first.ack()
        second.ack()

    assert first.headers["request_id"] == "of-the-request"
    assert "request_id" not in second.headers


def test_a_task_logs_with_its_own_id_and_that_of_the_request_and_leaves_nothing_behind():
    with bound_contextvars(request_id="of another request", user_id=7):
        done = note_bound.apply()
        # What a worker makes of a message's headers.
        note_bound.push_request(id="of-the-task", request_id="of-the-request")
        task_prerun.send(note_bound, task_id="of-the-task", task=note_bound)
        rung = dict(get_contextvars())
        task_postrun.send(note_bound, task_id="of-the-task", task=note_bound)
        note_bound.pop_request()

    assert bound == [{"task_id": done.id, "task": "tests.note_bound"}]
    assert rung == {"task_id": "of-the-task", "task": "tests.note_bound", "request_id": "of-the-request"}
    assert get_contextvars() == {}


def test_a_task_that_fails_is_counted():
    before = counters().count('feedback_failed_tasks_total{task="tests.note_bound"}')

    note_bound.apply(kwargs={"is_failing": True})

    assert before == 0
    assert 'feedback_failed_tasks_total{task="tests.note_bound"} 1.0' in counters()
