import json
from datetime import datetime, timedelta

import pytest
from django.test import Client

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.services import create_api_key
from feedback_site.common.clock import database_now
from feedback_site.customers.models import Consent, Customer
from feedback_site.service_events.models import IdempotencyKey, ServiceEvent, ServiceEventTransition

EVENTS = "/api/v1/service-events/"


@pytest.fixture
def now(db) -> datetime:
    return database_now()


@pytest.fixture
def body(organisation, now):
    """A maker of the body in the interface's example."""

    def make(**changes):
        return {
            "source": "crm",
            "external_id": "T-1001",
            "kind": "after_sales_repair",
            "channel": "phone",
            "team": "east-1",
            "agent": "A17",
            "customer": {
                "external_id": "C-9",
                "name": "王小明",
                "phone": "+8613812345678",
                "email": "wang@example.com",
                "language": "zh-hans",
                "segment": "existing",
            },
            "opened_at": (now - timedelta(hours=3)).isoformat(),
            "first_response_at": (now - timedelta(hours=2)).isoformat(),
            "completed_at": (now - timedelta(hours=1)).isoformat(),
            "priority": "routine",
            "is_complaint": False,
            "is_resolved": True,
            "consent": {"survey": True},
            "attributes": {"product": "fridge"},
        } | changes

    return make


@pytest.fixture
def crm(api_key):
    """A service system whose key holds every grant for all teams."""
    return system(api_key)


@pytest.fixture
def crm_of_the_east(east_api_key):
    """A service system whose key is for region east."""
    return system(east_api_key)


def system(key):
    return Client(headers={"authorization": f"Api-Key {key}", "accept-language": "en"})


def post(client, data, path=EVENTS, **headers):
    text = data if isinstance(data, str) else json.dumps(data)
    return client.post(path, text, content_type="application/json", headers=headers)


def wrong_fields(response):
    assert response.status_code == 400, response.content
    return response.json()["extra"]["fields"]


def test_a_new_event_is_answered_with_201_and_what_became_of_it(crm, body):
    response = post(crm, body())

    event = ServiceEvent.objects.get()
    answer = response.json()
    assert response.status_code == 201
    assert {name: answer[name] for name in ("id", "external_id", "status", "decision", "team", "agent", "segment")} == {
        "id": str(event.id),
        "external_id": "T-1001",
        "status": "completed",
        "decision": None,
        "team": "east-1",
        "agent": "A17",
        "segment": "existing",
    }
    assert "王" not in response.content.decode()
    assert "138" not in json.dumps(answer["customer"])


def test_the_same_content_again_is_answered_with_200_and_the_same_id(crm, body):
    first = post(crm, body())

    second = post(crm, dict(reversed(body().items())))

    assert (second.status_code, second.json()["id"]) == (200, first.json()["id"])


def test_the_same_moment_in_another_offset_is_the_same_content(crm, body, now):
    post(crm, body(opened_at="2026-01-31T09:30:00+08:00"))

    assert post(crm, body(opened_at="2026-01-31T01:30:00Z")).status_code == 200


def test_a_repeat_is_compared_on_what_was_sent_and_not_on_what_became_of_it(crm, body, now):
    event = post(crm, body(completed_at=None)).json()
    post(crm, {"type": "cancelled", "at": now.isoformat()}, f"{EVENTS}{event['id']}/transitions/")

    response = post(crm, body(completed_at=None))

    assert (response.status_code, response.json()["status"]) == (200, "cancelled")


@pytest.mark.parametrize(
    "change",
    [
        {"is_resolved": False},
        {"customer": {"external_id": "C-9"}},
        {"attributes": {"product": "oven"}},
        {"consent": {"survey": False}},
        {"completed_at": None},
    ],
)
def test_other_content_under_the_same_key_is_409(crm, body, change):
    post(crm, body())

    response = post(crm, body(**change))

    assert response.status_code == 409
    assert response.json()["extra"] == {"source": "crm", "external_id": "T-1001"}
    assert (ServiceEvent.objects.count(), Consent.objects.count()) == (1, 1)


NAIVE = "This time has no offset; write it like 2026-01-31T09:30:00+08:00."


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"colour": "red", "size": 3}, {"colour": ["Unknown field."], "size": ["Unknown field."]}),
        ({"customer": {"external_id": "C-9", "age": 3}}, {"customer": {"age": ["Unknown field."]}}),
        ({"opened_at": "2026-01-31T09:30:00"}, {"opened_at": [NAIVE]}),
        ({"completed_at": "2026-01-31T09:30:00"}, {"completed_at": [NAIVE]}),
        ({"opened_at": "yesterday"}, {"opened_at": ["This is not an ISO 8601 time."]}),
        ({"opened_at": "2026-02-30T09:30:00+08:00"}, {"opened_at": ["This is not an ISO 8601 time."]}),
        ({"opened_at": 1760000000}, {"opened_at": ["This is not an ISO 8601 time."]}),
        ({"opened_at": "1999-12-31T23:59:59+00:00"}, {"opened_at": ["This time is before the year 2000."]}),
        ({"opened_at": "0001-01-01T00:00:00+14:00"}, {"opened_at": ["This time is before the year 2000."]}),
        ({"arrived_at": "9999-12-31T23:59:59-14:00"}, {"arrived_at": ["This time is in the future."]}),
        ({"kind": "gardening"}, {"kind": ["Unknown. Known are: after_sales_repair, complaint_handling"]}),
        ({"channel": "fax"}, {"channel": ["Unknown. Known are: on_site, phone"]}),
        ({"team": "north"}, {"team": ["Unknown. Known are: east, east-1, west, west-1"]}),
        ({"team": ["east"]}, {"team": ["Unknown. Known are: east, east-1, west, west-1"]}),
        (
            {"customer": {"external_id": "C-9", "segment": "gold"}},
            {"customer": {"segment": ["Unknown. Known are: existing, high_value, new"]}},
        ),
        ({"consent": {"spam": True}}, {"consent": {"spam": ["Unknown. Known are: survey, nps, visit"]}}),
        ({"consent": {"open": True}}, {"consent": {"open": ["Unknown. Known are: survey, nps, visit"]}}),
        ({"level": 4}, {"level": ['"4" is not a valid choice.']}),
        ({"handovers": -1}, {"handovers": ["Ensure this value is greater than or equal to 0."]}),
        ({"attributes": {"a": "\x00"}}, {"attributes": ["This text holds characters that cannot be stored."]}),
        ({"attributes": {"\ud800": 1}}, {"attributes": ["This text holds characters that cannot be stored."]}),
        ({"customer": "王小明"}, {"customer": {"non_field_errors": ["Invalid data. Expected a dictionary, but got str."]}}),
    ],
)
def test_what_is_wrong_is_refused_by_name(crm, body, change, wrong):
    response = post(crm, body(**change))

    assert wrong_fields(response) == wrong
    assert ServiceEvent.objects.count() == 0


def test_every_wrong_field_is_named_at_once(crm, body):
    response = post(crm, body(kind="gardening", opened_at="x", colour="red", customer={"external_id": "C-9", "phone": "12"}))

    assert set(wrong_fields(response)) == {"kind", "opened_at", "colour", "customer"}


def test_required_fields_are_named(crm, body):
    response = post(crm, {})

    assert set(wrong_fields(response)) == {"source", "external_id", "kind", "channel", "team", "customer", "opened_at"}


def test_wrong_contacts_are_refused_without_repeating_them(crm, body):
    response = post(crm, body(customer={"external_id": "C-9", "phone": "139x", "email": "wang at home"}))

    assert wrong_fields(response) == {
        "customer": {"phone": ["This is not a phone number that can be called."], "email": ["This is not an email address."]}
    }
    assert "139x" not in response.content.decode()
    assert "wang at home" not in response.content.decode()


@pytest.mark.parametrize("field", ["first_response_at", "arrived_at", "completed_at"])
def test_times_before_the_opening_are_refused_by_name(crm, body, now, field):
    response = post(crm, body(**{field: (now - timedelta(hours=4)).isoformat()}))

    assert wrong_fields(response) == {field: ["This is before the event opened."]}


def test_clocks_may_run_ahead_by_five_minutes_and_no_more(crm, body, now):
    accepted = post(crm, body(completed_at=(now + timedelta(minutes=4)).isoformat()))
    refused = post(crm, body(external_id="T-2", completed_at=(now + timedelta(minutes=6)).isoformat()))

    assert accepted.status_code == 201
    assert wrong_fields(refused) == {"completed_at": ["This time is in the future."]}


@pytest.mark.parametrize("text", ["{", "[" * 100_000, '{"attributes": {"a": 1e999}}', '{"attributes": {"a": NaN}}', "null", '"text"', "3"])
def test_malformed_bodies_are_bad_requests(crm, body, text):
    assert post(crm, text).status_code == 400


def test_infinite_numbers_are_refused(crm, body):
    response = post(crm, json.dumps(body(attributes={"a": 1})).replace('"a": 1', '"a": 1e999'))

    assert wrong_fields(response) == {"attributes": ["This number is not finite."]}


def test_null_and_empty_text_say_the_same_as_leaving_a_field_out(crm, body):
    post(crm, body())
    emptied = body(external_id="T-2", agent="", product_line=None, customer={"external_id": "C-9", "name": None, "phone": "", "email": ""})

    assert post(crm, emptied).status_code == 201
    customer = Customer.objects.get()
    assert (customer.name_mask, customer.phone_mask, customer.email_mask) == ("王**", "138****5678", "w***@example.com")


def test_optional_facts_of_case_metrics_are_stored(crm, body, now):
    facts = {
        "level": 2,
        "complexity": "complex",
        "handovers": 1,
        "area": "outside",
        "arrived_at": (now - timedelta(hours=2)).isoformat(),
        "eta_told_at": (now - timedelta(hours=2, minutes=30)).isoformat(),
        "product_line": "冰箱",
        "warranty": True,
    }

    answer = post(crm, body(**facts)).json()

    event = ServiceEvent.objects.get()
    assert (event.level, event.complexity, event.handovers, event.area, event.is_in_warranty) == (2, "complex", 1, "outside", True)
    assert {name: answer[name] for name in facts if not name.endswith("_at")} == {
        name: value for name, value in facts.items() if not name.endswith("_at")
    }


def test_a_list_commits_the_valid_ones_and_lists_the_others(crm, body):
    post(crm, body(external_id="known"))
    items = [body(external_id="new"), body(kind="gardening"), body(external_id="known"), body(external_id="known", is_resolved=False), 7]

    response = post(crm, items)

    results = response.json()["results"]
    assert response.status_code == 207
    assert [(result["index"], result["status"]) for result in results] == [(0, 201), (1, 400), (2, 200), (3, 409), (4, 400)]
    assert results[0]["event"]["external_id"] == "new"
    assert results[1]["extra"]["fields"] == {"kind": ["Unknown. Known are: after_sales_repair, complaint_handling"]}
    assert set(ServiceEvent.objects.values_list("external_id", flat=True)) == {"known", "new"}


@pytest.mark.parametrize("size", [0, 1001])
def test_a_list_holds_between_one_and_a_thousand_events(crm, body, size):
    response = post(crm, [body(external_id=str(number)) for number in range(size)])

    assert wrong_fields(response) == ["Send between 1 and 1000 events."]
    assert ServiceEvent.objects.count() == 0


def test_a_list_takes_as_many_statements_for_two_events_as_for_forty(crm, body, django_assert_max_num_queries):
    def batch(prefix, size):
        return [body(external_id=f"{prefix}{n}", agent=f"{prefix}{n}", customer={"external_id": f"{prefix}{n}"}) for n in range(size)]

    with django_assert_max_num_queries(30):
        assert post(crm, batch("a", 2)).status_code == 207
    with django_assert_max_num_queries(30):
        assert post(crm, batch("b", 40)).status_code == 207


class TestIdempotencyKey:
    def test_a_repeat_is_answered_as_the_first_time(self, crm, body):
        first = post(crm, body(), **{"Idempotency-Key": "request-1"})

        second = post(crm, body(), **{"Idempotency-Key": "request-1"})

        assert (first.status_code, second.status_code) == (201, 201)
        assert second.json()["id"] == first.json()["id"]
        assert second.headers["Idempotent-Replayed"] == "true"
        assert ServiceEvent.objects.count() == 1

    def test_another_request_under_the_same_name_is_409(self, crm, body):
        post(crm, body(), **{"Idempotency-Key": "request-1"})

        response = post(crm, body(external_id="T-2"), **{"Idempotency-Key": "request-1"})

        assert response.status_code == 409
        assert ServiceEvent.objects.count() == 1

    def test_a_refused_request_does_not_use_the_name_up(self, crm, body):
        post(crm, body(kind="gardening"), **{"Idempotency-Key": "request-1"})

        assert post(crm, body(), **{"Idempotency-Key": "request-1"}).status_code == 201

    def test_the_name_belongs_to_one_key(self, crm, crm_of_the_east, body):
        post(crm, body(), **{"Idempotency-Key": "request-1"})

        assert post(crm_of_the_east, body(external_id="T-2"), **{"Idempotency-Key": "request-1"}).status_code == 201

    def test_the_name_is_free_again_after_a_day(self, crm, body, now):
        post(crm, body(), **{"Idempotency-Key": "request-1"})
        IdempotencyKey.objects.update(created_at=now - timedelta(hours=25))

        assert post(crm, body(external_id="T-2"), **{"Idempotency-Key": "request-1"}).status_code == 201
        assert IdempotencyKey.objects.count() == 1

    def test_the_name_has_a_bounded_length(self, crm, body):
        assert post(crm, body(), **{"Idempotency-Key": "x" * 256}).status_code == 400


class TestTransitions:
    @pytest.fixture
    def event(self, crm, body):
        return post(crm, body(completed_at=None, is_resolved=None)).json()

    def test_an_open_event_completes_later(self, crm, event, now):
        sent = {"type": "completed", "at": now.isoformat(), "is_resolved": True, "handovers": 2}

        response = post(crm, sent, f"{EVENTS}{event['id']}/transitions/")

        stored = ServiceEvent.objects.get()
        assert response.status_code == 201
        assert response.json()["details"] == {"is_resolved": True, "handovers": 2}
        assert (stored.status, stored.completed_at, stored.is_resolved, stored.handovers) == ("completed", now, True, 2)

    def test_the_same_transition_again_is_200_with_the_same_id(self, crm, event, now):
        sent = {"type": "completed", "at": now.isoformat()}
        first = post(crm, sent, f"{EVENTS}{event['id']}/transitions/")

        second = post(crm, sent, f"{EVENTS}{event['id']}/transitions/")

        assert (second.status_code, second.json()["id"]) == (200, first.json()["id"])
        assert ServiceEventTransition.objects.count() == 1

    def test_other_details_of_the_same_transition_are_409(self, crm, event, now):
        post(crm, {"type": "completed", "at": now.isoformat()}, f"{EVENTS}{event['id']}/transitions/")

        response = post(crm, {"type": "completed", "at": now.isoformat(), "is_resolved": False}, f"{EVENTS}{event['id']}/transitions/")

        assert response.status_code == 409

    def test_an_event_is_found_by_the_number_of_its_source(self, crm, event, now):
        sent = {"source": "crm", "external_id": "T-1001", "type": "cancelled", "at": now.isoformat()}

        response = post(crm, sent, f"{EVENTS}transitions/")

        assert (response.status_code, ServiceEvent.objects.get().status) == (201, "cancelled")

    def test_a_completed_event_is_reopened_and_completed_again(self, crm, event, now):
        path = f"{EVENTS}{event['id']}/transitions/"

        for step, kind in enumerate(["completed", "reopened", "completed"]):
            assert post(crm, {"type": kind, "at": (now + timedelta(seconds=step)).isoformat()}, path).status_code == 201

        stored = ServiceEvent.objects.get()
        assert (stored.status, stored.completed_at) == ("completed", now + timedelta(seconds=2))

    @pytest.mark.parametrize(("first", "then"), [("completed", "completed"), ("cancelled", "completed"), ("cancelled", "cancelled")])
    def test_what_cannot_happen_now_is_409(self, crm, event, now, first, then):
        path = f"{EVENTS}{event['id']}/transitions/"
        post(crm, {"type": first, "at": now.isoformat()}, path)

        response = post(crm, {"type": then, "at": (now + timedelta(seconds=1)).isoformat()}, path)

        assert (response.status_code, response.json()["extra"]) == (409, {"status": first, "type": then})

    def test_an_open_event_cannot_be_reopened(self, crm, event, now):
        assert post(crm, {"type": "reopened", "at": now.isoformat()}, f"{EVENTS}{event['id']}/transitions/").status_code == 409

    @pytest.mark.parametrize(
        ("sent", "wrong"),
        [
            ({"type": "melted"}, {"type": ['"melted" is not a valid choice.']}),
            ({"type": "reopened", "is_resolved": True}, {"is_resolved": ["Only a completion brings this."]}),
            ({"type": "completed", "colour": "red"}, {"colour": ["Unknown field."]}),
            ({"type": "completed", "at": "2026-01-31T09:30:00"}, {"at": [NAIVE]}),
            ({"type": "completed", "at": "2026-01-31T09:30:00Z"}, {"at": ["This is before what is already on record of the event."]}),
            (
                {"type": "completed", "first_response_at": "2026-01-31T09:30:00Z"},
                {"first_response_at": ["This is before the event opened."]},
            ),
        ],
    )
    def test_what_is_wrong_is_refused_by_name(self, crm, event, now, sent, wrong):
        response = post(crm, {"at": now.isoformat()} | sent, f"{EVENTS}{event['id']}/transitions/")

        assert wrong_fields(response) == wrong
        assert ServiceEvent.objects.get().status == "open"

    def test_a_system_of_the_west_cannot_change_or_find_an_event_of_the_east(self, organisation, event, now):
        west = system(create_api_key(name="west", grants=list(Grant), team=organisation.west)[1])
        by_number = {"source": "crm", "external_id": "T-1001", "type": "cancelled", "at": now.isoformat()}

        assert post(west, {"type": "cancelled", "at": now.isoformat()}, f"{EVENTS}{event['id']}/transitions/").status_code == 404
        assert post(west, by_number, f"{EVENTS}transitions/").status_code == 404
        assert ServiceEvent.objects.get().status == "open"


class TestScope:
    def test_a_key_of_the_east_cannot_post_for_the_west_nor_learn_its_teams(self, crm_of_the_east, body):
        response = post(crm_of_the_east, body(team="west-1"))

        assert wrong_fields(response) == {"team": ["Unknown. Known are: east, east-1"]}

    def test_a_key_of_the_east_sees_events_of_the_east_only(self, crm, crm_of_the_east, body):
        east = post(crm, body(external_id="canary-east")).json()
        west = post(crm, body(external_id="canary-west", team="west-1")).json()

        listed = crm_of_the_east.get(EVENTS).json()["results"]

        assert [event["external_id"] for event in listed] == ["canary-east"]
        assert crm_of_the_east.get(f"{EVENTS}{east['id']}/").status_code == 200
        assert crm_of_the_east.get(f"{EVENTS}{west['id']}/").status_code == 404

    def test_an_event_of_the_west_is_not_shown_to_a_key_of_the_east_that_posts_its_number(self, crm, crm_of_the_east, body):
        post(crm, body(team="west-1"))

        response = post(crm_of_the_east, body())

        assert (response.status_code, response.json()["extra"]) == (409, {"source": "crm", "external_id": "T-1001"})

    def test_an_inactive_team_is_unknown(self, crm, body, organisation):
        organisation.west.is_active = False
        organisation.west.save()

        assert wrong_fields(post(crm, body(team="west"))) == {"team": ["Unknown. Known are: east, east-1, west-1"]}

    def test_without_a_key_the_door_is_shut(self, body):
        assert post(Client(), body()).status_code == 401

    def test_a_key_without_the_grant_is_refused(self, organisation, body):
        reader = system(create_api_key(name="reader", grants=[Grant.EVENTS_READ])[1])

        assert post(reader, body()).status_code == 403
        assert reader.get(EVENTS).status_code == 200


class TestList:
    def test_filters_narrow_the_list(self, crm, body, now):
        post(crm, body(external_id="east"))
        post(crm, body(external_id="west", team="west-1", channel="on_site", kind="complaint_handling"))

        def listed(**filters):
            response = crm.get(EVENTS, filters)
            assert response.status_code == 200, response.content
            return sorted(event["external_id"] for event in response.json()["results"])

        assert listed() == ["east", "west"]
        assert listed(team="east") == ["east"]
        assert listed(kind="complaint_handling") == ["west"]
        assert listed(channel="phone") == ["east"]
        assert listed(updated_since=(now - timedelta(minutes=1)).isoformat()) == ["east", "west"]
        assert listed(updated_since=(now + timedelta(minutes=4)).isoformat()) == []

    def test_unknown_filters_are_refused_by_name(self, crm, organisation):
        assert wrong_fields(crm.get(EVENTS, {"colour": "red"})) == {"colour": ["Unknown field."]}
        assert wrong_fields(crm.get(EVENTS, {"team": "north"})) == {"team": ["Unknown. Known are: east, east-1, west, west-1"]}
        assert wrong_fields(crm.get(EVENTS, {"updated_since": "2026-01-31T09:30:00"})) == {"updated_since": [NAIVE]}

    def test_an_offset_whose_plus_was_not_quoted_is_understood(self, crm, organisation):
        assert crm.get(f"{EVENTS}?updated_since=2026-01-31T09:30:00+08:00").status_code == 200

    def test_pages_follow_each_other_by_key(self, crm, body):
        post(crm, [body(external_id=str(number)) for number in range(5)])

        seen, address = [], f"{EVENTS}?page_size=2"
        while address:
            page = crm.get(address).json()
            seen.append([event["external_id"] for event in page["results"]])
            address = page["next"]

        assert sorted(number for page in seen for number in page) == ["0", "1", "2", "3", "4"]
        assert [len(page) for page in seen] == [2, 2, 1]

    def test_the_list_takes_as_many_statements_for_one_row_as_for_three(self, crm, body, django_assert_num_queries):
        post(crm, body(external_id="1"))
        with django_assert_num_queries(9):
            crm.get(EVENTS)
        post(crm, [body(external_id=str(number), agent=f"A{number}") for number in (2, 3)])

        with django_assert_num_queries(9):
            assert len(crm.get(EVENTS).json()["results"]) == 3
