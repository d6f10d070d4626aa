"""From a service system's event to the team's evaluation record, on the running site."""

import json
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.journeys.site import event_of, wait_for

pytestmark = pytest.mark.xdist_group("journeys")

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "zh-CN",
}
SMALL_WITHOUT_SCRIPT = {
    "viewport": {"width": 320, "height": 568},
    "java_script_enabled": False,
    "locale": "en-GB",
}


def choose(page, question: str, value: str) -> None:
    page.locator(f'label:has(input[name="{question}"][value="{value}"])').click()


def test_an_event_is_answered_on_a_phone_and_moves_the_record_by_one(site, browser):
    before = site.cases("east-1")
    customer = {"external_id": "J-1", "name": "王小明", "phone": "+8612088880001", "language": "zh-hans"}

    posted = site.post("service-events/", event_of("J-1", customer=customer))
    message = site.message_to("+8612088880001")
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(message.link)
    choose(page, "satisfaction", "5")
    choose(page, "resolved", "yes")
    page.locator("textarea").fill("师傅很专业")
    page.locator('form[method="post"] button').click()
    expect(page.locator('input[type="radio"]')).to_have_count(0)
    context.close()

    assert posted.status == 201
    assert wait_for(lambda: site.cases("east-1") > before)
    assert site.cases("east-1") == before + 1
    assert site.cases("east") >= before + 1


def test_a_small_phone_without_scripts_is_told_what_is_missing_and_then_thanked(site, browser):
    before = site.cases("east-1")
    customer = {"external_id": "J-2", "name": "Ann Lee", "email": "ann.lee@example.com", "language": "en"}

    site.post("service-events/", event_of("J-2", customer=customer))
    message = site.message_to("ann.lee@example.com")
    context = browser.new_context(**SMALL_WITHOUT_SCRIPT)
    page = context.new_page()
    page.goto(message.link)
    width = page.locator("html").bounding_box()["width"]
    page.locator("textarea").fill("Came late")
    page.locator('form[method="post"] button').click()
    told = page.locator('[role="alert"]').count()
    kept = page.locator("textarea").input_value()
    choose(page, "satisfaction", "2")
    page.locator('form[method="post"] button').click()
    expect(page.locator('input[type="radio"]')).to_have_count(0)
    language = page.locator("html").get_attribute("lang")
    context.close()

    assert (width, told, kept.strip(), language) == (320, 1, "Came late", "en")
    assert wait_for(lambda: site.cases("east-1") == before + 1)


def test_an_event_posted_twice_asks_once(site):
    customer = {"external_id": "J-3", "phone": "+8612088880003"}
    event = event_of("J-3", customer=customer)

    statuses = [site.post("service-events/", event).status for _ in range(2)]
    site.message_to("+8612088880003")
    changed = site.post("service-events/", {**event, "team": "east-2"})

    assert statuses == [201, 200]
    assert changed.status == 409
    assert len(site.messages_to("+8612088880003")) == 1


def test_a_case_that_completes_later_is_asked_about_then(site):
    customer = {"external_id": "J-4", "phone": "+8612088880004"}

    site.post("service-events/", event_of("J-4", customer=customer, is_open=True))
    before = site.state_of("J-4")
    ended = {
        "source": "crm",
        "external_id": "J-4",
        "type": "completed",
        "at": datetime.now(UTC).isoformat(),
        "is_resolved": True,
    }
    completed = site.post("service-events/transitions/", ended)
    message = site.message_to("+8612088880004")

    assert (before, completed.is_ok, bool(message.link)) == ("", True, True)


def test_a_customer_who_opts_out_is_not_asked_again(site, browser):
    customer = {"external_id": "J-5", "email": "stop@example.com"}

    site.post("service-events/", event_of("J-5", customer=customer))
    message = site.message_to("stop@example.com")
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(f"{message.link}unsubscribe/")
    page.locator('form[method="post"] button').first.click()
    page.wait_for_load_state()
    context.close()
    site.post("service-events/", event_of("J-5-again", customer=customer))

    assert wait_for(lambda: site.state_of("J-5-again")) == "no_consent"
    assert len(site.messages_to("stop@example.com")) == 1


def test_a_dead_worker_and_an_empty_broker_lose_no_customer(site):
    numbers = [f"J-6-{number}" for number in range(20)]
    addresses = [f"+86120888806{number:02}" for number in range(20)]
    events = [
        event_of(number, customer={"external_id": number, "phone": phone})
        for number, phone in zip(numbers, addresses, strict=True)
    ]

    site.stop_worker()
    posted = site.post("service-events/", events)
    site.empty_broker()
    unsent = sum(len(site.messages_to(address)) for address in addresses)
    site.start_worker()

    assert posted.status == 207
    assert len(json.loads(posted.text)["results"]) == 20
    assert unsent == 0
    assert wait_for(lambda: all(site.messages_to(address) for address in addresses), seconds=30)
    assert sum(len(site.messages_to(address)) for address in addresses) == 20
