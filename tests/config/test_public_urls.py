"""Every page the public can reach, read by axe-core.

On a phone in English by day, on the narrowest one in Chinese by night.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from config.public_urls import urlpatterns
from feedback_site.common.clock import database_now
from feedback_site.common.public_forms import STAMP, make_stamp
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.voice.enums import EntryKind
from feedback_site.voice.services import EntryDraft, receive_entry, set_desk, submission_key
from tests.factories.browser import SITE, launched_browser, serve
from tests.factories.questionnaires.documents import both, publish, question
from tests.factories.surveys.links import GOOD_ANSWERS, INVITED_AT, invite, send
from tests.factories.surveys.on_site import show_code
from tests.factories.surveys.opened import open_at
from tests.feedback_site.questionnaires.questions.test_questions import OPTIONS, ROWS

pytestmark = pytest.mark.django_db

GRAVE = {"serious", "critical"}
READERS = [
    {"viewport": {"width": 390, "height": 844}, "locale": "en-GB", "color_scheme": "light"},
    {"viewport": {"width": 320, "height": 640}, "locale": "zh-CN", "color_scheme": "dark"},
]
SCALE = {"low_label": both("Not at all", "完全不"), "high_label": both("Very much", "非常")}
PARTS: dict[str, dict[str, Any]] = {
    "choice": {"options": OPTIONS},
    "multiple": {"options": OPTIONS},
    "matrix": {"rows": ROWS},
}
EVERY_TYPE = [
    question(kind, kind, both(f"About {kind}", f"关于{kind}"), **SCALE, **PARTS.get(kind, {}))
    for kind in QUESTION_CLASSES
]
STYLES = [
    question(
        f"{style}-{points}",
        "rating",
        both(style, style),
        settings={"style": style, "points": points},
        **SCALE,
    )
    for style, points in (("stars", 5), ("smileys", 5), ("numbers", 10))
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched_browser() as browser:
        yield browser


@pytest.fixture
def pages(organisation, staff, client) -> dict[str, list[str]]:
    """Addresses by the name of the view: one for each face that it has."""
    version = publish()
    every = invite(
        organisation, publish([*EVERY_TYPE, *STYLES, {**EVERY_TYPE[0], "key": "second", "page": 2}])
    )
    answered = invite(organisation, version)
    send(client, answered.address, GOOD_ANSWERS)
    ended = invite(organisation, version, expires_at=INVITED_AT + timedelta(days=14))
    set_desk(team=organisation.east)
    draft = EntryDraft(kind=EntryKind.COMPLAINT, text="The fitter never came.")
    entry = receive_entry(
        draft=draft, key=submission_key(number="1", draft=draft), language="en", at=database_now()
    ).entry
    plain = invite(organisation, version).address
    place = open_at(organisation, version, asks_ticket_number=True)
    closed = open_at(organisation, version, ends_at=INVITED_AT)
    code = show_code(staff.ellen, organisation, version, phone="+8613800000104")
    free = show_code(staff.ellen, organisation, version)
    return {
        "on-site": [code, free],
        "questionnaire": [
            every.address,
            plain,
            f"{plain}?score=2",
            answered.address,
            ended.address,
            "/r/AAAAAAAAAAAAAAAAAAAAAA/",
        ],
        "unsubscribe": [f"{plain}unsubscribe/"],
        "preferences": [f"{plain}preferences/"],
        "trap": [f"{plain}more/"],
        "open-form": [f"/s/{place.code}/", f"/s/{closed.code}/", "/s/AAAAAAAA/"],
        "voice": ["/voice/", "/voice/?kind=suggestion"],
        "voice-standing": [f"/voice/{entry.reference}/", "/voice/V-0000-0000/"],
    }


@pytest.fixture
def sent(organisation, client) -> list[tuple[str, dict[str, str]]]:
    """Forms that are answered with a page of their own.

    Errors, thanks, a first answer that counts, a farewell.
    """
    version = publish()
    links = [invite(organisation, version).address for _ in range(3)]
    send(client, links[0], GOOD_ANSWERS)
    set_desk(team=organisation.east)
    stamp = {STAMP: make_stamp(purpose="voice", at=database_now() - timedelta(minutes=1))}
    return [
        (links[0], {**GOOD_ANSWERS, "overall": "1"}),
        (links[1], {"overall": "77", "comment": "kept"}),
        (links[1], GOOD_ANSWERS),
        (f"{links[2]}unsubscribe/", {}),
        ("/voice/", {**stamp, "kind": "complaint", "text": ""}),
        ("/voice/", {**stamp, "kind": "praise", "text": "Quick and friendly."}),
    ]


def test_every_public_view_is_looked_at(pages):
    assert set(pages) == {pattern.name for pattern in urlpatterns if pattern.name}


def test_what_can_be_opened_can_be_used_by_everybody(pages, browser, client):
    for reader in READERS:
        with opened(browser, client, reader) as page:
            for address in [address for addresses in pages.values() for address in addresses]:
                page.goto(f"{SITE}{address}{'&' if '?' in address else '?'}lang={reader['locale'][:2]}")
                assert grave_faults(page) == [], (address, reader["locale"])


def test_what_answers_a_form_can_be_used_by_everybody(sent, browser, client):
    with opened(browser, client, READERS[1]) as page:
        for address, fields in sent:
            reply = send(client, f"{address}?lang=zh", fields)
            page.set_content(reply.content.decode())
            assert grave_faults(page) == [], (address, reply.status_code)


def test_a_picture_without_words_is_found(browser, client):
    with opened(browser, client, READERS[0]) as page:
        page.set_content('<html lang="en"><title>t</title><main><img src="data:," width="999"></main>')
        assert [rule for rule, _where in grave_faults(page)] == ["image-alt", "sideways"]


@contextmanager
def opened(browser: Browser, client: Any, reader: dict[str, Any]) -> Iterator[Page]:
    context = browser.new_context(**reader, bypass_csp=True)
    yield serve(context.new_page(), client)
    context.close()


def grave_faults(page: Page) -> list[tuple[str, list[str]]]:
    """Return the rules that are broken seriously, with where, and whether one has to scroll sideways."""
    violations = Axe().run(page).response["violations"]
    found = [
        (one["id"], [node["html"][:120] for node in one["nodes"]][:3])
        for one in violations
        if one["impact"] in GRAVE
    ]
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, *([("sideways", [])] if wide else [])]
