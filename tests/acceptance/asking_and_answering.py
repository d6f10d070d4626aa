"""Questionnaires, from the copy of one to answers.

Copied, published and asked by staff, answered on two phones, by scanners, at a counter, and by people whom
the company did not ask.
"""

import gzip
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from openpyxl import Workbook
from playwright.sync_api import Browser, Page, Response, expect

from feedback_site.demo.http import HttpAnswer, send
from feedback_site.demo.outbox import KeptMessage, OutboxReader
from tests.acceptance.browser import DESK, PHONE, chromium, log_in
from tests.acceptance.demo import Demo
from tests.acceptance.transcript import CheckFailedError, Transcript

SECONDS = 20
MOST_HTML, MOST_BYTES, MOST_REQUESTS = 10_000, 25_000, 3
_SCANS, _AT_ONCE = 40, 50
_LIBRARY, _COPY = "post-service", "post-service-copy"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_XLSFORM = (
    ("type", "name", "label::English (en)", "label::Chinese (zh)"),
    ("select_one yn", "solved", "Is it solved?", "解决了吗？"),
    ("geopoint", "place", "Where are you?", "您在哪里？"),
)

_CHOICES = (("list_name", "name", *_XLSFORM[0][2:]), ("yn", "y", "Yes", "是"), ("yn", "n", "No", "否"))


def walk(demo: Demo, transcript: Transcript, *, folder: Path) -> None:
    """Write, ask, answer, open to anybody, listen, and then ask `verify`."""
    with chromium() as browser:
        desk = _desk(demo, browser)
        _write_and_ask(demo, transcript, desk, folder=folder)
        _answer_on_two_phones(transcript, browser, _link(demo, "ASK-1"), folder=folder)
        _scan_then_answer_at_once(demo, transcript, _link(demo, "ASK-2"))
        _look_at_the_indicator(demo, transcript, desk)
        _open_at_a_counter(demo, transcript, browser, desk, folder=folder)
        _complain(demo, transcript, browser, folder=folder)
    _import_a_form(demo, transcript)
    transcript.step("Everything adds up")
    verified = demo.manage("verify")
    transcript.check(holds=verified.returncode == 0, text=verified.stdout.strip().splitlines()[-1])


def _write_and_ask(demo: Demo, transcript: Transcript, desk: Page, *, folder: Path) -> None:
    transcript.step(
        f"Quality management copies “{_LIBRARY}” from the library, looks at it on a phone, publishes it and "
        "asks it"
    )
    base = demo.credentials["base_url"]
    loaded = demo.manage("load_library")
    transcript.note(loaded.stdout.strip().splitlines()[-1])
    desk.goto(f"{base}/admin/questionnaires/questionnaire/?q={_LIBRARY}")
    desk.locator("#result_list tbody a", has_text="Post-service satisfaction").first.click()
    desk.locator("[x-ref=actionDropdown]").click()
    desk.get_by_role("link", name="Duplicate").click()
    if desk.get_by_role("button", name="Duplicate").count():
        desk.get_by_role("button", name="Duplicate").click()
    desk.frame_locator(".phone iframe").locator("#c-satisfaction").wait_for()
    desk.screenshot(path=folder / "staff-author.png", full_page=True)
    desk.locator("a[href$='/publish/']").click()
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_text("Version 1 is published")).to_be_visible(timeout=SECONDS * 1000)
    desk.goto(f"{base}/admin/surveys/survey/")
    desk.locator("#result_list a", has_text="After service").first.click()
    desk.select_option("#id_questionnaire", label=_choice(desk, "(copy)"))
    desk.locator("[name=_save]").first.click()
    expect(desk.get_by_text("was changed successfully")).to_be_visible(timeout=SECONDS * 1000)
    transcript.check(holds=True, text="version 1 is published, and the rule asks it from now on")


def _link(demo: Demo, number: str) -> str:
    """Let a service end, and return the link that its customer is sent."""
    reader = OutboxReader(demo.outbox, skip_existing=True)
    now, phone = datetime.now(UTC).isoformat(), f"+86120888{number.removeprefix('ASK-').zfill(5)}"
    event = {
        "source": "acceptance",
        "external_id": number,
        "kind": "after_sales_repair",
        "channel": "on_site",
        "team": "east-1",
        "customer": {"external_id": number, "name": "王小明", "phone": phone, "language": "zh-hans"},
        "opened_at": now,
        "completed_at": now,
        "consent": {"survey": True},
    }
    headers = {"Authorization": f"Api-Key {demo.credentials['api_key']}", "Content-Type": "application/json"}
    send(
        f"{demo.credentials['base_url']}/api/v1/service-events/",
        method="POST",
        body=json.dumps(event).encode(),
        headers=headers,
    )
    return _await_message(reader, phone).link


def _await_message(reader: OutboxReader, phone: str) -> KeptMessage:
    give_up_at = time.monotonic() + SECONDS
    while time.monotonic() < give_up_at:
        for message in reader.new_messages():
            if message.address == phone:
                return message
        time.sleep(0.1)
    failure = f"no message within {SECONDS} s"
    raise CheckFailedError(failure)


def _answer_on_two_phones(transcript: Transcript, browser: Browser, link: str, *, folder: Path) -> None:
    transcript.step("The customer begins in Chinese on one phone and ends in English on another")
    first = _phone(browser)
    responses: list[Response] = []
    first.on("response", lambda response: responses.append(response))  # noqa: PLW0108 - it needs a function of Python's
    first.goto(link, wait_until="networkidle")
    loaded = [(response.url, len(gzip.compress(response.body()))) for response in responses]
    html, everything = loaded[0][1], sum(size for _url, size in loaded)
    hosts = {urlsplit(url).netloc for url, _size in loaded}
    transcript.check(
        holds=html <= MOST_HTML
        and everything <= MOST_BYTES
        and len(loaded) <= MOST_REQUESTS
        and len(hosts) == 1,
        text=(
            f"the page takes {html} bytes gzipped, {everything} in {len(loaded)} requests of {len(hosts)} "
            "host"
        ),
    )
    first.screenshot(path=folder / "phone-first-page.png", full_page=True)
    first.locator('label:has(input[name="satisfaction"][value="2"])').tap()
    transcript.check(
        holds=first.locator("#c-low_reasons").is_visible(), text="a low rating brings up the reasons"
    )
    first.locator("#c-low_reasons label").first.tap()
    first.get_by_role("button", name="下一页").tap()
    first.locator("#c-first_contact").wait_for()
    first.context.close()
    second = _phone(browser)
    second.goto(f"{link}?lang=en")
    transcript.check(
        holds=second.locator("#c-first_contact").is_visible(),
        text="the other phone goes on at the second page",
    )
    second.locator("button[name='.back']").tap()
    expect(second.locator('input[name="satisfaction"][value="2"]')).to_be_checked(timeout=SECONDS * 1000)
    second.locator('#c-attitude label:has(input[value="4"])').tap()
    second.get_by_role("button", name="Next").tap()
    second.locator('#c-first_contact label:has(input[value="first"])').tap()
    second.screenshot(path=folder / "phone-second-page.png", full_page=True)
    second.get_by_role("button", name="Send my answers").tap()
    second.locator("h1", has_text="Thank").wait_for()
    second.screenshot(path=folder / "phone-thanks-en.png")
    transcript.check(holds=True, text=f"sent: “{second.locator('h1').inner_text()}”")
    second.goto(link)
    transcript.check(
        holds=not second.locator("form[method=post]").count(),
        text="the link says afterwards that the answer is here",
    )
    second.context.close()


def _scan_then_answer_at_once(demo: Demo, transcript: Transcript, link: str) -> None:
    transcript.step(f"Scanners ask {_SCANS} times, then one customer sends {_AT_ONCE} times at once")
    for number in range(_SCANS):
        address = f"{link}?score={1 + number % 5}" if number % 2 else link
        send(
            address,
            method="HEAD" if number % 3 else "GET",
            headers={"Purpose": "prefetch"} if number % 4 else {},
        )
    _post(link, send(link), satisfaction="5")
    last, before = send(f"{link}?page=2"), _responses(demo)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(
            pool.map(lambda _number: _post(f"{link}?page=2", last, first_contact="first"), range(_AT_ONCE))
        )
    statuses = sorted({answer.status for answer in answers})
    transcript.check(
        holds=_responses(demo) - before == 1, text=f"one response more, {_AT_ONCE} replies: {statuses}"
    )


def _post(link: str, page: HttpAnswer, **given: str) -> HttpAnswer:
    """Send a page back as it was shown, with what was given."""
    marks = dict(_HIDDEN.findall(page.text))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return send(link, method="POST", body=urlencode({**marks, **given}).encode(), headers=headers)


def _responses(demo: Demo) -> int:
    today = f"{datetime.now(UTC):%Y-%m-%d}T00:00:00Z"
    address = f"{demo.credentials['base_url']}/api/v1/responses/?team=east-1&updated_since={today}"
    headers = {"Authorization": f"Api-Key {demo.credentials['api_key']}"}
    count = 0
    while address:
        rows = json.loads(send(address, headers=headers).text)
        count, address = count + len(rows["results"]), rows["next"]
    return count


def _look_at_the_indicator(demo: Demo, transcript: Transcript, desk: Page) -> None:
    transcript.step("What only customers can tell is measured")
    give_up_at = time.monotonic() + SECONDS
    rows: list[str] = []
    while not rows and time.monotonic() < give_up_at:
        desk.goto(f"{demo.credentials['base_url']}/admin/evaluations/measurement/?q=first_contact_resolution")
        rows = [
            row for row in desk.locator("#result_list tbody tr").all_inner_texts() if "first contact" in row
        ]
    transcript.check(
        holds=bool(rows), text=" | ".join(rows[0].split("\n")) if rows else "nothing was measured"
    )


def _open_at_a_counter(
    demo: Demo, transcript: Transcript, browser: Browser, desk: Page, *, folder: Path
) -> None:
    transcript.step("A questionnaire is laid out at a counter, with a card to print")
    base = demo.credentials["base_url"]
    before = _rate(demo)
    desk.goto(f"{base}/admin/surveys/openquestionnaire/add/")
    desk.fill("#id_label", "Acceptance counter")
    desk.select_option("#id_team", index=2)
    desk.select_option("#id_questionnaire", label=_choice(desk, "After service"))
    desk.locator("[name=_continue]").first.click()
    expect(desk.get_by_text("was added successfully")).to_be_visible(timeout=SECONDS * 1000)
    address = re.search(r"https?://[^\s<\"]+/s/[A-Za-z0-9]+/", desk.content())
    if address is None:
        failure = "the page does not show the address"
        raise CheckFailedError(failure)
    desk.get_by_role("link", name="Card to print").click()
    desk.screenshot(path=folder / "card.png", full_page=True)
    transcript.check(holds=desk.locator("svg").count() > 0, text=f"the card shows a code for {address[0]}")
    phone = _phone(browser)
    phone.goto(f"{address[0]}?lang=en")
    time.sleep(3)  # no one reads and answers faster: what comes at once is asked again
    phone.locator('label:has(input[name="satisfaction"][value="5"])').tap()
    phone.get_by_role("button", name="Send my answers").tap()
    phone.locator("h1", has_text="Thank").wait_for()
    phone.context.close()
    transcript.check(
        holds=_rate(demo) == before, text=f"answered there, and the response rate is what it was: {before}"
    )


def _complain(demo: Demo, transcript: Transcript, browser: Browser, *, folder: Path) -> None:
    transcript.step("A customer complains without being asked")
    phone = _phone(browser)
    phone.goto(f"{demo.credentials['base_url']}/voice/?lang=en")
    phone.locator('label:has(input[name="kind"][value="complaint"])').tap()
    phone.fill('[name="text"]', "The technician did not come, twice.")
    phone.screenshot(path=folder / "phone-voice.png", full_page=True)
    time.sleep(3)
    phone.locator("form[method=post] button[type=submit]").tap()
    phone.locator("a[href*='/voice/']").first.wait_for()
    number = re.search(r"/voice/([A-Z0-9-]{6,})/", phone.content())
    transcript.check(
        holds=number is not None, text=f"it can be followed by {number[1] if number else 'nothing'}"
    )
    if number:
        phone.goto(f"{demo.credentials['base_url']}/voice/{number[1]}/?lang=en")
        transcript.check(
            holds="received" in phone.inner_text("main").lower(),
            text="a person who has the number reads how it stands",
        )
        phone.screenshot(path=folder / "phone-voice-state.png", full_page=True)
    phone.context.close()


def _import_a_form(demo: Demo, transcript: Transcript) -> None:
    transcript.step("A form of another tool becomes a draft; what has no counterpart is listed")
    workbook = Workbook()
    survey, choices = workbook.active, workbook.create_sheet("choices")
    survey.title = "survey"
    for row in _XLSFORM:
        survey.append(row)
    for row in _CHOICES:
        choices.append(row)
    file = demo.data_dir / "form.xlsx"
    workbook.save(file)
    done = demo.manage("import_xlsform", str(file), "--slug", "from-another-tool")
    transcript.command("python manage.py import_xlsform form.xlsx --slug from-another-tool")
    transcript.note(done.stdout)
    transcript.check(
        holds="survey row 3" in done.stdout.lower() or "row 3" in done.stdout,
        text="the place of a point on a map is named",
    )


def _rate(demo: Demo) -> Any:
    address = f"{demo.credentials['base_url']}/api/v1/metrics/response-rate/"
    figures = json.loads(
        send(address, headers={"Authorization": f"Api-Key {demo.credentials['api_key']}"}).text
    )
    return figures["rates"]["rr1"]["hits"]


def _choice(page: Page, words: str) -> str:
    return page.locator("#id_questionnaire option", has_text=words).first.inner_text()


def _desk(demo: Demo, browser: Browser) -> Page:
    page = browser.new_context(viewport=DESK, locale="en").new_page()
    page.set_default_timeout(SECONDS * 1000)
    member = next(member for member in demo.credentials["staff"] if member["username"] == "quality")
    log_in(page, demo.credentials["base_url"], member["username"], member["password"])
    return page


def _phone(browser: Browser) -> Page:
    page = browser.new_context(
        viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True, locale="zh-CN"
    ).new_page()
    page.set_default_timeout(SECONDS * 1000)
    return page
