"""Scanners, previews and prefetching programs: they answer nothing, opt no one out, and spend no link."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback_site.customers.models import Consent, Customer
from surveys.models import Invitation, LinkVisit, Response, ResponseDraft
from surveys.services.links.visits import flush_visits
from tests.factories.surveys.links import GOOD_ANSWERS, send

pytestmark = pytest.mark.django_db

LINKS, PREFETCH = 200, {"HTTP_SEC_PURPOSE": "prefetch;prerender"}


@pytest.fixture(autouse=True)
def _nothing_waits():
    flush_visits()
    yield
    flush_visits()


def states():
    columns = ("pk", "answered_at", "voided_at", "token_hash", "expires_at")
    return [
        [bytes(value) if isinstance(value, memoryview) else value for value in row]
        for row in Invitation.objects.values_list(*columns)
    ]


def test_two_thousand_requests_of_scanners_over_two_hundred_links_change_nothing(client, make_link):
    customer = Customer.objects.create(source="crm", external_id="C-1")
    links = [make_link(customer=customer) for _ in range(LINKS)]
    before, asked = states(), 0

    for link in links:
        for query in ("", "?score=1", "", "?score=5", ""):
            client.get(f"{link.address}{query}")
            client.head(f"{link.address}{query}")
            asked += 2
        client.get(f"{link.address}?score=3", **PREFETCH)
        client.get(f"{link.address}unsubscribe/")
        asked += 2

    assert asked >= 2000
    assert states() == before
    assert not Response.objects.exists()
    assert not ResponseDraft.objects.exists()
    assert not Consent.objects.exists()
    flush_visits()
    assert LinkVisit.objects.count() == LINKS
    assert not LinkVisit.objects.filter(quarantined_at__isnull=True).exists()
    assert {send(client, link.address, GOOD_ANSWERS).status_code for link in links[::10]} == {200}
    assert Response.objects.count() == LINKS // 10


def test_the_link_that_no_person_sees_marks_the_messages_visits(client, link):
    page = client.get(link.address)
    assert b'<a href="more/" rel="nofollow" hidden aria-hidden="true" tabindex="-1">' in page.content

    trapped = client.get(f"{link.address}more/")
    flush_visits()

    assert (trapped.status_code, b'href="../"' in trapped.content) == (200, True)
    assert LinkVisit.objects.get().quarantined_at
    assert send(client, link.address, GOOD_ANSWERS).status_code == 200


def test_the_trap_of_an_unknown_link_is_that_of_any_other(client, link):
    unknown = client.get("/r/AAAAAAAAAAAAAAAAAAAAAA/more/")

    assert (unknown.status_code, client.post(f"{link.address}more/").status_code) == (404, 405)


def test_telling_machines_from_people_costs_an_ordinary_visit_no_statement(client, link):
    client.get(link.address)

    with CaptureQueriesContext(connection) as queries:
        client.get(f"{link.address}?score=4")
        client.get(f"{link.address}?score=5")

    assert len(queries) == 2


def test_a_persons_visit_is_no_machines(client, link):
    client.get(f"{link.address}?score=4")
    flush_visits()

    assert LinkVisit.objects.filter(quarantined_at__isnull=True).get().count == 1
