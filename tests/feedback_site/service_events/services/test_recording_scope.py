"""What a system or a file of one team can find out of, or do to, what other teams have: nothing."""

import json
from datetime import timedelta

import pytest

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.models import AccessLogEntry
from feedback_site.accounts.services import StaffContacts, change_staff_contacts, create_api_key
from feedback_site.common.clock import database_now
from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Consent, Customer
from feedback_site.customers.services import consenting_customer_ids, contacts_of, reveal_contact
from feedback_site.service_events.models import Agent, ServiceEvent
from feedback_site.service_events.services import (
    contacts_then_and_now,
    create_webhook_source,
    record_service_event,
)
from tests.factories.service_events.api_calls import EVENTS, post, system, wrong_fields

WANG = {
    "external_id": "C-9",
    "name": "王小明",
    "phone": "+8613812345678",
    "email": "wang@example.com",
    "segment": "existing",
}
TAKEN = {"external_id": "C-9", "name": "Eve", "phone": "+8613900000009"}


def phone_of(customer):
    customer = Customer.objects.get(pk=customer.pk)
    return contacts_of([customer])[customer.pk].phone


def shape(response):
    """What a reply says beside what is new in any reply."""
    hidden = {"id", "recorded_at", "updated_at"}
    said = {name: value for name, value in response.json().items() if name not in hidden}
    said["customer"] = {name: value for name, value in said["customer"].items() if name != "id"}
    return response.status_code, said


@pytest.fixture
def west_case(crm, body):
    """A case of the west as the company's system knows it."""
    post(crm, body(team="west-1", customer=WANG))
    return ServiceEvent.objects.select_related("customer", "agent").get()


class TestAForeignCustomer:
    def test_is_neither_read_nor_changed_nor_shared(self, west_case, crm_of_the_east, body, organisation):
        before = Customer.objects.values().get()

        response = post(crm_of_the_east, body(external_id="T-2", customer=TAKEN, consent={"survey": False}))

        assert response.status_code == 201
        assert Customer.objects.values().get(pk=west_case.customer_id) == before
        assert phone_of(west_case.customer) == "+8613812345678"
        assert list(west_case.customer.served_by.values_list("team", flat=True)) == [organisation.west_1.pk]
        assert list(
            Consent.objects.filter(customer=west_case.customer).values_list("is_granted", flat=True)
        ) == [True]
        own = ServiceEvent.objects.get(pk=response.json()["id"])
        assert own.customer_id != west_case.customer_id
        assert phone_of(own.customer) == "+8613900000009"
        assert own.segment is None  # the west's word for the customer is not the east's

    @pytest.mark.parametrize(("sender", "asked_again"), [("crm_of_the_east", True), ("crm", False)])
    def test_is_silenced_by_no_other_teams_system(self, west_case, request, body, sender, asked_again):
        same_phone = {"external_id": "C-10", "phone": WANG["phone"]}

        post(
            request.getfixturevalue(sender),
            body(external_id="T-2", customer=same_phone, consent={"survey": False}),
        )

        asked = consenting_customer_ids(customer_ids={west_case.customer_id}, purpose=Purpose.SURVEY)
        assert (west_case.customer_id in asked) is asked_again

    def test_cannot_be_revealed_through_an_event_of_ones_own(
        self, west_case, crm_of_the_east, body, staff, noon
    ):
        post(crm_of_the_east, body(external_id="T-2", customer={"external_id": "C-9"}))

        assert not Customer.objects.for_user(staff.ellen).filter(pk=west_case.customer_id).exists()
        own = ServiceEvent.objects.get(external_id="T-2").customer
        assert contacts_of([own])[own.pk].phone == ""
        with pytest.raises(Exception, match="not found"):
            reveal_contact(customer=west_case.customer, by=staff.ellen, reason="case", at=noon)

    def test_is_found_by_the_whole_organisation_as_before(self, west_case, crm, body):
        response = post(crm, body(external_id="T-2", customer={**WANG, "phone": "+8613800000001"}))

        assert response.json()["customer"]["id"] == str(west_case.customer_id)
        assert phone_of(west_case.customer) == "+8613800000001"

    def test_stays_apart_when_it_comes_later(self, crm, crm_of_the_east, body):
        first = post(crm_of_the_east, body(customer=TAKEN)).json()

        second = post(crm, body(external_id="T-2", team="west-1", customer=WANG)).json()

        assert first["customer"]["id"] != second["customer"]["id"]
        assert phone_of(Customer.objects.get(pk=first["customer"]["id"])) == "+8613900000009"


class TestAnOwnCustomer:
    def test_served_by_several_teams_of_one_company_system_is_one(
        self, crm, crm_of_the_east, body, organisation
    ):
        shared = post(crm, body(customer=WANG)).json()["customer"]["id"]
        post(crm, body(external_id="T-2", team="west-1", customer=WANG))

        response = post(
            crm_of_the_east, body(external_id="T-3", customer={**WANG, "phone": "+8613800000001"})
        )

        assert response.json()["customer"]["id"] == shared
        assert Customer.objects.count() == 1

    def test_whose_contact_changes_is_on_record_with_old_and_new(self, crm_of_the_east, body, organisation):
        post(crm_of_the_east, body(customer=WANG))
        assert AccessLogEntry.objects.count() == 0

        post(crm_of_the_east, body(external_id="T-2", customer={**WANG, "phone": "+8613800000001"}))
        post(crm_of_the_east, body(external_id="T-3", customer={**WANG, "phone": "+8613800000001"}))

        entry = AccessLogEntry.objects.get()
        assert (entry.action, entry.subject_kind, entry.subject_id) == (
            "contact_changed",
            "customer",
            str(Customer.objects.get().pk),
        )
        assert entry.actor.startswith("api_key:")
        assert entry.team_id == organisation.east.pk
        assert set(entry.details["old"]) == set(entry.details["new"]) == {"phone"}
        assert entry.details["old"] != entry.details["new"]
        assert "13800000001" not in json.dumps(entry.details)

    def test_of_a_station_is_the_same_for_its_region(self, crm_of_the_east, body, organisation):
        station = system(create_api_key(name="station", grants=list(Grant), team=organisation.east_1)[1])
        known = post(station, body(customer=WANG)).json()["customer"]["id"]

        assert post(crm_of_the_east, body(external_id="T-2", customer=WANG)).json()["customer"]["id"] == known


class TestAForeignEvent:
    @pytest.mark.parametrize("is_the_same", [True, False])
    def test_is_answered_as_if_it_did_not_exist(self, crm, crm_of_the_east, body, is_the_same):
        sent = (
            body(external_id="T-7", customer=WANG)
            if is_the_same
            else body(external_id="T-7", customer=TAKEN, priority="urgent")
        )
        foreign = post(crm, body(external_id="T-7", team="west-1", customer=WANG)).json()

        response = post(crm_of_the_east, sent)

        fresh = post(
            crm_of_the_east,
            {**sent, "external_id": "T-8", "customer": {**sent["customer"], "external_id": "C-10"}},
        )
        expected = shape(fresh)
        expected[1]["external_id"], expected[1]["customer"]["external_id"] = "T-7", "C-9"
        assert shape(response) == expected
        assert response.json()["id"] != foreign["id"]
        assert post(crm_of_the_east, sent).status_code == 200

    def test_in_a_list_is_answered_so_too(self, west_case, crm_of_the_east, body):
        answered = post(crm_of_the_east, [body(priority="urgent"), body(external_id="T-2")]).json()["results"]

        assert [result["status"] for result in answered] == [201, 201]

    def test_is_not_found_by_its_number_and_not_by_its_id(self, west_case, crm_of_the_east, now):
        sent = {"type": "reopened", "at": now.isoformat()}
        by_number = {**sent, "source": "crm", "external_id": "T-1001"}

        replies = [
            post(crm_of_the_east, by_number, f"{EVENTS}transitions/"),
            post(crm_of_the_east, {**by_number, "external_id": "T-0"}, f"{EVENTS}transitions/"),
            post(crm_of_the_east, sent, f"{EVENTS}{west_case.pk}/transitions/"),
            crm_of_the_east.get(f"{EVENTS}{west_case.pk}/"),
        ]

        assert [reply.status_code for reply in replies] == [404] * 4
        assert replies[0].json() == replies[1].json()

    def test_later_facts_reach_the_event_of_the_sender(self, west_case, crm, crm_of_the_east, body, now):
        own = post(crm_of_the_east, body()).json()
        sent = {"type": "reopened", "source": "crm", "external_id": "T-1001", "at": now.isoformat()}

        assert post(crm_of_the_east, sent, f"{EVENTS}transitions/").json()["event"] == own["id"]
        assert post(crm, sent, f"{EVENTS}transitions/").json()["event"] == str(west_case.pk)

    def test_replaces_none_of_ones_own(self, west_case, crm_of_the_east, body, now):
        own = post(crm_of_the_east, body(external_id="T-2")).json()
        sent = {"type": "superseded", "at": now.isoformat(), "superseded_by": "T-1001"}

        response = post(crm_of_the_east, sent, f"{EVENTS}{own['id']}/transitions/")

        assert set(wrong_fields(response)) == {"superseded_by"}

    def test_a_number_taken_by_a_team_does_not_block_the_organisation(self, crm, crm_of_the_east, body, now):
        post(crm_of_the_east, body(opened_at=(now - timedelta(hours=4)).isoformat(), customer=TAKEN))

        assert post(crm, body(team="west-1", customer=WANG)).status_code == 201

    def test_what_a_team_has_sent_is_a_repeat_when_the_organisation_sends_the_same(
        self, crm, crm_of_the_east, body
    ):
        own = post(crm_of_the_east, body()).json()

        response = post(crm, body())

        assert (response.status_code, response.json()["id"]) == (200, own["id"])


def test_a_foreign_agent_is_credited_with_nothing(west_case, crm_of_the_east, body, organisation):
    foreign = post(crm_of_the_east, body(external_id="T-2", agent="A17", customer=TAKEN))
    unknown = post(crm_of_the_east, body(external_id="T-3", agent="A18", customer=TAKEN))

    assert (foreign.status_code, unknown.status_code) == (201, 201)
    assert list(west_case.agent.events.all()) == [west_case]
    own = ServiceEvent.objects.select_related("agent").get(external_id="T-2").agent
    assert (own.code, own.team) == ("A17", organisation.east_1)
    assert Agent.objects.filter(code="A17").count() == 2


class TestSources:
    def test_a_key_sends_events_of_its_sources_only(self, organisation, crm, body, now):
        bound = system(create_api_key(name="erp", grants=list(Grant), sources=["erp", "desk"])[1])
        foreign = post(crm, body()).json()
        later = {"type": "reopened", "at": now.isoformat()}

        assert wrong_fields(post(bound, body(external_id="T-2"))) == {
            "source": ["Unknown. Known are: desk, erp"]
        }
        assert post(bound, body(source="erp")).status_code == 201
        assert post(bound, later, f"{EVENTS}{foreign['id']}/transitions/").status_code == 404
        by_number = {**later, "source": "crm", "external_id": "T-1001"}
        assert set(wrong_fields(post(bound, by_number, f"{EVENTS}transitions/"))) == {"source"}

    @pytest.mark.parametrize("source", ["voice", "questionnaire", "preference page"])
    def test_nothing_speaks_in_the_name_of_the_site(self, crm, body, source, now):
        assert wrong_fields(post(crm, body(source=source))) == {"source": ["This source is the site's own."]}
        if " " not in source:
            with pytest.raises(Exception, match="site's own"):
                create_webhook_source(slug=source, name="x", at=now)


def test_a_webhook_of_a_team_is_bound_like_its_keys(west_case, organisation, submission, noon):
    sender, _secret = create_webhook_source(slug="crm", name="CRM east", team=organisation.east, at=noon)

    own = record_service_event(submission=submission(), principal=sender, at=noon)

    assert own.is_new
    assert own.event.customer_id != west_case.customer_id
    assert own.event.agent_id != west_case.agent_id


def test_the_contact_that_an_event_came_with_stays_with_it(crm, body, client, staff):
    post(crm, body(customer=WANG))
    event = ServiceEvent.objects.select_related("customer").get()
    assert [(one.column, one.is_changed) for one in contacts_then_and_now(event=event)] == [
        ("phone", False),
        ("email", False),
    ]

    post(crm, body(external_id="T-2", customer={**WANG, "phone": "+8613900000009"}))

    event = ServiceEvent.objects.select_related("customer").get(external_id="T-1001")
    phone, email = contacts_then_and_now(event=event)
    assert (phone.is_changed, email.is_changed) == (True, False)
    assert phone.then != phone.now
    client.force_login(staff.quinn)
    page = client.get(f"/admin/service_events/serviceevent/{event.pk}/change/").content.decode()
    assert f"{phone.then} (changed since: {phone.now})" in page
    assert "13812345678" not in page


@pytest.mark.parametrize("holds", ["then", "now"])
def test_a_phone_of_a_member_of_staff_is_named_as_one(crm, body, client, staff, holds):
    post(crm, body(customer=WANG))
    post(crm, body(external_id="T-2", customer={**WANG, "phone": "+8613900000009"}))
    event = ServiceEvent.objects.select_related("customer").get(external_id="T-1001")
    number = {"then": WANG["phone"], "now": "13900000009"}[holds]
    assert [one.is_of_staff for one in contacts_then_and_now(event=event)] == [False, False]

    contacts = StaffContacts(phone=number)
    change_staff_contacts(user=staff.ellen, contacts=contacts, by=staff.ellen, at=database_now())

    assert [one.is_of_staff for one in contacts_then_and_now(event=event)] == [True, False]
    client.force_login(staff.quinn)
    page = client.get(f"/admin/service_events/serviceevent/{event.pk}/change/").content.decode()
    assert "(phone of a member of staff)" in page
    staff.ellen.is_active = False
    staff.ellen.save(update_fields=["is_active"])
    assert [one.is_of_staff for one in contacts_then_and_now(event=event)] == [False, False]


def test_an_event_without_a_contact_keeps_none(crm, body):
    post(crm, body(customer={"external_id": "C-9", "phone": "无"}))

    assert contacts_then_and_now(event=ServiceEvent.objects.get()) == []


def test_an_event_with_an_email_alone_keeps_it(crm, body):
    post(crm, body(customer={"external_id": "C-9", "email": "wang@example.com"}))

    event = ServiceEvent.objects.select_related("customer").get()
    assert [one.column for one in contacts_then_and_now(event=event)] == ["email"]
