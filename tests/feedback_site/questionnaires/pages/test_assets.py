"""The script of customers' forms, in a real browser."""

import random
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from feedback_site.questionnaires.pages.assets import page_script
from feedback_site.questionnaires.rules.conditions import is_met, keys_on_path
from surveys.models import Invitation, OpenResponse, Response, ResponseDraft, ResponseFile
from tests.factories.browser import SITE, launched_browser, serve
from tests.factories.common.pictures import picture
from tests.factories.questionnaires.condition_vectors import VECTORS, condition_of
from tests.factories.questionnaires.documents import both, publish, question
from tests.factories.surveys.links import INVITED_AT, invite, send
from tests.factories.surveys.opened import open_at

OPERATORS = ["equals", "differs", "at_least", "at_most", "includes", "excludes", "answered", "unanswered"]
VALUES = [0, 1, 2.5, 5, "", "a", "b", "2026-05-03", [], ["a"], ["a", "b"], None]
LOW = {"join": "all", "tests": [{"of": "answer", "name": "overall", "operator": "at_most", "compared": 3}]}
ASKED = [
    question(
        "overall",
        "rating",
        both("How satisfied are you?", "您满意吗？"),
        metric="satisfaction",
        required=True,
    ),
    question(
        "reasons",
        "multiple",
        both("What went wrong?", "哪里不好？"),
        condition=LOW,
        required=True,
        options=[
            {"key": "late", "text": both("Late", "晚")},
            {"key": "other", "text": both("Something else", "其他"), "asks_text": True},
            {"key": "none", "text": both("None of these", "都不是"), "exclusive": True},
        ],
    ),
    question("comment", "text", both("Anything else?", "还有吗？")),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def logic(browser) -> Iterator[Page]:
    """A page that knows the conditions of the script and nothing else."""
    source = re.search(r"function isEmpty.*?(?=\nvar source)", page_script(), re.DOTALL)
    assert source is not None
    page = browser.new_page()
    page.add_script_tag(content=source.group(0))
    yield page
    page.close()


def test_the_page_decides_each_condition_as_the_vectors_say(logic):
    decided = logic.evaluate(
        "vectors => vectors.map(one => isMet(one.condition, one.answers, one.facts))", VECTORS
    )

    assert decided == [vector["holds"] for vector in VECTORS]


def test_the_page_and_the_server_agree_on_any_questionnaire(logic):
    dice = random.Random(5)  # noqa: S311 - the same questionnaires each time
    cases = [_any_case(dice) for _ in range(400)]

    paths = logic.evaluate("cases => cases.map(one => keysOnPath(one.asked, one.answers, {}))", cases)

    served = [
        [
            SimpleNamespace(key=key, condition=condition_of(condition))
            for key, _kind, condition in case["asked"]
        ]
        for case in cases
    ]
    assert paths == [
        keys_on_path(asked, answers=case["answers"], facts={})
        for asked, case in zip(served, cases, strict=True)
    ]
    conditions = [(condition, case["answers"]) for case in cases for _key, _kind, condition in case["asked"]]
    decided = logic.evaluate("all => all.map(one => isMet(one[0], one[1], {}))", conditions)
    assert decided == [
        is_met(condition_of(condition), answers=answers, facts={}) for condition, answers in conditions
    ]


def _any_case(dice: random.Random) -> dict[str, Any]:
    keys = ["a", "constructor", "c", "d", "e"]
    asked: list[list[Any]] = []
    for place, key in enumerate(keys):
        tests = [
            {
                "of": "answer",
                "name": dice.choice(keys[:place]),
                "operator": dice.choice(OPERATORS),
                "value": dice.choice(VALUES),
            }
            for _ in range(dice.randint(0, 3) if place else 0)
        ]
        asked.append([key, "s", {"join": dice.choice(["all", "any"]), "tests": tests} if tests else None])
    return {"asked": asked, "answers": {key: dice.choice(VALUES) for key in keys if dice.random() < 0.8}}


@pytest.fixture
def link(db, organisation):
    return invite(organisation, publish(ASKED))


@pytest.fixture
def phone(browser, client) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, locale="en-GB")
    page = serve(context.new_page(), client)
    page.faults = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.faults.append(str(error)))  # type: ignore[attr-defined]
    page.on(
        "console", lambda said: page.faults.append(said.text) if "Content Security" in said.text else None
    )  # type: ignore[attr-defined]
    yield page
    context.close()
    assert page.faults == []  # type: ignore[attr-defined]


def choose(page: Page, name: str, value: str | int) -> None:
    page.locator(f'label:has(input[name="{name}"][value="{value}"])').click()


def test_what_is_off_the_path_is_hidden_and_not_sent(link, phone):
    phone.goto(SITE + link.address)
    reasons, words = phone.locator("#c-reasons"), phone.locator('input[name="reasons.other"]')

    expect(reasons).to_be_hidden()
    choose(phone, "overall", 2)
    expect(reasons).to_be_visible()
    expect(words).to_be_hidden()
    choose(phone, "reasons", "late")
    choose(phone, "reasons", "other")
    expect(words).to_be_visible()
    choose(phone, "reasons", "none")
    assert [box.is_checked() for box in phone.locator('input[name="reasons"]').all()] == [False, False, True]
    choose(phone, "reasons", "late")
    assert [box.is_checked() for box in phone.locator('input[name="reasons"]').all()] == [True, False, False]
    choose(phone, "overall", 5)
    expect(reasons).to_be_hidden()
    phone.get_by_role("button", name="Send my answers").click()

    expect(phone.locator("h1")).to_have_text("Thank you!")
    expect(phone.locator("h1")).to_be_focused()
    assert Response.objects.get().answers == {"overall": 5}
    assert phone.evaluate("localStorage.length") <= 1


def test_the_other_language_keeps_what_was_typed(link, phone):
    phone.goto(SITE + link.address)
    choose(phone, "overall", 2)
    choose(phone, "reasons", "late")
    phone.locator("textarea").fill("kept")

    phone.get_by_role("link", name="中文").click()

    expect(phone.locator("h1")).to_have_text("请评价我们的服务")
    expect(phone.locator("textarea")).to_have_value("kept")
    assert [box.is_checked() for box in phone.locator('input[name="reasons"]').all()] == [True, False, False]
    assert (phone.get_by_role("status").inner_text(), phone.evaluate("localStorage.length")) == ("", 0)


def test_errors_are_shown_and_focused(link, phone):
    phone.goto(SITE + link.address)
    phone.locator("textarea").fill("kept")

    phone.get_by_role("button", name="Send my answers").click()

    expect(phone.get_by_role("alert")).to_be_focused()
    expect(phone.locator("textarea")).to_have_value("kept")


def test_a_lost_connection_keeps_the_answers_says_so_and_sends_them_once_it_is_back(link, phone, client):
    phone.goto(SITE + link.address)
    choose(phone, "overall", 5)
    phone.route(f"{SITE}/**", lambda route: route.abort("internetdisconnected"))
    phone.get_by_role("button", name="Send my answers").click()

    expect(phone.get_by_role("status")).to_contain_text("No connection.")
    assert "overall=5" in phone.evaluate("JSON.stringify(localStorage)")
    assert link.token not in phone.evaluate("JSON.stringify(localStorage)")
    phone.unroute_all()
    serve(phone, client)
    phone.evaluate("dispatchEvent(new Event('online'))")

    expect(phone.locator("h1")).to_have_text("Thank you!")
    assert Response.objects.get().answers == {"overall": 5}
    assert "overall=5" not in phone.evaluate("JSON.stringify(localStorage)")


def test_a_busy_site_is_asked_again_and_a_closed_page_brings_the_answers_back(link, phone):
    busy = []
    phone.route(
        f"{SITE}/r/**",
        lambda route: (
            (busy.append(1), route.fulfill(status=503))
            if route.request.method == "POST"
            else route.fallback()
        ),
    )
    phone.goto(SITE + link.address)
    choose(phone, "overall", 4)
    phone.locator("textarea").fill("late & loud")
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_role("status")).to_contain_text("We are busy")
    phone.wait_for_timeout(2300)
    assert len(busy) == 2

    phone.reload()
    expect(phone.get_by_role("status")).to_contain_text("are saved on this device but not sent yet")
    expect(phone.locator("textarea")).to_have_value("late & loud")
    assert not Response.objects.exists()
    phone.unroute(f"{SITE}/r/**")
    phone.get_by_role("button", name="Send my answers").dblclick()

    expect(phone.locator("h1")).to_have_text("Thank you!")
    assert Response.objects.get().answers == {"overall": 4, "comment": "late & loud"}


def test_where_staff_fill_it_in_the_same_script_hides_and_shows_and_keeps_nothing_on_the_device(
    link, phone, client, staff
):
    client.force_login(staff.ada)
    phone.route(f"{SITE}/static/**", lambda route: route.abort())
    phone.goto(f"{SITE}/admin/surveys/invitation/{link.invitation.pk}/fill-in/")
    reasons, words = phone.locator("#c-answer-reasons"), phone.locator('input[name="answer-reasons.other"]')

    expect(reasons).to_be_hidden()
    choose(phone, "answer-overall", 2)
    expect(reasons).to_be_visible()
    expect(words).to_be_hidden()
    choose(phone, "answer-reasons", "other")
    words.fill("cold")
    choose(phone, "answer-overall", 5)
    expect(reasons).to_be_hidden()
    sent = phone.evaluate("[...new FormData(document.querySelector('.call-form')).keys()]")
    assert (sent, phone.evaluate("localStorage.length")) == (
        ["csrfmiddlewaretoken", "answer-overall", "answer-comment"],
        0,
    )


def test_pages_lead_on_and_back_with_the_time_spent_and_larger_letters_stay(
    live_server, organisation, transactional_db, phone
):
    link = invite(organisation, publish([ASKED[0], {**ASKED[2], "page": 2}]))
    phone.goto(live_server.url + link.address)
    phone.get_by_role("button", name="Larger text").click()
    choose(phone, "overall", 5)
    phone.wait_for_timeout(1100)
    phone.get_by_role("button", name="Next").click()
    expect(phone.get_by_role("progressbar", name="Page 2 of 2")).to_be_visible()
    assert phone.evaluate("document.documentElement.className") == "big"
    phone.locator("textarea").fill("so far")
    phone.get_by_role("button", name="Back").click()
    expect(phone.locator('input[value="5"]')).to_be_checked()
    phone.get_by_role("button", name="Next").click()
    expect(phone.locator("textarea")).to_have_value("so far")
    phone.get_by_role("button", name="Send my answers").click()

    expect(phone.locator("h1")).to_have_text("Thank you!")
    draft = ResponseDraft.objects.get()
    assert (draft.state, draft.saved_at > INVITED_AT, draft.seconds["1"] >= 1) == ("sent", True, True)
    assert Response.objects.get().answers == {"overall": 5, "comment": "so far"}


def test_without_script_everything_is_shown_and_the_server_decides(link, browser, client):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = serve(context.new_page(), client)
    page.goto(SITE + link.address)
    choose(page, "overall", 5)
    choose(page, "reasons", "late")
    page.get_by_role("button", name="Send my answers").click()
    heading = page.locator("h1").inner_text()
    context.close()

    response = Response.objects.get()
    assert (heading, response.answers, response.off_path) == (
        "Thank you!",
        {"overall": 5},
        {"reasons": ["late"]},
    )


def test_a_browser_that_opens_links_and_waits_answers_nothing_and_sees_no_trap(
    link, organisation, client, phone
):
    links = [link, *(invite(organisation, link.invitation.version) for _ in range(4))]
    for number, opened in enumerate(links, start=1):
        phone.goto(f"{SITE}{opened.address}{'?score=' + str(number) if number % 2 else ''}")
        expect(phone.get_by_role("button", name=re.compile("Send my|Confirm"))).to_be_visible()
        assert not phone.locator('a[href="more/"]').is_visible()
    phone.wait_for_timeout(800)

    assert not Response.objects.exists()
    assert not ResponseDraft.objects.exists()
    assert not Invitation.objects.exclude(answered_at=None, voided_at=None).exists()
    assert {send(client, opened.address, {"overall": "5"}).status_code for opened in links} == {200}


def test_an_open_form_is_sent_by_the_script_too_and_kept_while_the_connection_is_away(
    organisation, phone, settings
):
    settings.PUBLIC_FORM_LEAST_SECONDS = 0
    place = open_at(organisation, publish(ASKED), asks_ticket_number=True, language="en")
    address = f"{SITE}/s/{place.code}/"
    phone.goto(address)
    choose(phone, "overall", 5)
    phone.locator('[name="open.ticket"]').fill("T-7")
    phone.route(f"{SITE}/**", lambda route: route.abort("internetdisconnected"))
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.locator("#say")).to_contain_text("No connection.")

    phone.unroute_all()
    serve(phone, Client())
    phone.goto(address)
    expect(phone.locator('[name="open.ticket"]')).to_have_value("T-7")
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.locator("h1")).to_have_text("Thank you!")

    assert OpenResponse.objects.get().ticket_number == "T-7"


def test_a_photo_is_sent_and_a_signature_drawn_and_drawn_again_after_a_mistake(
    live_server, organisation, transactional_db, phone
):
    photo = question("photo", "file", both("A photo", "照片"), condition=LOW)
    sign = question("sign", "signature", both("Your signature", "请签名"), required=True)
    link = invite(organisation, publish([ASKED[0], photo, sign]))
    phone.goto(live_server.url + link.address)
    choose(phone, "overall", 2)
    phone.get_by_label("A photo").set_input_files(
        {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_label("File 1 uploaded")).to_be_checked()
    box = phone.get_by_role("img", name="Box for a drawn signature")
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    for _turn in range(2):
        phone.mouse.move(place["x"] + 20, place["y"] + 20)
        phone.mouse.down()
        phone.mouse.move(place["x"] + 120, place["y"] + 60, steps=5)
        phone.mouse.up()
        if not _turn:
            phone.get_by_role("button", name="Clear the drawing").click()
            assert phone.locator('[name="sign.strokes"]').input_value() == ""
    assert re.fullmatch(r"\d+\.\d+(-\d+\.\d+){5}", phone.locator('[name="sign.strokes"]').input_value())
    phone.get_by_role("button", name="Send my answers").click()

    expect(phone.locator("h1")).to_have_text("Thank you!")
    files = {
        file.question_key: file
        for file in ResponseFile.objects.filter(submitted_at__isnull=False).select_related("file")
    }
    assert {key: file.file.content_type for key, file in files.items()} == {
        "photo": "image/jpeg",
        "sign": "image/svg+xml",
    }
    assert Response.objects.get().answers == {
        "overall": 2,
        **{key: [file.fingerprint] for key, file in files.items()},
    }


def test_a_name_is_typed_for_a_signature_by_keyboard_alone_and_without_script(
    link, browser, client, organisation
):
    link = invite(
        organisation,
        publish([question("sign", "signature", both("Your signature", "请签名"), required=True)]),
    )
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = serve(context.new_page(), client)
    page.goto(SITE + link.address)
    assert not page.locator("canvas").is_visible()
    page.get_by_label("Or type your full name instead of signing").focus()
    page.keyboard.type("王小明")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Thank you!")
    heading = page.locator("h1").inner_text()
    context.close()

    assert (heading, ResponseFile.objects.get().file.content_type) == ("Thank you!", "text/plain")
