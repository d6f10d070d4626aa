"""A service event ends, and the team's evaluation record moves by one.

Its customer is asked within seconds, and answers.
"""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from feedback_site.demo.outbox import KeptMessage, OutboxReader
from tests.acceptance.browser import answer_on_a_phone, chromium, picture_staff_pages
from tests.acceptance.client import StaffPages, curl, post_event
from tests.acceptance.demo import Demo
from tests.acceptance.transcript import CheckFailedError, Transcript

MESSAGE_SECONDS, RECORD_SECONDS = 10, 15
TEAM, TEAM_NAME, INDICATOR = "east-1", "East station 1", "Customer satisfaction"
# Never assigned to anybody, and not among the demo's own customers.
PHONE, EMAIL = "+8612099990001", "walker@example.com"
_PAGES = {
    "home": "/admin/",
    "records": "/admin/evaluations/evaluationrecord/",
    "outbox": "/admin/delivery/message/",
    "events": "/admin/service_events/serviceevent/",
    "responses": "/admin/surveys/response/",
}


def walk(demo: Demo, transcript: Transcript, *, folder: Path) -> None:
    """Walk from two events to two more answers in the record, then ask `verify`."""
    base_url, api_key, admin = (
        demo.credentials["base_url"],
        demo.credentials["api_key"],
        demo.credentials["admin"],
    )
    staff = StaffPages(base_url=base_url, username=admin["username"], password=admin["password"])
    record = staff.newest_record(team=TEAM_NAME)
    before = staff.cases_of(record, indicator=INDICATOR)
    transcript.step(f"{TEAM_NAME}, this month's record: {INDICATOR} n = {before}")
    reader = OutboxReader(demo.outbox)

    transcript.step("A service event is posted by curl; its customer has a phone")
    event = _event(
        "ACC-1", {"external_id": "ACC-C1", "name": "王小明", "phone": PHONE, "language": "zh-hans"}
    )
    message = _post_and_wait(
        transcript, reader, base_url=base_url, api_key=api_key, event=event, address=PHONE
    )
    _answer_by_curl(transcript, message.link)
    _await_cases(transcript, staff, record, expected=before + 1)

    transcript.step("A second event; its customer has email only, and answers on a phone of 390 x 844")
    event = _event(
        "ACC-2", {"external_id": "ACC-C2", "name": "Ann Walker", "email": EMAIL, "language": "zh-hans"}
    )
    message = _post_and_wait(
        transcript, reader, base_url=base_url, api_key=api_key, event=event, address=EMAIL
    )
    with chromium() as browser:
        headline = answer_on_a_phone(browser, link=message.link, satisfaction=4, folder=folder)
        transcript.note(f"the phone shows: {headline}")
        _await_cases(transcript, staff, record, expected=before + 2)
        pages = {**_PAGES, "record": record}
        picture_staff_pages(browser, base_url=base_url, paths=pages, folder=folder, **admin)
    transcript.note(f"pictures in {folder}")

    transcript.step("Everything adds up")
    transcript.command("python manage.py verify")
    verified = demo.manage("verify")
    transcript.note(verified.stdout + verified.stderr)
    transcript.check(holds=verified.returncode == 0, text="verify exits with 0")


def _event(number: str, customer: dict[str, str]) -> dict[str, Any]:
    now = datetime.now(UTC).replace(microsecond=0)
    return {
        "source": "acceptance",
        "external_id": number,
        "kind": "after_sales_repair",
        "channel": "on_site",
        "team": TEAM,
        "agent": "A17",
        "customer": customer,
        "opened_at": (now - timedelta(hours=3)).isoformat(),
        "first_response_at": (now - timedelta(hours=2)).isoformat(),
        "completed_at": (now - timedelta(seconds=5)).isoformat(),
        "is_resolved": True,
        "consent": {"survey": True},
    }


def _post_and_wait(
    transcript: Transcript,
    reader: OutboxReader,
    *,
    base_url: str,
    api_key: str,
    event: dict[str, Any],
    address: str,
) -> KeptMessage:
    posted = time.monotonic()
    status, _body = post_event(transcript, base_url=base_url, api_key=api_key, event=event)
    transcript.check(holds=status == 201, text=f"the event was created ({status})")
    while time.monotonic() - posted < 3 * MESSAGE_SECONDS:
        for message in reader.new_messages():
            if message.address == address:
                seconds = time.monotonic() - posted
                transcript.note(
                    f"{message.path}\n{message.path.read_text(encoding='utf-8', errors='replace')[:600]}"
                )
                transcript.check(
                    holds=seconds <= MESSAGE_SECONDS,
                    text=f"message after {seconds:.1f} s (at most {MESSAGE_SECONDS})",
                )
                return message
        time.sleep(0.1)
    failure = f"no message within {3 * MESSAGE_SECONDS} s"
    raise CheckFailedError(failure)


def _answer_by_curl(transcript: Transcript, link: str) -> None:
    page = curl(transcript, link)
    transcript.check(holds='name="satisfaction"' in page, text="the link opens the questionnaire")
    form = urlencode({"satisfaction": 5, "resolved": "yes", "recommend": 9})
    status = curl(transcript, "-o", "/dev/null", "-w", "%{http_code}", "-d", form, link)
    transcript.check(holds=status == "200", text=f"the answer was accepted ({status})")
    again = curl(
        transcript, "-o", "/dev/null", "-w", "%{http_code}", "-d", urlencode({"satisfaction": 1}), link
    )
    transcript.check(holds=again == "409", text=f"another answer to the same link is refused ({again})")


def _await_cases(transcript: Transcript, staff: StaffPages, record: str, *, expected: int) -> None:
    answered = time.monotonic()
    while (
        cases := staff.cases_of(record, indicator=INDICATOR)
    ) < expected and time.monotonic() - answered < 2 * RECORD_SECONDS:
        time.sleep(0.25)
    seconds = time.monotonic() - answered
    transcript.check(
        holds=cases == expected and seconds <= RECORD_SECONDS,
        text=(
            f"the record shows n = {cases}, expected {expected}, after {seconds:.1f} s (at most "
            f"{RECORD_SECONDS})"
        ),
    )
