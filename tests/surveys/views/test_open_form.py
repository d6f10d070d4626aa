"""`/s/<code>/`: a person who has the code answers.

Nothing is lost, counted twice or mixed with what was asked by invitation.
"""

import re
import threading
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client

from feedback_site.common.public_forms import make_stamp
from surveys.models import OpenResponse, PendingTally, Response
from tests.factories.questionnaires.documents import QUESTIONS, both, publish, question
from tests.factories.surveys.links import GOOD_ANSWERS, send
from tests.factories.surveys.opened import open_at, stamped

pytestmark = pytest.mark.django_db

LONG_AGO, FAR = datetime(2026, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def place(organisation, version):
    return open_at(organisation, version, asks_ticket_number=True)


@pytest.fixture
def post(client, place):
    def send_form(fields=GOOD_ANSWERS, *, to=None, **more):
        to = to or place
        return send(client, f"/s/{to.code}/?lang=en", {**stamped(to), **fields, **more})

    return send_form


def text_of(page) -> str:
    return unescape(page.content.decode())


def written():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_current_xact_id_if_assigned(), sum(n_tup_ins + n_tup_upd + n_tup_del) FROM "
            "pg_stat_xact_user_tables"
        )
        return cursor.fetchone()


def send_as(client, place, **headers) -> None:
    body = urlencode({**stamped(place), **GOOD_ANSWERS})
    page = client.post(f"/s/{place.code}/", body, content_type="application/x-www-form-urlencoded", **headers)
    assert page.status_code == 200


def heading(page) -> str:
    return re.search(r"<h1>(.*?)</h1>", text_of(page)).group(1)


def test_opening_a_code_writes_nothing_and_costs_one_statement(client, place, django_assert_num_queries):
    client.get(f"/s/{place.code}/")
    before = written()

    with django_assert_num_queries(1):
        page = client.get(f"/s/{place.code}/?lang=en")

    assert written() == before
    assert (page.status_code, heading(page)) == (200, "How did we do?")
    assert not page.cookies


def test_each_form_handed_out_has_a_stamp_of_its_own(client, place):
    stamps = {
        re.search(r'name="stamp" value="([^"]+)"', text_of(client.get(f"/s/{place.code}/"))).group(1)
        for _ in range(3)
    }

    assert len(stamps) == 3


def test_a_code_is_read_in_large_letters_too(client, place):
    assert client.get(f"/s/{place.code.upper()}/").status_code == 200


@pytest.mark.parametrize("code", ["aaaaaaaa", "0o1l0o1l", "short", "令牌", "a" * 300])
def test_a_code_that_was_never_made_leads_nowhere(client, place, code):
    assert client.get(f"/s/{code}/").status_code == 404


def test_answers_are_stored_apart_from_those_of_invitations(post, version):
    page = post(**{"open.ticket": " Ｔ－１ "})

    answer = OpenResponse.objects.get()
    assert (page.status_code, heading(page)) == (200, "Thank you!")
    assert (answer.answers["overall"], answer.satisfaction, answer.nps, answer.ticket_number) == (
        4,
        4,
        9,
        "T-1",
    )
    assert (answer.version, answer.language, answer.is_duplicate) == (version, "en", False)
    assert not Response.objects.exists()
    assert not PendingTally.objects.exists()


def test_what_a_device_shows_is_not_stored(client, place):
    send_as(client, place, HTTP_USER_AGENT="Mozilla/5.0 (Phone)")

    assert OpenResponse.objects.get().device_mark
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(r)::text FROM surveys_openresponse r")
        (row,) = cursor.fetchone()
    assert "127.0.0.1" not in row
    assert "Mozilla" not in row


def test_a_form_sent_twice_counts_once(client, place):
    fields = {**stamped(place), **GOOD_ANSWERS}

    first, second = (send(client, f"/s/{place.code}/?lang=en", fields) for _ in range(2))

    assert first.content == second.content
    assert OpenResponse.objects.count() == 1


def test_of_a_form_sent_again_with_other_answers_the_first_count(client, place):
    fields = {**stamped(place), **GOOD_ANSWERS}
    send(client, f"/s/{place.code}/?lang=en", fields)

    page = send(client, f"/s/{place.code}/?lang=en", {**fields, "overall": "1"})

    assert (page.status_code, heading(page)) == (409, "Your first answer counts")
    assert OpenResponse.objects.get().satisfaction == 4


@pytest.mark.django_db(transaction=True)
def test_eight_posts_of_one_form_at_once_are_one_answer(place):
    fields, pages = {**stamped(place), **GOOD_ANSWERS}, []

    def post():
        pages.append(send(Client(), f"/s/{place.code}/?lang=en", fields))
        connection.close()

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {(page.status_code, heading(page)) for page in pages} == {(200, "Thank you!")}
    assert OpenResponse.objects.count() == 1


def test_a_second_form_of_a_device_is_taken_and_marked(client, place, organisation, version):
    browser = {"HTTP_USER_AGENT": "Mozilla/5.0 (Phone)"}
    for _ in range(2):
        send_as(client, place, **browser)
    send_as(client, place, HTTP_USER_AGENT="Mozilla/5.0 (Tablet)")
    elsewhere = open_at(organisation, version)
    send_as(client, elsewhere, **browser)

    assert list(OpenResponse.objects.order_by("pk").values_list("is_duplicate", flat=True)) == [
        False,
        True,
        False,
        False,
    ]


def test_what_cannot_be_taken_is_said_at_its_field_and_the_rest_is_kept(post):
    page = post(overall="77", comment="kept <b>words</b>", **{"open.ticket": "T-7"})

    assert page.status_code == 422
    assert "Please choose a number from 1 to 5." in text_of(page)
    assert "kept <b>words</b>" in text_of(page)
    assert 'value="T-7"' in text_of(page)
    assert not OpenResponse.objects.exists()


@pytest.mark.parametrize(
    ("ticket", "sentence"),
    [
        ("9" * 81, "Please shorten this text to 80 characters; it has 81."),
        ("\x00", "This text contains characters that cannot be stored. Please remove them."),
        (["one", "another"], "Please give one answer only."),
    ],
)
def test_a_ticket_number_that_cannot_be_taken_is_said_at_its_field(post, ticket, sentence):
    page = post(**{"open.ticket": ticket})

    assert page.status_code == 422
    assert f'id="q-open.ticket-error">{sentence}</p>' in text_of(page)


def test_a_ticket_number_that_is_not_asked_for_is_not_kept(post, organisation, version):
    post(to=open_at(organisation, version), **{"open.ticket": "T-9"})

    assert OpenResponse.objects.get().ticket_number == ""


def test_what_a_program_fills_in_is_not_taken_at_once(post):
    page = post(website="https://spam.example")

    assert page.status_code == 422
    assert "To keep out automatic messages, please send it once more." in text_of(page)
    assert not OpenResponse.objects.exists()


def test_what_comes_back_sooner_than_people_answer_is_taken_the_second_time(client, place, settings):
    settings.PUBLIC_FORM_LEAST_SECONDS = 30
    quick, slow = stamped(place, age=timedelta(seconds=1)), stamped(place, age=timedelta(seconds=31))

    assert "Please check your answers and send them once more." in text_of(
        send(client, f"/s/{place.code}/?lang=en", {**quick, **GOOD_ANSWERS})
    )
    assert send(client, f"/s/{place.code}/", {**slow, **GOOD_ANSWERS}).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"stamp": ""},
        {"stamp": "forged"},
        {"open.version": "0"},
        {"open.version": "many"},
        {"stamp": make_stamp(purpose="open elsewhere 1", at=LONG_AGO)},
    ],
)
def test_a_form_that_is_not_ours_is_shown_again_with_a_stamp_that_is(client, post, changes):
    page = post(**changes)

    assert page.status_code == 422
    assert "This page was open for a long time." in text_of(page)
    assert 'value="4" checked' in text_of(page)
    assert not OpenResponse.objects.exists()


def test_a_form_of_the_day_before_yesterday_is_looked_over_once_more(client, place):
    page = send(
        client, f"/s/{place.code}/?lang=en", {**stamped(place, age=timedelta(days=2)), **GOOD_ANSWERS}
    )

    assert page.status_code == 422
    assert "This page was open for a long time." in text_of(page)


def test_one_address_sends_so_many_an_hour_and_no_more(post, settings):
    settings.OPEN_ANSWERS_PER_HOUR = 2
    statuses = [post().status_code for _ in range(3)]

    assert statuses == [200, 200, 429]
    assert OpenResponse.objects.count() == 2


@pytest.mark.parametrize(
    ("period", "status", "title"),
    [
        ({"closed_at": FAR}, 410, "This questionnaire has stopped taking answers"),
        ({"starts_at": LONG_AGO, "ends_at": LONG_AGO}, 410, "This questionnaire has ended"),
        ({"starts_at": FAR}, 403, "This questionnaire is not open yet"),
    ],
)
def test_what_takes_no_answers_says_so(client, organisation, version, period, status, title):
    place = open_at(organisation, version, **period)

    pages = [
        client.get(f"/s/{place.code}/?lang=en"),
        send(client, f"/s/{place.code}/?lang=en", {**stamped(place), **GOOD_ANSWERS}),
    ]

    assert {(page.status_code, heading(page)) for page in pages} == {(status, title)}
    assert not OpenResponse.objects.exists()


def test_a_customer_who_sends_a_form_again_after_the_end_is_thanked_as_before(client, place):
    fields = {**stamped(place), **GOOD_ANSWERS}
    send(client, f"/s/{place.code}/", fields)
    place.closed_at = FAR
    place.save()

    assert heading(send(client, f"/s/{place.code}/?lang=en", fields)) == "Thank you!"


def test_an_answer_belongs_to_the_version_that_was_read(client, place, version):
    fields = stamped(place)
    publish([{**QUESTIONS[0], "text": both("Another question?", "另一题？")}])

    page = send(client, f"/s/{place.code}/", {**fields, **GOOD_ANSWERS})

    assert page.status_code == 200
    assert OpenResponse.objects.get().version == version
    assert "Another question?" in text_of(client.get(f"/s/{place.code}/?lang=en"))


def test_pages_of_a_questionnaire_are_one_screen_here(client, organisation):
    low = {
        "join": "all",
        "tests": [{"of": "answer", "name": "overall", "operator": "at_most", "compared": 3}],
    }
    more = question("why", "text", both("Why {answer.overall}?", "为什么？"), page=2, condition=low)
    place = open_at(organisation, publish([QUESTIONS[0], more]))

    page = client.get(f"/s/{place.code}/?lang=en")
    send(client, f"/s/{place.code}/", {**stamped(place), "overall": "5", "why": "off the path"})

    assert 'name="why"' in text_of(page)
    assert "Page 1 of 2" not in text_of(page)
    answer = OpenResponse.objects.get()
    assert (answer.answers, answer.off_path) == ({"overall": 5}, {"why": "off the path"})


def test_the_language_is_the_browsers_else_the_places(client, organisation, version):
    place = open_at(organisation, version, language="en")

    pages = [client.get(f"/s/{place.code}/", HTTP_ACCEPT_LANGUAGE=header) for header in ("zh-CN,en", "fr")]

    assert [re.search(r'<html lang="([\w-]+)"', text_of(page)).group(1) for page in pages] == [
        "zh-Hans",
        "en",
    ]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"a=" + b"x" * 70_000, "application/x-www-form-urlencoded", 413),
        (b"{}", "application/json", 415),
        (b"&".join(b"a=1" for _ in range(500)), "application/x-www-form-urlencoded", 400),
        (
            b"stamp=%ff%00&open.version=%ff&overall=%E2%80%AE&open.ticket=%00",
            "application/x-www-form-urlencoded",
            422,
        ),
        (b"", "application/x-www-form-urlencoded", 422),
        ("open.version=１２&stamp=1".encode(), "application/x-www-form-urlencoded", 422),
        (b"open.version=" + b"9" * 5000 + b"&stamp=1", "application/x-www-form-urlencoded", 422),
        (
            b"open.version=99999999999999999999&stamp=1767600000..00000000000000000000000000000000",
            "application/x-www-form-urlencoded",
            422,
        ),
    ],
)
def test_whatever_is_sent_gets_a_page_and_no_failure(client, place, body, kind, status):
    page = client.post(f"/s/{place.code}/", body, content_type=kind)

    assert page.status_code == status
    assert not OpenResponse.objects.exists()


@pytest.mark.parametrize("forged", [False, True], ids=["its own note", "a note made up"])
def test_a_browser_that_has_answered_today_is_known_by_its_note_whatever_it_calls_itself(
    client, place, forged
):
    body = urlencode({**stamped(place), **GOOD_ANSWERS})
    thanks = client.post(
        f"/s/{place.code}/",
        body,
        content_type="application/x-www-form-urlencoded",
        HTTP_USER_AGENT="Mozilla/5.0 (Phone)",
    )
    note, *rules = thanks.headers["Set-Cookie"].split("; ")
    brought = f"answered={'0' * 64}" if forged else note

    send_as(client, place, HTTP_USER_AGENT="curl/8", REMOTE_ADDR="198.51.100.7", HTTP_COOKIE=brought)

    assert rules == [f"Path=/s/{place.code}/", "Max-Age=86400", "HttpOnly", "SameSite=Lax"]
    assert list(OpenResponse.objects.order_by("pk").values_list("is_duplicate", flat=True)) == [
        False,
        not forged,
    ]


def test_addresses_of_one_ipv6_network_are_one_device(client, place):
    for last in ("1", "ffff:2"):
        send_as(client, place, HTTP_USER_AGENT="Mozilla/5.0 (Phone)", REMOTE_ADDR=f"2001:db8:1:2::{last}")

    assert list(OpenResponse.objects.order_by("pk").values_list("is_duplicate", flat=True)) == [False, True]
