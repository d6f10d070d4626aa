"""The address of the code that a colleague shows: the customer's own form, whose answers say that they were given on site."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.models import Response, ResponseDraft
from surveys.services.settling import settle_drafts
from tests.surveys.links import FAR_AWAY, GOOD_ANSWERS, both, invite, publish, question, send

pytestmark = pytest.mark.django_db
PAGES = [
    question("overall", "rating", both("How satisfied are you?", "您满意吗？"), metric="satisfaction", required=True, page=1),
    question("comment", "text", both("Anything else?", "还有吗？"), page=2),
]


@pytest.fixture
def long_link(organisation):
    return invite(organisation, publish(PAGES))


def test_the_form_is_the_same_and_its_answer_takes_one_statement_too(client, link, make_link):
    elsewhere = make_link()
    form = client.get(f"{link.address}on-site/").content
    assert form == client.get(elsewhere.address).content
    fields = {**GOOD_ANSWERS, ".form": form.decode().partition('name=".form" value="')[2].partition('"')[0]}

    with CaptureQueriesContext(connection) as statements:
        pages = [send(client, f"{link.address}on-site/", fields), send(client, elsewhere.address, fields)]

    assert ([page.status_code for page in pages], len(statements)) == ([200, 200], 2)
    assert dict(Response.objects.values_list("pk", "mode")) == {link.invitation.pk: "on_site", elsewhere.invitation.pk: "web"}


def test_a_form_that_says_nothing_of_itself_is_taken_on_site_too(client, link):
    send(client, f"{link.address}on-site/", GOOD_ANSWERS)

    assert Response.objects.get().mode == "on_site"


def test_the_first_answer_counts_whichever_of_the_two_addresses_it_came_by(client, link):
    send(client, link.address, GOOD_ANSWERS)

    again = send(client, f"{link.address}on-site/", GOOD_ANSWERS)
    other = send(client, f"{link.address}on-site/", {**GOOD_ANSWERS, "overall": "1"})

    assert (again.status_code, other.status_code) == (200, 409)
    assert Response.objects.get().mode == "web"


def test_each_screen_leads_to_the_next_on_site_and_the_answer_says_where_it_was_finished(client, long_link):
    address = f"{long_link.address}on-site/"

    left = send(client, f"{address}?lang=zh", {".page": "1", "overall": "4"})
    assert (left.status_code, left.headers["Location"]) == (303, "?page=2&lang=zh")
    assert ResponseDraft.objects.get().mode == "on_site"
    assert "还有吗？" in client.get(address + left.headers["Location"]).content.decode()
    send(client, address, {".page": "2", "comment": "here"})

    response = Response.objects.get()
    assert (response.mode, response.answers) == ("on_site", {"overall": 4, "comment": "here"})


@pytest.mark.parametrize(("last", "mode"), [("on-site/", "on_site"), ("", "web")])
def test_what_was_left_unfinished_is_settled_as_it_was_last_saved(client, long_link, last, mode):
    send(client, f"{long_link.address}on-site/", {".page": "1", "overall": "4"})
    send(client, f"{long_link.address}{last}", {".page": "1", "overall": "5"})

    assert settle_drafts(at=FAR_AWAY + timedelta(days=1)) == 1
    assert Response.objects.get().mode == mode


@pytest.mark.parametrize("rest", ["unsubscribe/", "more/"])
def test_the_links_of_the_form_lead_on_and_its_last_slash_may_be_lost(client, link, rest):
    assert client.get(f"{link.address}on-site/{rest}").status_code == 200
    lost = client.get(f"{link.address}on-site/{rest[:-1]}")
    assert (lost.status_code, lost.headers["Location"]) == (308, f"{link.address}on-site/{rest}")
    assert client.get(f"{link.address}on-site").headers["Location"] == f"{link.address}on-site/"
    assert client.get(f"{link.address}elsewhere/").status_code == 404
