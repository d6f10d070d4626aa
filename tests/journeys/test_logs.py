"""One event followed through the logs of web and worker by its ids, and by nothing that says whose it is."""

import json

import pytest

from tests.journeys.site import event_of, wait_for

pytestmark = pytest.mark.xdist_group("journeys")

PHONE, NAME = "+8612088880099", "王若兰"


def lines_of(site, process: str) -> list[dict]:
    """Return the lines of one process.

    Each must be JSON, but for the words that Celery prints past its logger when it is told to end.
    """
    lines = (site.folder / "logs" / f"{process}.log").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in filter(None, lines) if not line.startswith("worker: ")]


def line_about(site, process: str, event: str, key: str) -> dict | None:
    """Return the line of that kind that names the row."""
    of_event = [line for line in lines_of(site, process) if line["event"] == event]
    return next((line for line in of_event if key in json.dumps(line.get("rows"))), None)


def requests_of(site) -> list[dict]:
    return [line for line in lines_of(site, "web") if line["event"] == "request_finished"]


def row_of(line: dict, key: str) -> dict:
    return next(row for row in line["rows"] if key in row.values())


def test_an_event_is_followed_by_its_id_from_the_request_to_the_message(site):
    posted = site.post(
        "service-events/", event_of("J-LOG", customer={"external_id": "J-LOG", "name": NAME, "phone": PHONE})
    )
    event = json.loads(posted.text)["id"]
    link = site.message_to(PHONE).link

    recorded = wait_for(lambda: line_about(site, "web", "service_events_recorded", event))
    judged = wait_for(lambda: line_about(site, "worker", "events_judged", event))
    invitation = row_of(judged, event)["invitation"]
    settled = wait_for(lambda: line_about(site, "worker", "messages_settled", invitation))
    request = wait_for(
        lambda: next(
            (line for line in requests_of(site) if line["request_id"] == recorded["request_id"]), None
        )
    )

    assert (request["request"], request["code"]) == ("POST /api/v1/service-events/", 201)
    assert (judged["task"], settled["task"]) == ("surveys.decide_events", "delivery.deliver_messages")
    assert judged["task_id"] != settled["task_id"]
    assert row_of(settled, invitation)["status"] == "sent"
    token = link.rstrip("/").rpartition("/")[2]
    everything = "".join(
        (site.folder / "logs" / f"{process}.log").read_text(encoding="utf-8")
        for process in ("web", "worker", "beat")
    )
    assert [
        word for word in (PHONE, PHONE[3:], NAME, json.dumps(NAME)[1:-1], token) if word in everything
    ] == []


def test_every_line_of_every_process_is_json_with_a_level_and_a_time(site):
    lines = [line for process in ("web", "worker", "beat") for line in lines_of(site, process)]

    assert lines
    assert [line for line in lines if not {"event", "level", "timestamp", "logger"} <= line.keys()] == []
