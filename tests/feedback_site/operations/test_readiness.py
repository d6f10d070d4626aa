"""`/health/`: which part is down, and never longer than a prober waits."""

import socket
import threading
import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from feedback_site.common.clock import database_now
from feedback_site.operations import readiness
from feedback_site.operations.heartbeat import STALE_SECONDS, keep_heartbeat
from feedback_site.operations.probe import Probe
from feedback_site.operations.tasks import note_heartbeat

ALL_UP = {"database": True, "migrations": True, "redis": True, "broker": True, "worker": True}


@pytest.fixture(autouse=True)
def _no_heartbeat_of_others() -> None:
    cache.delete("worker:heartbeat")


def test_health_names_each_part(db):
    note_heartbeat()

    response = Client().get("/health/")

    found = response.json()
    assert response.status_code == 200
    assert found.pop("worker_heartbeat_seconds") < STALE_SECONDS
    assert found == {"status": "ok", "down": [], **ALL_UP}


def test_without_redis_the_site_is_degraded_but_ready(db, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:9",
        }
    }

    response = Client().get("/health/")

    assert response.status_code == 200
    assert response.json() == {
        "status": "degraded",
        "down": ["redis"],
        **ALL_UP,
        "redis": False,
        "worker": None,
        "worker_heartbeat_seconds": None,
    }


def test_without_the_broker_the_site_is_degraded_but_ready(db, monkeypatch):
    note_heartbeat()
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", "redis://127.0.0.1:9")

    response = Client().get("/health/")

    assert response.status_code == 200
    assert (response.json()["status"], response.json()["down"]) == ("degraded", ["broker"])


@pytest.mark.parametrize("age", [None, STALE_SECONDS + 1])
def test_a_worker_that_gives_no_sign_of_life_is_down(db, age):
    if age is not None:
        keep_heartbeat(at=database_now() - timedelta(seconds=age))

    response = Client().get("/health/")

    assert response.status_code == 200
    assert (response.json()["status"], response.json()["down"]) == ("degraded", ["worker"])


def test_a_database_without_our_migrations_is_not_ready(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE django_migrations SET name = '0001_from_later' WHERE app = 'delivery' AND name = "
            "'0001_initial'"
        )
    try:
        response = Client().get("/health/")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE django_migrations SET name = '0001_initial' WHERE app = 'delivery' AND name = "
                "'0001_from_later'"
            )

    assert response.status_code == 503
    assert (response.json()["status"], response.json()["migrations"]) == ("down", False)


def test_health_answers_in_time_when_the_database_accepts_and_says_nothing(db, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host, port = silent.getsockname()
        monkeypatch.setitem(connection.settings_dict, "HOST", host)
        monkeypatch.setitem(connection.settings_dict, "PORT", port)
        monkeypatch.setattr(readiness, "_database", Probe(readiness.ask_database))
        started = time.monotonic()

        response = Client().get("/health/")

    assert time.monotonic() - started < 2
    assert response.status_code == 503
    assert (response.json()["status"], response.json()["down"]) == ("down", ["database"])
    assert response.json()["migrations"] is None


def test_a_part_that_hangs_holds_one_thread_however_often_it_is_asked_for():
    released, asked = threading.Event(), []

    def hang() -> str:
        asked.append(1)
        released.wait(10)
        return "here"

    probe = Probe(hang)

    assert [probe.answer(seconds=0.01) for _ in range(20)] == [None] * 20
    released.set()
    assert probe.answer(seconds=5) == "here"
    assert len(asked) == 1


def test_a_part_that_fails_is_asked_anew():
    answers = iter([OSError("away"), "here"])

    def ask() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    probe = Probe(ask)

    assert probe.answer(seconds=5) is None
    assert probe.answer(seconds=5) == "here"


def test_liveness_asks_no_server(django_assert_num_queries, db, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:9",
        }
    }

    with django_assert_num_queries(0):
        response = Client().get("/health/live/")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
