"""Events by file and by signed webhook, what happens to them later, who gets in, and what operators see."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import Browser, Page, expect
from standardwebhooks.webhooks import Webhook

from feedback_site.demo.http import HttpAnswer, send
from feedback_site.demo.outbox import KeptMessage, OutboxReader
from tests.acceptance.browser import DESK, chromium, log_in
from tests.acceptance.demo import Demo
from tests.acceptance.transcript import CheckFailedError, Transcript

SECONDS, RECENT_SECONDS = 20, 10
PHONE = "+8612099990003"
_WRONG_PASSWORDS = 5
_HEADINGS = "source,external_id,kind,channel,team,customer.external_id,opened_at,completed_at,consent.survey"
_FIGURES = (
    "feedback_part_up",
    "feedback_messages_oldest_due_age_seconds",
    "feedback_messages_in_time_share",
    "feedback_replies_total",
)


def walk(demo: Demo, transcript: Transcript, *, folder: Path) -> None:
    """Import a file twice, and see that the rest holds.

    Send and correct by webhook, get locked out, look at a contact, read the figures, then ask `verify`.
    """
    with chromium() as browser:
        _import_a_file(demo, transcript, browser, folder=folder)
        link = _send_webhooks(demo, transcript)
        _correct(demo, transcript, link)
        _look_at_a_contact(demo, transcript, browser, folder=folder)
        _guess_a_password(demo, transcript, browser)
    _read_figures(demo, transcript)
    for command in (("verify", "--recent", "10"), ("verify",)):
        transcript.command("python manage.py " + " ".join(command))
        verified = demo.manage(*command)
        transcript.check(holds=verified.returncode == 0, text=verified.stdout.strip().splitlines()[-1])


def _import_a_file(demo: Demo, transcript: Transcript, browser: Browser, *, folder: Path) -> None:
    transcript.step("Survey staff upload a file in GBK: three good rows, one of an unknown team")
    now = datetime.now(UTC).replace(microsecond=0)
    rows = [f"FILE-{number},on_site,east-1,文件客户{number}" for number in (1, 2, 3)] + [
        "FILE-4,on_site,nowhere,文件客户4"
    ]
    file = demo.data_dir / "events.csv"
    lines = [
        f"acceptance,{a},after_sales_repair,{b},{c},{d},{now - timedelta(hours=1)},{now},0"
        for a, b, c, d in (r.split(",") for r in rows)
    ]
    file.write_bytes("\r\n".join([_HEADINGS, *lines]).encode("gbk"))
    page = _enter(demo, browser, "surveys")
    shown = _upload(demo, page, file)
    page.screenshot(path=folder / "staff-import-checked.png", full_page=True)
    transcript.check(
        holds=shown == ["3", "3", "0", "1"], text=f"checked: new, completed, known, not taken in: {shown}"
    )
    page.get_by_role("button", name="Import 3 events").click()
    expect(page.get_by_role("heading", name="Imported", exact=True)).to_be_visible(timeout=SECONDS * 1000)
    page.screenshot(path=folder / "staff-import-done.png", full_page=True)
    again = _upload(demo, page, file)
    transcript.check(
        holds=again == ["0", "0", "3", "1"], text=f"the same file again changes nothing: {again}"
    )
    page.context.close()


def _upload(demo: Demo, page: Page, file: Path) -> list[str]:
    page.goto(f"{demo.credentials['base_url']}/admin/service_events/eventimport/add/")
    page.set_input_files('input[name="file"]', file)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", name="Checked: nothing has been changed yet")).to_be_visible(
        timeout=SECONDS * 1000
    )
    return page.locator(".import-counts dd").all_inner_texts()


def _send_webhooks(demo: Demo, transcript: Transcript) -> str:
    transcript.step("A signed webhook says that a service ended")
    reader = OutboxReader(demo.outbox, skip_existing=True)
    now = datetime.now(UTC)
    event = {
        "external_id": "HOOK-1",
        "kind": "after_sales_repair",
        "channel": "on_site",
        "team": "east-1",
        "customer": {"external_id": "HOOK-C1", "name": "王小明", "phone": PHONE, "language": "zh-hans"},
        "opened_at": (now - timedelta(hours=1)).isoformat(),
        "completed_at": now.isoformat(),
        "consent": {"survey": True},
    }
    identity = f"msg_{uuid4().hex}"
    forged = _deliver(demo, "service_event.created", event, identity=identity, at=now, tampers=True)
    transcript.check(holds=forged.status == 401, text=f"with a changed body: {forged.status}")
    statuses = [
        _deliver(demo, "service_event.created", event, identity=identity, at=now).status for _ in range(2)
    ]
    transcript.check(
        holds=statuses in ([201, 201], [201, 200]),
        text=f"as it was signed, and the same delivery again: {statuses}",
    )
    message = _await_message(reader)
    transcript.note(message.link)
    page = send(message.link)
    transcript.check(holds=page.status == 200, text=f"its customer holds the questionnaire ({page.status})")
    return message.link


def _correct(demo: Demo, transcript: Transcript, link: str) -> None:
    transcript.step("The same system says that another team served, and later that the case was reopened")
    now = datetime.now(UTC)
    facts = (("service_event.corrected", {"team": "west-1"}), ("service_event.reopened", {}))
    for kind, more in facts:
        told = {"external_id": "HOOK-1", "at": now.isoformat(), **more}
        status = _deliver(demo, kind, told, identity=f"msg_{uuid4().hex}", at=now).status
        transcript.check(holds=status == 201, text=f"{kind}: {status}")
    address = f"{demo.credentials['base_url']}/api/v1/service-events/?team=west-1"
    rows = json.loads(
        send(address, headers={"Authorization": f"Api-Key {demo.credentials['api_key']}"}).text
    )["results"]
    found = [
        (row["external_id"], row["team"], row["status"]) for row in rows if row["external_id"] == "HOOK-1"
    ]
    transcript.check(
        holds=found == [("HOOK-1", "west-1", "reopened")], text=f"the event moved, and is open again: {found}"
    )
    transcript.check(holds=send(link).status == 200, text="what has left already may still be answered")


def _look_at_a_contact(demo: Demo, transcript: Transcript, browser: Browser, *, folder: Path) -> None:
    transcript.step("Quality management looks at the customer's contact, which takes a reason")
    page = _enter(demo, browser, "quality")
    page.goto(f"{demo.credentials['base_url']}/admin/customers/customer/")
    page.fill("#searchbar", PHONE)
    with page.expect_navigation():
        page.press("#searchbar", "Enter")
    transcript.check(
        holds=PHONE not in page.url + page.content().replace(f'value="{PHONE}"', ""),
        text="found by the phone, which is masked and in no address",
    )
    page.locator('#result_list a[href*="/change/"]').first.click()
    page.get_by_role("link", name="View the contact").click()
    page.check('input[value="other"]')
    page.fill('input[name="note"]', "brings a lost key back")
    page.get_by_role("button", name="View the contact").click()
    expect(page.get_by_role("link", name=PHONE)).to_be_visible()
    page.screenshot(path=folder / "staff-contact.png", full_page=True)
    transcript.check(holds=True, text="shown, and on record in the access log")
    page.context.close()


def _guess_a_password(demo: Demo, transcript: Transcript, browser: Browser) -> None:
    transcript.step(f"A stranger guesses the analyst's password {_WRONG_PASSWORDS} times")
    page = browser.new_context(viewport=DESK, locale="en").new_page()
    analyst = _staff(demo, "analyst")
    for password in [*(f"guess-{number}" for number in range(_WRONG_PASSWORDS)), analyst["password"]]:
        page.goto(f"{demo.credentials['base_url']}/admin/login/")
        if page.locator('input[name="password"]').count():
            page.fill('input[name="username"]', analyst["username"])
            page.fill('input[name="password"]', password)
            page.press('input[name="password"]', "Enter")
    heading = page.locator("h1").first.inner_text()
    transcript.check(
        holds="Too many wrong passwords" in page.content(),
        text=f"the right one does not open either: {heading.splitlines()[-1]}",
    )
    page.context.close()


def _read_figures(demo: Demo, transcript: Transcript) -> None:
    transcript.step("Operators ask how it goes")
    health = json.loads(send(f"{demo.credentials['base_url']}/health/").text)
    transcript.check(holds=health["status"] == "ok", text=f"GET /health/: {health}")
    figures = send(f"{demo.credentials['base_url']}/metrics").text
    for name in _FIGURES:
        line = next((line for line in figures.splitlines() if line.startswith(name)), "")
        transcript.check(holds=bool(line), text=line or f"{name} is missing")


def _enter(demo: Demo, browser: Browser, username: str) -> Page:
    page = browser.new_context(viewport=DESK, locale="en").new_page()
    log_in(page, demo.credentials["base_url"], username, _staff(demo, username)["password"])
    return page


def _staff(demo: Demo, username: str) -> dict[str, Any]:
    return next(member for member in demo.credentials["staff"] if member["username"] == username)


def _deliver(
    demo: Demo, kind: str, data: dict[str, Any], *, identity: str, at: datetime, tampers: bool = False
) -> HttpAnswer:
    body = json.dumps({"type": kind, "timestamp": at.isoformat(), "data": data}).encode()
    webhook = Webhook(demo.credentials["webhook_secret"])
    headers = {
        "Content-Type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": webhook.sign(identity, at, body.decode()),
    }
    return send(
        demo.credentials["webhook_url"], method="POST", body=body + b" " if tampers else body, headers=headers
    )


def _await_message(reader: OutboxReader) -> KeptMessage:
    give_up_at = time.monotonic() + SECONDS
    while time.monotonic() < give_up_at:
        for message in reader.new_messages():
            if message.address == PHONE:
                return message
        time.sleep(0.1)
    failure = f"no message within {SECONDS} s"
    raise CheckFailedError(failure)
