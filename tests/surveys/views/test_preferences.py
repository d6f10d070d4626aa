import re
from datetime import timedelta

import pytest

from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Consent, ContactRefusal
from feedback_site.customers.services import (
    Wish,
    credit_team,
    preferences_of,
    record_consent,
    state_preferences,
)
from feedback_site.customers.services.contacts import contact_indexes
from surveys.services.invitations.asked_contacts import keep_contact
from tests.factories.customers.case import upsert_customer
from tests.factories.questionnaires.documents import publish
from tests.factories.surveys.links import INVITED_AT, invite, send

pytestmark = pytest.mark.django_db
SURVEY, NPS, VISIT = Purpose.SURVEY, Purpose.NPS, Purpose.VISIT


def customer_with(number, **contact):
    customer = upsert_customer(source="crm", external_id=number, **contact)
    for purpose in (SURVEY, NPS):
        record_consent(
            customer=customer,
            purpose=purpose,
            is_granted=True,
            stated_at=INVITED_AT,
            source="crm",
            overrides_refusal=False,
        )
    return customer


@pytest.fixture
def make_sent(organisation):
    """Make a link that was sent to a customer's phone or email."""

    def make(customer, column="phone", **more):
        link = invite(organisation, publish(), customer=customer, **more)
        keep_contact(link.invitation, contact_indexes(customer)[column])
        link.invitation.save(update_fields=["contact_index", "contact_sealed"])
        return link

    return make


def ticked(page):
    return re.findall(r'value="(\w+)" checked', page.content.decode())


def test_the_page_shows_what_is_allowed_and_writes_nothing(client, make_sent):
    link = make_sent(customer_with("C-1", phone="13812345678"))

    page = client.get(f"{link.address}preferences/")

    assert page.status_code == 200
    assert ticked(page) == ["survey", "nps"]
    assert (Consent.objects.count(), ContactRefusal.objects.count()) == (2, 0)


def test_what_is_saved_counts_for_each_purpose_and_every_contact(client, make_sent):
    customer = customer_with("C-1", phone="13812345678", email="wang@example.com")
    link = make_sent(customer)

    page = send(client, f"{link.address}preferences/", {"shown": "1", "allow": "visit"})

    assert ticked(page) == ["visit"]
    assert "Your choice is saved." in page.content.decode()
    assert preferences_of(customer=customer) == {SURVEY: False, NPS: False, VISIT: True}
    assert preferences_of(customer=customer_with("C-2", email="WANG@example.com"))[SURVEY] is False


def test_the_customer_takes_a_refusal_back_on_the_page(client, make_sent):
    customer = customer_with("C-1", phone="13812345678", email="wang@example.com")
    link = make_sent(customer)
    send(client, f"{link.address}unsubscribe/", {})
    assert preferences_of(customer=customer)[SURVEY] is False

    page = send(client, f"{link.address}preferences/", {"shown": "1", "allow": ["survey", "nps"]})

    assert ticked(page) == ["survey", "nps"]
    assert ContactRefusal.objects.standing().filter(purpose="survey").count() == 0


def test_a_link_to_one_contact_does_not_open_another_that_its_holder_refused(client, make_sent):
    """An attack: a customer row that names a victim's phone beside an address of the attacker's own."""
    victim = customer_with("C-1", phone="13812345678")
    send(client, f"{make_sent(victim).address}unsubscribe/", {})
    attacker = customer_with("X-1", phone="13812345678", email="attacker@example.com")
    link = make_sent(attacker, "email")

    page = send(client, f"{link.address}preferences/", {"shown": "1", "allow": ["survey", "nps", "visit"]})

    assert ticked(page) == ["nps", "visit"]
    assert "refused on another occasion" in page.content.decode()
    assert preferences_of(customer=victim)[SURVEY] is False


@pytest.mark.parametrize("fields", [{}, {"List-Unsubscribe": "One-Click"}, {"allow": ["visit"]}])
def test_a_post_that_is_not_the_pages_own_form_changes_nothing(client, make_sent, fields):
    link = make_sent(customer_with("C-1", phone="13812345678"))

    page = send(client, f"{link.address}preferences/", fields)

    assert (page.status_code, ticked(page)) == (200, ["survey", "nps"])
    assert ContactRefusal.objects.count() == 0


def test_it_works_after_the_link_has_ended_and_in_chinese(client, make_sent):
    link = make_sent(customer_with("C-1", phone="13812345678"), expires_at=INVITED_AT + timedelta(days=1))

    page = send(client, f"{link.address}preferences/?lang=zh", {"shown": "1"})

    assert "您的选择已保存" in page.content.decode()
    assert ticked(page) == []


@pytest.mark.parametrize("fields", [{"customer": None}, {"purpose": "open"}])
def test_no_customer_was_sent_an_open_link_so_there_is_nothing_to_choose(client, make_link, fields):
    link = make_link(**fields)
    type(link.invitation).objects.filter(pk=link.invitation.pk).update(**fields)

    assert send(client, f"{link.address}preferences/", {"shown": "1"}).status_code == 404


def test_the_page_to_stop_questions_leads_there(client, make_sent):
    link = make_sent(customer_with("C-1", phone="13812345678"))

    assert 'href="../preferences/"' in client.get(f"{link.address}unsubscribe/").content.decode()
    assert client.get(f"{link.address}preferences").status_code == 308


def test_staff_record_it_on_the_customers_page(client, staff, organisation):
    customer = customer_with("C-1", phone="13812345678")
    credit_team(customer=customer, team=organisation.east_1)
    address = f"/admin/customers/customer/{customer.pk}/preferences/"
    client.force_login(staff.quinn)

    empty = client.post(address, {"allowed": ["nps"], "reason": ""})
    done = client.post(address, {"allowed": ["nps"], "reason": "said so on the phone today"})

    assert (empty.status_code, done.status_code) == (400, 302)
    assert preferences_of(customer=customer) == {SURVEY: False, NPS: True, VISIT: False}
    client.force_login(staff.ellen)
    assert client.post(address, {"allowed": ["survey"], "reason": "x"}).status_code == 403


def test_who_refused_elsewhere_is_not_asked_by_a_link_of_before(make_sent, noon):
    customer = customer_with("C-1", phone="13812345678")
    wish = Wish(source="x", at=noon)

    state_preferences(customer=customer, choices={NPS: False}, wish=wish)

    assert preferences_of(customer=customer) == {SURVEY: True, NPS: False, VISIT: False}
