from datetime import UTC, datetime, timedelta

import pytest
from django.utils.timezone import localtime

from feedback_site.questionnaires.models import Question
from feedback_site.questionnaires.services.publishing import publish_questionnaire
from surveys.models import Invitation
from surveys.services.responses.importing import ElsewhereAnswer, record_elsewhere
from tests.factories.service_events.api_calls import NAIVE, post, system, wrong_fields
from tests.factories.surveys.replies import reply_to

RESPONSES = "/api/v1/responses/"


class TestReading:
    def test_a_response_says_what_was_answered_about_what_and_nothing_personal(
        self, crm, answered, organisation, now
    ):
        invitation = answered(score=2)

        shown = crm.get(f"{RESPONSES}{invitation.pk}/")

        event = invitation.service_event
        assert shown.json() == {
            "id": str(invitation.pk),
            "submitted_at": localtime(now).isoformat(),
            "mode": "web",
            "language": "zh-hans",
            "satisfaction": 2,
            "nps": None,
            "answers": {"overall": 2},
            "on_site": None,
            "source": None,
            "purpose": "survey",
            "origin": "sent",
            "survey": "after-service",
            "questionnaire": "after-service",
            "version": 1,
            "service_event": {"id": str(event.pk), "source": "crm", "external_id": event.external_id},
            "customer": {"id": str(event.customer_id), "external_id": event.customer.external_id},
            "team": "east-1",
            "credited_team": "east-1",
            "agent": "A17",
            "kind": "after_sales_repair",
            "channel": "phone",
            "segment": None,
            "belongs_on": invitation.belongs_on.isoformat(),
            "is_replayed": False,
        }
        assert "王" not in shown.content.decode()
        assert "138" not in shown.content.decode().replace(str(event.pk), "").replace(
            str(event.customer_id), ""
        ).replace(str(invitation.pk), "")

    def test_where_an_answer_was_collected_is_shown(self, crm, invited, now):
        invitation = invited()
        post(crm, reply_to(invitation), RESPONSES)

        source = crm.get(f"{RESPONSES}{invitation.pk}/").json()["source"]

        assert (source["system"], source["external_id"]) == ("sms", f"m-{invitation.pk}")

    def test_filters_narrow_the_list(self, crm, answered, invited, organisation, now):
        east = answered()
        west = answered(
            team=organisation.west_1,
            channel=organisation.on_site,
            kind=organisation.complaint,
            completed_at=now - timedelta(hours=50),
        )
        Invitation.objects.filter(pk=west.pk).update(
            segment=organisation.new, purpose="nps", origin="open", is_in_headline=False, contact_index=None
        )
        by_sms = invited()
        post(crm, reply_to(by_sms), RESPONSES)
        everything = {str(row.pk) for row in (east, west, by_sms)}

        def listed(**filters):
            response = crm.get(RESPONSES, filters)
            assert response.status_code == 200, response.content
            return {row["id"] for row in response.json()["results"]}

        assert listed() == everything
        for filters in (
            {"team": "west"},
            {"channel": "on_site"},
            {"kind": "complaint_handling"},
            {"segment": "new"},
            {"purpose": "nps"},
            {"origin": "open"},
            {"to": west.belongs_on.isoformat()},
        ):
            assert listed(**filters) == {str(west.pk)}, filters
        assert listed(mode="sms") == {str(by_sms.pk)}
        assert listed(**{"from": east.belongs_on.isoformat()}) == everything - {str(west.pk)}
        assert listed(survey="after-service", team="east") == everything - {str(west.pk)}
        assert listed(updated_since=(now + timedelta(minutes=1)).isoformat()) == set()

    def test_an_answer_of_long_ago_that_was_taken_in_just_now_is_new_to_who_asks(
        self, crm, cast, survey, now
    ):
        event = cast.record(completed_at=datetime(2026, 1, 5, tzinfo=UTC), at=now)
        record_elsewhere(
            survey=survey,
            answers=[
                ElsewhereAnswer(
                    system="paper",
                    external_id="1",
                    event_key=("crm", event.external_id),
                    fields={"overall": ["4"]},
                    answered_at=datetime(2026, 1, 6, tzinfo=UTC),
                )
            ],
            at=now,
        )

        (row,) = crm.get(RESPONSES, {"updated_since": now.isoformat()}).json()["results"]

        assert (row["submitted_at"], row["belongs_on"], row["origin"]) == (
            "2026-01-06T08:00:00+08:00",
            "2026-01-05",
            "imported",
        )

    @pytest.mark.parametrize(
        ("filters", "wrong"),
        [
            ({"colour": "red"}, {"colour": ["Unknown field."]}),
            ({"team": "mars"}, {"team": ["Unknown. Known are: east, east-1, west, west-1"]}),
            ({"survey": "mars"}, {"survey": ["Unknown. Known are: after-service"]}),
            ({"mode": "smoke"}, {"mode": ['"smoke" is not a valid choice.']}),
            (
                {"from": "yesterday"},
                {"from": ["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."]},
            ),
            ({"from": "2026-02-02", "to": "2026-02-01"}, {"to": ["The period ends before it begins."]}),
            ({"updated_since": "2026-02-02T00:00:00"}, {"updated_since": [NAIVE]}),
        ],
    )
    def test_unknown_filters_and_values_are_refused_by_name(self, crm, survey, filters, wrong):
        assert wrong_fields(crm.get(RESPONSES, filters)) == wrong

    def test_a_key_of_the_east_reads_the_east_only(self, crm, east_api_key, answered, organisation):
        east, west = answered(), answered(team=organisation.west_1)
        reader = system(east_api_key)

        assert [row["id"] for row in reader.get(RESPONSES).json()["results"]] == [str(east.pk)]
        assert reader.get(f"{RESPONSES}{west.pk}/").status_code == 404
        assert wrong_fields(reader.get(RESPONSES, {"team": "west"})) == {
            "team": ["Unknown. Known are: east, east-1"]
        }

    def test_a_list_costs_the_same_however_long_it_is(self, crm, answered, now, django_assert_num_queries):
        answered()
        with django_assert_num_queries(9):
            crm.get(RESPONSES, {"team": "east", "updated_since": (now - timedelta(days=1)).isoformat()})
        answered()
        answered()
        with django_assert_num_queries(9):
            response = crm.get(
                RESPONSES, {"team": "east", "updated_since": (now - timedelta(days=1)).isoformat()}
            )

        assert len(response.json()["results"]) == 3

    def test_pages_go_on_by_key(self, crm, answered):
        ids = [str(answered().pk) for _ in range(3)]

        first = crm.get(RESPONSES, {"page_size": 2}).json()
        second = crm.get(first["next"]).json()

        assert [row["id"] for row in first["results"] + second["results"]] == ids[::-1]
        assert second["next"] is None
        assert crm.get(RESPONSES, {"cursor": "nonsense"}).status_code in {400, 404}

    @pytest.mark.parametrize("path", ["01a1fc02-e06c-7076-ad0e-03dcca7bcce6/", "nonsense/", f"{'-' * 36}/"])
    def test_an_unknown_response_is_not_found(self, crm, organisation, path):
        assert crm.get(f"{RESPONSES}{path}").status_code == 404


def test_questions_stay_as_they_were_asked(crm, answered, questionnaire, now):
    invitation = answered()
    Question.objects.filter(key="overall").update(key="renamed")
    publish_questionnaire(questionnaire=questionnaire, by=None, at=now)

    assert crm.get(f"{RESPONSES}{invitation.pk}/").json()["answers"] == {"overall": 4}
