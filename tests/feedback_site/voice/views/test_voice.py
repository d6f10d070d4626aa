"""`/voice/`: what is typed gets a number, or a sentence at its field.

Nothing is lost or counted twice.
"""

from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest

from feedback_site.common.clock import database_now
from feedback_site.common.models import RateCount
from feedback_site.common.public_forms import make_stamp
from feedback_site.customers.models import Customer
from feedback_site.voice.models import VoiceEntry
from feedback_site.voice.services import choose_monthly_suggestion, publish_change, write_change
from tests.factories.voice.fixtures import CONTACT, GOOD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("desk")]
SUGGESTED = {part: {"en": f"<b>{part} en</b>", "zh-hans": f"<b>{part} zh</b>"} for part in ("title", "text")}
CHANGED = {part: {"en": f"{part} en", "zh-hans": f"{part} zh"} for part in ("said", "did")}


def text_of(page) -> str:
    return unescape(page.content.decode())


def test_the_form_asks_for_no_script_no_cookie_and_no_other_host(client):
    page = client.get("/voice/?lang=en")

    assert page.status_code == 200
    assert not page.cookies
    assert "<script" not in text_of(page)
    assert "//" not in text_of(page).replace("https://", "").partition("<body>")[2]
    assert "script" not in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("?lang=zh", "en", "zh-Hans"),
        ("?lang=en", "zh-CN", "en"),
        ("", "zh-CN,zh;q=0.9", "zh-Hans"),
        ("", "fr, en;q=0.5", "en"),
    ],
)
def test_the_language_is_that_of_the_address_then_the_browsers(client, query, header, language):
    page = client.get(f"/voice/{query}", HTTP_ACCEPT_LANGUAGE=header)

    assert f'<html lang="{language}">' in text_of(page)


def test_a_message_gets_a_number_by_which_it_is_followed(client, post):
    page = post({**GOOD, **CONTACT, "ticket": " Ｔ－１ "})

    entry = VoiceEntry.objects.get()
    assert page.status_code == 200
    assert f'href="/voice/{entry.reference}/?lang=en"' in text_of(page)
    assert (entry.kind, entry.text, entry.ticket_number, entry.language) == (
        "complaint",
        "The fitter never came.",
        "T-1",
        "en",
    )
    assert "13800000001" not in text_of(page)


def test_a_form_sent_twice_gets_the_same_number(post):
    stamp = make_stamp(purpose="voice", at=database_now() - timedelta(minutes=1))

    first, second = (post(GOOD, stamp=stamp) for _ in range(2))

    assert first.content == second.content
    assert VoiceEntry.objects.count() == 1


BAD = [
    ({"kind": ""}, "kind", "Please choose what you would like to tell us."),
    ({"kind": "<script>"}, "kind", "Please choose what you would like to tell us."),
    ({"kind": ["complaint", "praise"]}, "kind", "Please give one answer only."),
    ({"text": " \r\n "}, "text", "Please write something here."),
    ({"text": "字" * 2001}, "text", "Please shorten this text to 2000 characters; it has 2001."),
    ({"text": "😀" * 2001}, "text", "Please shorten this text to 2000 characters; it has 2001."),
    ({"text": "a\x00b"}, "text", "This text contains characters that cannot be stored. Please remove them."),
    ({"text": ["one", "another"]}, "text", "Please give one answer only."),
    ({"ticket": "9" * 81}, "ticket", "Please shorten this text to 80 characters; it has 81."),
    (
        {"ticket": "\x00"},
        "ticket",
        "This text contains characters that cannot be stored. Please remove them.",
    ),
    ({"phone": "ring me"}, "phone", "This is not a phone number that can be called."),
    ({"phone": "<script>", "may_contact": "yes"}, "phone", "This is not a phone number that can be called."),
    ({"email": "no-address"}, "email", "This is not an email address."),
    (
        {"email": "a" * 200 + "@example.com"},
        "email",
        "Please shorten this text to 120 characters; it has 212.",
    ),
    (
        {"may_contact": "yes"},
        "phone",
        "Please give a phone number or an email address, or clear the box that allows us to contact you.",
    ),
    (
        {"phone": "13800000001"},
        "may_contact",
        "Please tick this box so that we may contact you, or leave name, phone and email empty.",
    ),
    ({"may_publish": "perhaps"}, "may_publish", "Please tick the box or leave it empty."),
]


@pytest.mark.parametrize(("wrong", "field", "sentence"), BAD, ids=range(len(BAD)))
def test_what_cannot_be_taken_is_said_at_its_field_and_the_rest_kept(post, wrong, field, sentence):
    page = post({**GOOD, "ticket": "kept-1", **wrong})

    assert page.status_code == 422
    assert f'id="f-{field}-error">{sentence}</p>' in text_of(page)
    assert ("kept-1" if field != "ticket" else "The fitter never came.") in text_of(page)
    assert not VoiceEntry.objects.exists()


UNUSUAL = [
    ("<script>alert('x')</script> & \"quotes\"",) * 2,
    ("😀👨‍👩‍👧\u202eمرحبا",) * 2,
    ("  line\r\n\r\nline  ", "line\n\nline"),
    ("100%s {braces} \\backslash",) * 2,
    ("字" * 2000,) * 2,
]


@pytest.mark.parametrize(("typed", "stored"), UNUSUAL, ids=range(len(UNUSUAL)))
def test_unusual_texts_are_stored_as_they_were_written(post, typed, stored):
    assert post({**GOOD, "text": typed}).status_code == 200

    assert VoiceEntry.objects.get().text == stored


def test_full_width_digits_are_digits(post):
    assert post({**GOOD, **CONTACT, "phone": "１３８ ０００００００１"}).status_code == 200

    assert Customer.objects.get().phone_mask == "****01"


def test_scripts_in_a_refused_form_are_shown_as_text(post):
    page = post({**GOOD, "kind": "", "text": "</textarea><script>alert(1)</script>"})

    assert b"<script" not in page.content
    assert b"&lt;script&gt;alert(1)" in page.content


def test_unknown_fields_are_ignored(post):
    assert post({**GOOD, "state": "closed", "team": "1", "": "x"}).status_code == 200

    assert VoiceEntry.objects.get().state == "received"


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"x" * 1_000_000, "application/x-www-form-urlencoded", 413),
        (b"{}", "application/json", 415),
        (
            urlencode([(f"f{number}", "1") for number in range(500)]).encode(),
            "application/x-www-form-urlencoded",
            400,
        ),
        (b"\xff\xfe\x00&&&===", "application/x-www-form-urlencoded", 422),
        (b"", "application/x-www-form-urlencoded", 422),
    ],
)
def test_what_is_no_form_of_ours_gets_a_page_too(client, body, content_type, status):
    assert client.post("/voice/", body, content_type=content_type).status_code == status


def test_a_field_that_no_person_sees_keeps_programs_out_and_people_can_send_again(post):
    page = post({**GOOD, "website": "https://spam.example"})

    assert page.status_code == 422
    assert "To keep out automatic messages, please send it once more." in text_of(page)
    assert "https://spam.example" not in text_of(page)
    assert not VoiceEntry.objects.exists()


def test_no_person_writes_that_fast_and_the_second_click_is_taken(post, settings):
    settings.PUBLIC_FORM_LEAST_SECONDS = 30
    stamp = make_stamp(purpose="voice", at=database_now())

    page = post(GOOD, stamp=stamp)

    assert page.status_code == 422
    assert f'value="{stamp}"' in text_of(page)  # so that waiting is enough
    settings.PUBLIC_FORM_LEAST_SECONDS = 0
    assert post(GOOD, stamp=stamp).status_code == 200


@pytest.mark.parametrize("stamp", ["", "made up", "1700000000.aa.00"])
def test_a_form_that_we_did_not_hand_out_is_shown_again_with_a_stamp(post, stamp):
    page = post(GOOD, stamp=stamp)

    assert page.status_code == 422
    assert "This page was open for a long time. Please check your message and send it again." in text_of(page)
    assert "The fitter never came." in text_of(page)


def test_a_stamp_of_another_form_or_of_last_week_does_not_count(post):
    other = make_stamp(purpose="open", at=database_now())
    old = make_stamp(purpose="voice", at=database_now() - timedelta(days=7))

    assert [post(GOOD, stamp=stamp).status_code for stamp in (other, old)] == [422, 422]


def test_one_address_sends_so_much_and_no_more(post, settings):
    settings.VOICE_ENTRIES_PER_HOUR = 2
    pages = [post({**GOOD, "text": str(number)}) for number in range(3)]

    assert [page.status_code for page in pages] == [200, 200, 429]
    assert "Please try again in an hour" in text_of(pages[2])
    assert VoiceEntry.objects.count() == 2
    assert post(GOOD, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_what_was_sent_twice_counts_once_against_the_limit(post, settings):
    settings.VOICE_ENTRIES_PER_HOUR = 1
    stamp = make_stamp(purpose="voice", at=database_now() - timedelta(minutes=1))

    assert [post(GOOD, stamp=stamp).status_code for _ in range(3)] == [200, 200, 200]


def test_no_address_is_on_record(post):
    post(GOOD, REMOTE_ADDR="192.0.2.7")

    assert RateCount.objects.count() == 2
    assert all(len(bytes(row.key)) == 32 for row in RateCount.objects.all())


def test_a_get_writes_nothing(client):
    for address in (
        "/voice/",
        "/voice/?kind=praise",
        "/voice/?reference=7KQ3-M01D-2TPA",
        "/voice/7KQ3-M01D-2TPA/",
    ):
        client.get(address)
        client.head(address)

    assert (VoiceEntry.objects.count(), RateCount.objects.count()) == (0, 0)


def test_a_kind_can_be_chosen_by_the_address(client):
    assert 'value="praise" checked' in text_of(client.get("/voice/?kind=praise"))
    assert " checked>" not in text_of(client.get("/voice/?kind=%3Cscript%3E"))


def test_what_was_done_and_the_suggestion_of_the_month_are_read_in_the_readers_language(
    client, receive, organisation, noon
):
    entry = receive("suggestion", text="In my <i>words</i>", may_publish=True)
    choose_monthly_suggestion(month=noon.date(), entry=entry, is_quoted=True, **SUGGESTED)
    publish_change(change=write_change(team=organisation.east, **CHANGED), at=noon)

    english, chinese = (client.get(f"/voice/?lang={language}").content.decode() for language in ("en", "zh"))

    assert "&lt;b&gt;title en&lt;/b&gt;" in english
    assert "In my &lt;i&gt;words&lt;/i&gt;" in english
    assert "said en" in english
    assert "did zh" in chinese
    assert "said en" not in chinese


def test_a_writer_who_did_not_agree_is_not_quoted_whatever_the_row_says(client, receive, noon):
    entry = receive("suggestion", text="In my words", may_publish=True)
    choose_monthly_suggestion(month=noon.date(), entry=entry, is_quoted=True, **SUGGESTED)
    VoiceEntry.objects.update(may_publish=False)

    assert "In my words" not in text_of(client.get("/voice/?lang=en"))


def test_the_lost_slash_is_put_back(client):
    assert client.get("/voice?lang=en").headers["Location"] == "/voice/?lang=en"
    assert client.get("/voice/7KQ3-M01D-2TPA").headers["Location"] == "/voice/7KQ3-M01D-2TPA/"
    assert client.get("/voices").status_code == 404
