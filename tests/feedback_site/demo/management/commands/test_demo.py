import socket

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from feedback_site.demo.management.commands import demo

CREDENTIALS = {
    "base_url": "http://127.0.0.1:9000",
    "smtp_port": 8025,
    "sms_gateway_url": "http://127.0.0.1:8026/sms",
}


def names(monkeypatch, simulate: str | None) -> list[str]:
    if simulate is None:
        monkeypatch.delenv("SIMULATE", raising=False)
    else:
        monkeypatch.setenv("SIMULATE", simulate)
    return [spec.name for spec in demo.demo_processes(9000, 8026, CREDENTIALS)]


def test_a_port_that_was_asked_for_and_is_taken_is_named():
    with socket.socket() as taken, translation.override("en"):
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(CommandError, match=f"Port {port} is in use"):
            call_command("demo", port=port)


def test_events_and_customers_are_simulated(monkeypatch):
    assert names(monkeypatch, None) == ["sinks", "web", "worker", "beat", "events", "customers"]


def test_simulation_can_be_left_out(monkeypatch):
    assert names(monkeypatch, "0") == ["sinks", "web", "worker", "beat"]


def test_every_process_sends_to_the_sinks_and_shows_live_links():
    for spec in demo.demo_processes(9000, 8026, CREDENTIALS):
        assert spec.env["EMAIL_URL"] == "smtp://127.0.0.1:8025"
        assert spec.env["SMS_GATEWAY_URL"] == "http://127.0.0.1:8026/sms"
        assert spec.env["PUBLIC_BASE_URL"] == "http://127.0.0.1:9000"
        assert spec.env["SHOW_LIVE_LINKS"] == "1"
