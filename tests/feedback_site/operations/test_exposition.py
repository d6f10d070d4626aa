"""`/metrics`: what is counted, in a form that Prometheus reads, and shown to operators only."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from prometheus_client.parser import text_string_to_metric_families

from feedback_site.common.clock import database_now
from feedback_site.conservation.tasks import verify_recent
from feedback_site.delivery.models import Message
from feedback_site.operations.exposition import Reading, expose, read_last_runs
from feedback_site.operations.figures import read_figures
from feedback_site.operations.heartbeat import keep_heartbeat
from feedback_site.operations.last_run import RUNS
from feedback_site.operations.readiness import Readiness
from feedback_site.service_events.models import ServiceEventTransition
from surveys.models import Invitation, PendingTally, Response

READY = Readiness(
    {"database": True, "migrations": True, "redis": True, "broker": False, "worker": None}, heartbeat_age=2.5
)


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Return every value by its name and the values of its labels, in the order of the labels' names."""
    families = text_string_to_metric_families(text)
    found = [sample for family in families for sample in family.samples]
    return {
        (sample.name, *(value for _label, value in sorted(sample.labels.items()))): sample.value
        for sample in found
    }


@pytest.fixture
def scrape(db):
    """Read within the test's own transaction."""
    return lambda: samples(expose(Reading(READY, read_figures(), read_last_runs(), 0.1)).decode())


@pytest.fixture
def now(db) -> datetime:
    return database_now()


def of(found: dict[tuple[str, ...], float], name: str) -> dict[tuple[str, ...], float]:
    return {key[1:]: value for key, value in found.items() if key[0] == f"feedback_{name}"}


def change_messages(world, **by_name) -> None:
    for name, fields in by_name.items():
        Message.objects.filter(pk=world.messages[name].pk).update(**fields)


def test_an_empty_site_has_figures_too(scrape):
    found = scrape()

    assert found["feedback_events_undecided",] == 0
    assert found["feedback_answers_per_second",] == 0
    assert found["feedback_messages_oldest_due_age_seconds",] == 0
    assert of(found, "messages_ended")["1h", "late"] == 0
    assert of(found, "messages_in_time_share") == {}


def test_parts_say_whether_they_answer(scrape):
    found = scrape()

    assert of(found, "part_up") == {("database",): 1, ("migrations",): 1, ("redis",): 1, ("broker",): 0}
    assert found["feedback_worker_heartbeat_age_seconds",] == 2.5


def test_the_queue_is_counted_by_status_and_channel_with_the_age_of_what_waits(world, scrape, now):
    change_messages(
        world, queued={"due_at": now - timedelta(minutes=20), "deadline_at": now - timedelta(minutes=10)}
    )
    world.fall_back("failed")
    Message.objects.filter(channel="email").update(due_at=now + timedelta(minutes=5))

    found = scrape()

    assert of(found, "messages_unfinished") == {("sms", "queued"): 1, ("email", "queued"): 1}
    assert of(found, "messages_due") == {("sms", "queued"): 1, ("email", "queued"): 0}
    assert of(found, "messages_overdue") == {("sms", "queued"): 1, ("email", "queued"): 0}
    assert 1200 <= found["feedback_messages_oldest_due_age_seconds",] < 1210


def test_messages_in_time_late_and_missed_are_counted_by_span(world, scrape, now):
    change_messages(
        world,
        sent={"sent_at": now - timedelta(minutes=2), "deadline_at": now},
        answered={"sent_at": now - timedelta(minutes=30), "deadline_at": now},
        missed={"send_until": now - timedelta(minutes=3)},
        replayed={"sent_at": now - timedelta(minutes=1)},
    )
    Message.objects.filter(pk=world.messages["answered again"].pk).update(
        sent_at=now - timedelta(minutes=1),
        deadline_at=now - timedelta(minutes=5),
        is_late=True,
        late_cause="backlog",
    )

    found = scrape()

    lately = {("10m", "in_time"): 1, ("10m", "late"): 1, ("10m", "without_deadline"): 0, ("10m", "missed"): 1}
    hour = {("1h", "in_time"): 2, ("1h", "late"): 1, ("1h", "without_deadline"): 0, ("1h", "missed"): 1}
    assert of(found, "messages_ended") == {**lately, **hour}
    assert of(found, "messages_in_time_share") == {("10m",): pytest.approx(1 / 3), ("1h",): 0.5}


def test_work_that_waits_for_a_sweep_is_counted_with_the_age_of_the_oldest(world, scrape, now):
    ServiceEventTransition.objects.create(
        event=world.events["undecided"],
        type="completed",
        at=now - timedelta(minutes=5),
        recorded_at=now - timedelta(minutes=4),
    )
    Invitation.objects.filter(pk=world.invitations["not handed over yet"].pk).update(
        due_at=now - timedelta(minutes=3)
    )
    response = Response.objects.create(
        invitation=world.invitations["sent"],
        answers={},
        answers_hash=b"0" * 32,
        language="en",
        submitted_at=now - timedelta(seconds=30),
    )
    PendingTally.objects.create(response=response)

    found = scrape()

    assert found["feedback_events_undecided",] == 1
    assert 240 <= found["feedback_events_undecided_oldest_age_seconds",] < 250
    assert found["feedback_invitations_to_queue",] == 1
    assert 180 <= found["feedback_invitations_to_queue_oldest_age_seconds",] < 190
    assert found["feedback_tallies_pending",] == 1
    assert 30 <= found["feedback_tallies_pending_oldest_age_seconds",] < 40
    assert found["feedback_answers_per_second",] == pytest.approx(1 / 60)
    assert found["feedback_completions_last_minute",] == 0


def test_faults_that_the_checks_found_are_shown_by_check(world, scrape):
    cache.delete_many([f"conservation:last-run:{run}" for run in RUNS])
    verify_recent()

    found = scrape()

    assert of(found, "conservation_age_seconds")["recent",] < 10
    faults = of(found, "conservation_faults")
    assert {run for _check, run in faults} == {"recent"}
    assert len(faults) > 10
    assert set(faults.values()) == {0}


def test_figures_are_read_by_a_fixed_number_of_statements(world, django_assert_num_queries):
    with django_assert_num_queries(12):
        read_figures()


def test_the_address_shows_the_figures_of_the_database_and_the_counts_of_the_process(transactional_db):
    keep_heartbeat(at=database_now())
    Client().get("/nothing/here/")

    response = Client().get("/metrics")

    found = samples(response.text)
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert found["feedback_scrape_complete",] == 1
    assert found["feedback_part_up", "worker"] == 1
    assert found["feedback_messages_ended", "10m", "late"] == 0
    assert found["feedback_replies_total", "GET", "404", "other"] >= 1


def fail(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [path("broken/", fail)]


def test_replies_of_customers_pages_and_errors_are_counted(db, settings):
    before = samples(expose(Reading(READY, None, {}, 0)).decode())

    Client().get(f"/r/{'x' * 22}/")
    Client().get("/api/v1/responses/")
    settings.ROOT_URLCONF = __name__
    Client(raise_request_exception=False).post("/broken/")

    after = samples(expose(Reading(READY, None, {}, 0)).decode())
    replies = {key: value for key, value in after.items() if key[0] == "feedback_replies_total"}
    grown = {key[1:] for key, value in replies.items() if value > before.get(key, 0)}
    assert {("GET", "404", "answer"), ("GET", "401", "api"), ("POST", "500", "other")} == grown
    assert after["feedback_scrape_complete",] == 0


@pytest.mark.parametrize(
    ("address", "headers", "token", "proxies", "status"),
    [
        ("127.0.0.1", {}, "", 0, 200),
        ("10.3.4.5", {}, "", 0, 200),
        ("::ffff:192.168.1.7", {}, "", 0, 200),
        ("8.8.8.8", {}, "", 0, 404),
        ("::", {}, "", 0, 404),
        ("", {}, "", 0, 404),
        ("127.0.0.1", {"X-Forwarded-For": "8.8.8.8"}, "", 0, 404),
        ("127.0.0.1", {"X-Forwarded-Proto": "https"}, "", 0, 404),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.9, 8.8.8.8"}, "", 1, 404),
        ("127.0.0.1", {"X-Forwarded-For": "8.8.8.8, 10.0.0.9"}, "", 1, 200),
        ("8.8.8.8", {"Authorization": "Bearer right"}, "right", 0, 200),
        ("8.8.8.8", {"Authorization": "Bearer wrong"}, "right", 0, 404),
        ("127.0.0.1", {"Authorization": "Bearer wrong"}, "right", 0, 404),
        ("8.8.8.8", {"Authorization": "Bearer "}, "", 0, 404),
    ],
)
def test_only_operators_see_figures(db, settings, monkeypatch, address, headers, token, proxies, status):
    settings.METRICS_TOKEN, settings.TRUSTED_PROXIES = token, proxies
    # What is shown is another test's business; here nothing needs to be read.
    monkeypatch.setattr(
        "feedback_site.operations.views.read_readiness",
        lambda: Readiness(dict.fromkeys(READY.parts, False), None),
    )

    response = Client(REMOTE_ADDR=address).get("/metrics", headers=headers)

    assert response.status_code == status
    assert ("feedback_" in response.text) == (status == 200)
