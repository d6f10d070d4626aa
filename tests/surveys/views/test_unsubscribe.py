from datetime import timedelta

import pytest

from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Consent
from feedback_site.customers.services import consenting_customer_ids, record_consent
from tests.factories.surveys.links import GOOD_ANSWERS, INVITED_AT, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def consenting(link):
    "An open link whose customer allowed questionnaires and NPS surveys."
    for purpose in (Purpose.SURVEY, Purpose.NPS):
        Consent.objects.create(
            customer=link.invitation.customer,
            purpose=purpose,
            is_granted=True,
            stated_at=INVITED_AT - timedelta(days=1),
            source="crm",
        )
    return link


def allows(link, purpose=Purpose.SURVEY):
    customer_id = link.invitation.customer_id
    return consenting_customer_ids(customer_ids=[customer_id], purpose=purpose) == {customer_id}


def test_opening_the_page_only_asks(client, consenting):
    page = client.get(f"{consenting.address}unsubscribe/")

    assert "Stop receiving these messages?" in page.content.decode()
    assert allows(consenting)


def test_pressing_the_button_records_the_refusal_of_this_purpose_only(client, consenting):
    page = send(client, f"{consenting.address}unsubscribe/", {})

    assert "You will not be asked again" in page.content.decode()
    assert not allows(consenting)
    assert allows(consenting, Purpose.NPS)


def test_a_mail_programs_one_click_acts(client, consenting):
    page = send(client, f"{consenting.address}unsubscribe/", {"List-Unsubscribe": "One-Click"})

    assert page.status_code == 200
    assert not allows(consenting)


def test_an_event_does_not_bring_a_refused_purpose_back(client, consenting):
    send(client, f"{consenting.address}unsubscribe/", {})

    record_consent(
        customer=consenting.invitation.customer,
        purpose=Purpose.SURVEY,
        is_granted=True,
        stated_at=INVITED_AT + timedelta(days=9000),
        source="crm",
        overrides_refusal=False,
    )

    assert not allows(consenting)


def test_it_works_after_answering_and_a_second_time(client, consenting):
    send(client, consenting.address, GOOD_ANSWERS)

    statuses = [send(client, f"{consenting.address}unsubscribe/", {}).status_code for _ in range(2)]
    page = client.get(f"{consenting.address}unsubscribe/")

    assert statuses == [200, 200]
    assert "You will not be asked again" in page.content.decode()
    assert "Back to the questionnaire" not in page.content.decode()
    assert Consent.objects.filter(is_granted=False).count() == 1


def test_it_works_after_the_link_has_ended(client, make_link):
    link = make_link(expires_at=INVITED_AT + timedelta(days=1))

    assert send(client, f"{link.address}unsubscribe/", {}).status_code == 200
    assert Consent.objects.filter(customer=link.invitation.customer, is_granted=False).count() == 1


@pytest.mark.parametrize("fields", [{"customer": None}, {"purpose": "open"}])
def test_no_customer_was_sent_an_open_link_so_there_is_nothing_to_stop(client, make_link, fields):
    link = make_link(**fields)
    type(link.invitation).objects.filter(pk=link.invitation.pk).update(**fields)

    assert send(client, f"{link.address}unsubscribe/", {}).status_code == 404


def test_an_unknown_link_gets_the_page_of_every_unknown_link(client, db):
    page = client.get("/r/AAAAAAAAAAAAAAAAAAAAAA/unsubscribe/")

    assert (page.status_code, page.content) == (404, client.get("/r/AAAAAAAAAAAAAAAAAAAAAA/").content)
