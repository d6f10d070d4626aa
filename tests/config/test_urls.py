"""Every address that people type leads somewhere.

What the site cannot answer is a page of the product in the reader's language.
"""

import pytest
from django.test import Client
from django.urls import reverse

from feedback_site.common.public_pages import security_policy
from tests.factories.accounts.second_factor import PASSWORD

pytestmark = pytest.mark.django_db
CHINESE, ENGLISH = {"accept-language": "zh-CN"}, {"accept-language": "en-GB,en;q=0.8"}


def test_the_site_without_an_address_leads_customers_to_the_voice_page_and_staff_to_theirs(staff):
    stranger, signed_in = Client(), Client()
    signed_in.force_login(staff.quinn)

    assert (stranger.get("/").status_code, stranger.get("/").headers["Location"]) == (302, "/voice/")
    assert signed_in.get("/").headers["Location"] == "/admin/"
    assert "no-store" in stranger.get("/").headers["Cache-Control"]


@pytest.mark.parametrize(
    ("address", "start"),
    [("/nothing-here/", "/"), ("/admin/nothing-here/", "/admin/")],
)
@pytest.mark.parametrize(
    ("headers", "language", "title"),
    [(CHINESE, "zh-Hans", "页面不存在"), (ENGLISH, "en", "There is no such page")],
)
def test_an_unknown_address_is_a_page_in_the_readers_language(
    staff, address, start, headers, language, title
):
    client = Client(headers=headers)
    client.force_login(staff.root)

    page = client.get(address)
    text = page.content.decode()

    assert page.status_code == 404
    assert f'<html lang="{language}">' in text
    assert f"<h1>{title}</h1>" in text
    assert f'<a href="{start}">' in text
    assert page.headers["Content-Security-Policy"] == security_policy()


@pytest.mark.parametrize(
    ("headers", "title"), [(CHINESE, "您没有权限打开此页面"), (ENGLISH, "You may not open this page")]
)
def test_what_a_role_may_not_open_is_a_page_too(staff, headers, title):
    client = Client(headers=headers)
    client.force_login(staff.vera)

    page = client.get("/admin/dashboards/response-rates/")

    assert (page.status_code, f"<h1>{title}</h1>" in page.content.decode()) == (403, True)


def test_a_form_of_an_older_session_is_told_what_to_do(staff):
    client = Client(enforce_csrf_checks=True, headers=ENGLISH)

    page = client.post("/admin/login/", {"username": staff.quinn.username, "password": PASSWORD})

    assert (page.status_code, "reload the page" in page.content.decode()) == (403, True)


def test_an_error_of_ours_is_a_page_and_below_the_api_in_its_shape(settings):
    settings.ROOT_URLCONF = "tests.factories.config.broken_urls"
    client = Client(raise_request_exception=False, headers=ENGLISH)

    page, answer = client.get("/broken/"), client.get("/api/broken/")

    assert (page.status_code, "Something went wrong on our side" in page.content.decode()) == (500, True)
    assert (answer.status_code, set(answer.json())) == (500, {"message", "extra"})


def test_an_unknown_address_of_the_api_keeps_its_shape(client):
    answer = client.get("/api/v1/nothing-here/", headers=ENGLISH)

    assert (answer.status_code, answer.json()) == (404, {"message": "Not found.", "extra": {}})


def test_the_api_says_what_it_has_without_a_key(client):
    told = client.get("/api/v1/", headers=ENGLISH).json()

    assert told["documentation"] == "http://testserver/api/v1/docs/"
    assert client.get(told["schema"]).status_code == 200
    assert told["webhooks"] == "http://testserver/api/v1/webhooks/service-events/<source>/"
    assert {client.get(address).status_code for address in told["resources"].values()} == {401}
    assert client.post("/api/v1/").status_code == 405


@pytest.mark.parametrize("who", ["ellen", "wei", "ada", "quinn", "max", "vera", "root"])
def test_the_list_of_dashboards_holds_what_its_reader_may_open(staff, client, who):
    client.force_login(getattr(staff, who))

    page = client.get(reverse("dashboards:front"))

    assert page.status_code == 200
    assert {client.get(entry["address"]).status_code for entry in page.context["pages"]} <= {200}
    assert bool(page.context["pages"]) is (who != "vera")
