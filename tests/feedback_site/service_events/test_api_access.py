from datetime import timedelta

from django.test import Client

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.services import create_api_key
from feedback_site.service_events.models import IdempotencyKey, ServiceEvent
from tests.factories.service_events.api_calls import EVENTS, NAIVE, post, system, wrong_fields


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

        assert (
            post(crm_of_the_east, body(external_id="T-2"), **{"Idempotency-Key": "request-1"}).status_code
            == 201
        )

    def test_the_name_is_free_again_after_a_day(self, crm, body, now):
        post(crm, body(), **{"Idempotency-Key": "request-1"})
        IdempotencyKey.objects.update(created_at=now - timedelta(hours=25))

        assert post(crm, body(external_id="T-2"), **{"Idempotency-Key": "request-1"}).status_code == 201
        assert IdempotencyKey.objects.count() == 1

    def test_the_name_has_a_bounded_length(self, crm, body):
        assert post(crm, body(), **{"Idempotency-Key": "x" * 256}).status_code == 400


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

    def test_an_inactive_team_is_unknown(self, crm, body, organisation):
        organisation.west.is_active = False
        organisation.west.save()

        assert wrong_fields(post(crm, body(team="west"))) == {
            "team": ["Unknown. Known are: east, east-1, west-1"]
        }

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
        assert wrong_fields(crm.get(EVENTS, {"team": "north"})) == {
            "team": ["Unknown. Known are: east, east-1, west, west-1"]
        }
        assert wrong_fields(crm.get(EVENTS, {"updated_since": "2026-01-31T09:30:00"})) == {
            "updated_since": [NAIVE]
        }

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

    def test_the_list_takes_as_many_statements_for_one_row_as_for_three(
        self, crm, body, django_assert_num_queries
    ):
        post(crm, body(external_id="1"))
        with django_assert_num_queries(9):
            crm.get(EVENTS)
        post(crm, [body(external_id=str(number), agent=f"A{number}") for number in (2, 3)])

        with django_assert_num_queries(9):
            assert len(crm.get(EVENTS).json()["results"]) == 3
