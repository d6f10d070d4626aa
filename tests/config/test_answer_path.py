import base64
import hashlib
import logging
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config import answer_path
from feedback_site.accounts.models import Organisation
from feedback_site.accounts.selectors import forget_organisation, remember_organisation
from feedback_site.common.public_pages import security_policy
from feedback_site.questionnaires.pages.assets import form_policy
from surveys.models import Response
from tests.factories.questionnaires.documents import publish
from tests.factories.surveys.links import GOOD_ANSWERS, invite, send


@pytest.fixture
def link(organisation):
    return invite(organisation, publish())


def lose_connection():
    """End our own server process, as a restart of the database would."""
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    finally:
        other.close()


@pytest.mark.django_db
@pytest.mark.parametrize("reach", ["get", "head", "post", "options"])
def test_every_reply_carries_the_strict_headers_and_no_cookie(client, link, reach):
    page = getattr(client, reach)(link.address)

    assert page.headers["Content-Security-Policy"] == (
        form_policy() if reach in {"get", "head"} else security_policy()
    )
    assert form_policy().startswith(security_policy())
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Cache-Control"] == "no-store"
    assert not page.cookies


@pytest.mark.django_db
def test_a_form_needs_no_cookie_and_no_csrf_token(link):
    page = send(Client(enforce_csrf_checks=True), link.address, GOOD_ANSWERS)

    assert page.status_code == 200
    assert not hasattr(page.wsgi_request, "session")
    assert not hasattr(page.wsgi_request, "user")


@pytest.mark.django_db
def test_head_tells_the_length_and_sends_nothing(client, link):
    shown, told = client.get(link.address), client.head(link.address)

    assert told.status_code == 200
    assert told.headers["Content-Length"] == str(len(shown.content))
    assert told.content == b""


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_are_refused_with_those_that_work(client, link, method):
    page = client.generic(method, link.address)

    assert (page.status_code, page.headers["Allow"]) == (405, "GET, HEAD, POST")


@pytest.mark.django_db
@pytest.mark.parametrize("rest", ["", "/unsubscribe"])
def test_a_lost_slash_leads_to_the_page(client, link, rest):
    address = f"/r/{link.token}{rest}"

    page = client.get(f"{address}?score=4&lang=zh")

    assert (page.status_code, page.headers["Location"]) == (308, f"{address}/?score=4&lang=zh")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "rest",
    [
        "。",
        ")",
        "）",
        ".",
        "/。",
        "/)",
        ",",
        "；请勿转发",
        "/ thanks",
        "”",
        "/】/",
        "\u200b",
        "'",
        ">",
        "%0a/",
        "%E3%80%82",
        "!?score=4",
    ],
)
def test_a_link_opens_although_something_follows_it(client, link, rest):
    page = client.get(link.address.rstrip("/") + rest)

    assert (page.status_code, page.headers["Location"]) == (
        308,
        link.address + ("?score=4" if "?" in rest else ""),
    )
    assert client.get(page.headers["Location"]).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/r/{token}/unsubscribe/)", "/r/{token}/unsubscribe/"),
        ("/s/abcd2345。", "/s/abcd2345/"),
        ("/voice。", "/voice/"),
        ("/voice/ABCD-EFGH-JKLM，谢谢", "/voice/ABCD-EFGH-JKLM/"),
    ],
)
def test_other_addresses_open_too(client, link, address, leads_to):
    token = link.address.strip("/").removeprefix("r/")

    page = client.get(address.format(token=token))

    assert (page.status_code, page.headers["Location"]) == (308, leads_to.format(token=token))


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/r/short)", "/r/{token}x)", "/r/{token}/nothing/)", "/s/abc。"])
def test_what_was_no_address_before_its_end_is_none(client, link, address):
    token = link.address.strip("/").removeprefix("r/")

    assert client.get(address.format(token=token)).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/r/", "/r/../admin/", "/r/%00/", "/r/AAAAAAAAAAAAAAAAAAAAA%0a/", "/r/" + "A" * 5000 + "/", "/r/令牌/"],
)
def test_addresses_that_are_no_link_get_the_same_page_without_a_statement(
    client, address, django_assert_num_queries
):
    with django_assert_num_queries(0):
        page = client.get(address)

    assert (page.status_code, page.content) == (404, client.get("/r/x/").content)


@pytest.mark.django_db
def test_other_addresses_are_passed_on(client):
    assert client.get("/health/").headers["Content-Type"] == "application/json"


@pytest.mark.django_db
def test_production_leads_to_https_and_keeps_it(client, link, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 3600

    assert client.get(link.address).headers["Location"] == f"{settings.PUBLIC_BASE_URL}{link.address}"
    assert client.get(link.address, secure=True).headers["Strict-Transport-Security"] == "max-age=3600"


def test_a_lost_connection_is_replaced_and_the_answer_stored(transactional_db, client, link):
    assert client.get(link.address).status_code == 200
    lose_connection()

    page = send(client, link.address, GOOD_ANSWERS)

    assert page.status_code == 200
    assert Response.objects.count() == 1


def test_without_a_database_the_page_says_when_to_come_back(transactional_db, client, link, settings):
    connection.close()
    name = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = "nowhere"
    try:
        pages = [client.get(link.address), send(client, link.address, GOOD_ANSWERS)]
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name

    assert [page.status_code for page in pages] == [503, 503]
    assert {page.headers["Retry-After"] for page in pages} == {"5"}
    assert {
        language in page.content.decode() for page in pages for language in ('lang="zh-Hans"', 'lang="en"')
    } == {True}
    assert client.get(link.address).status_code == 200


@pytest.mark.django_db
def test_a_failure_of_ours_is_a_page_and_a_line_without_the_customers_words(
    client, link, monkeypatch, caplog
):
    def fail(request, token):
        message = f"{token} wrote a secret"
        raise ValueError(message)

    monkeypatch.setattr(answer_path, "find_view", lambda _path: (fail, {"token": link.token}))

    with caplog.at_level(logging.INFO):
        page = client.get(link.address)

    assert page.status_code == 500
    assert "Something went wrong on our side" in page.content.decode()
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text
    assert link.token not in caplog.text


@pytest.mark.django_db
def test_no_reply_leaves_the_token_in_a_log(client, link, caplog):
    with caplog.at_level(logging.DEBUG, logger="django.request"):
        for reply in (
            client.get(link.address),
            client.put(link.address),
            send(client, link.address, {}),
            client.get(f"/r/{link.token}x/"),
        ):
            assert reply.status_code in {200, 404, 405, 422}

    assert link.token not in caplog.text


@pytest.mark.django_db
def test_the_companys_name_costs_no_statement_per_request(client, link):
    client.get(link.address)  # reads the questionnaire
    Organisation.objects.create(names={"en": "Acme", "zh-hans": "甲乙"})
    forget_organisation()
    asked = []
    for _request in range(2):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"{link.address}?lang=en")
        asked.append(len(queries))
        assert "</span>Acme</span>" in page.content.decode()

    assert asked[0] - asked[1] == 1


@pytest.mark.django_db
def test_pages_in_the_companys_colour_allow_that_style_and_the_logo_and_no_other(client, link):
    before = client.get(link.address)
    remember_organisation(Organisation(colour="#1a4fd0", logo_id="abc"))

    for page in (client.get(link.address), client.get("/r/unknown/")):
        html = page.content.decode()
        style = re.search("<style>(.*?)</style>", html, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert "--accent:#1a4fd0" in style.replace(" ", "")
        assert '<img class="logo" src="/logo/abc/" alt="">' in html
        assert (
            f"style-src 'sha256-{digest}'; img-src 'self' data:;" in page.headers["Content-Security-Policy"]
        )
        assert page.headers["Content-Security-Policy"] != before.headers["Content-Security-Policy"]
