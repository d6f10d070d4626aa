import json
from datetime import timedelta

import pytest
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.services import create_api_key
from feedback_site.questionnaires.services.publishing import publish_questionnaire
from surveys.enums import VoidReason
from surveys.models import Invitation, Response, ResponseSource
from surveys.services.invitations.interviewing import start_interview
from surveys.services.invitations.inviting import void_invitation
from tests.factories.service_events.api_calls import NAIVE, post, system, wrong_fields
from tests.factories.surveys.replies import reply_to

RESPONSES = "/api/v1/responses/"


class TestAnsweringElsewhere:
    def test_a_reply_by_sms_answers_the_first_question_that_takes_a_number(self, crm, invited, now):
        invitation = invited()

        response = post(crm, reply_to(invitation), RESPONSES)

        stored = Response.objects.get()
        assert response.status_code == 201
        assert response.json() == {
            "invitation": str(invitation.pk),
            "answered_at": localtime(stored.submitted_at).isoformat(),
        }
        assert (stored.answers, stored.satisfaction, stored.mode) == ({"overall": 4}, 4, "sms")
        assert (stored.source.system, stored.source.external_id) == ("sms", f"m-{invitation.pk}")

    def test_answers_by_question_are_taken_as_the_customer_gave_them(self, crm, invited, now):
        answered_at = now - timedelta(minutes=9)
        body = {
            "invitation": str(invited().pk),
            "answers": {"overall": 5, "praise": "tone"},
            "mode": "ivr",
            "answered_at": answered_at.isoformat(),
        }

        response = post(crm, body, RESPONSES)

        stored = Response.objects.get()
        assert (response.status_code, parse_datetime(response.json()["answered_at"])) == (201, answered_at)
        assert (stored.answers, stored.mode, stored.submitted_at) == (
            {"overall": 5, "praise": "tone"},
            "ivr",
            answered_at,
        )
        assert not ResponseSource.objects.exists()

    @pytest.mark.parametrize("more", [{}, {"source": None}])
    def test_the_same_answer_again_is_200_with_the_same_receipt(self, crm, invited, more):
        body = {
            name: value for name, value in reply_to(invited()).items() if more.get(name, value) is not None
        }
        if more:
            del body["external_id"]
        first = post(crm, body, RESPONSES)

        second = post(crm, body, RESPONSES)

        assert (second.status_code, second.json()) == (200, first.json())
        assert Response.objects.count() == 1

    def test_another_answer_is_409(self, crm, invited):
        invitation = invited()
        post(crm, reply_to(invitation), RESPONSES)

        same_number = post(crm, reply_to(invitation, score=1), RESPONSES)
        other_number = post(crm, reply_to(invitation, score=1, external_id="m-2"), RESPONSES)

        assert (same_number.status_code, same_number.json()["extra"]) == (409, {"reason": "doubled"})
        assert (other_number.status_code, other_number.json()["extra"]) == (409, {"reason": "different"})
        assert Response.objects.get().satisfaction == 4

    def test_an_answer_beside_the_customers_own_is_409_or_the_same(self, crm, answered):
        invitation = answered(score=2)

        same = post(crm, reply_to(invitation, score=2), RESPONSES)
        other = post(crm, reply_to(invitation, score=5), RESPONSES)

        assert (same.status_code, other.status_code) == (200, 409)
        assert Response.objects.get().mode == "web"

    def test_an_ended_or_withdrawn_invitation_is_409_with_the_reason(self, crm, invited, now):
        ended, voided, answered_in_time = invited(), invited(), invited()
        Invitation.objects.exclude(pk=voided.pk).update(
            expires_at=now - timedelta(minutes=5), invited_at=now - timedelta(days=1)
        )
        void_invitation(invitation=voided, reason=VoidReason.WITHDRAWN, at=now)

        replies = [post(crm, reply_to(row), RESPONSES) for row in (ended, voided)]
        in_time = post(
            crm, reply_to(answered_in_time, answered_at=(now - timedelta(minutes=6)).isoformat()), RESPONSES
        )

        assert [(reply.status_code, reply.json()) for reply in replies] == [
            (409, {"message": "This invitation had ended by then.", "extra": {"reason": "expired"}}),
            (409, {"message": "This invitation was cancelled.", "extra": {"reason": "voided"}}),
        ]
        assert in_time.status_code == 201

    @pytest.mark.parametrize(
        ("change", "wrong"),
        [
            ({"score": 6}, {"score": {"overall": ["Please choose a number from 1 to 5."]}}),
            (
                {"answers": {"colour": "red"}},
                {"answers": {"colour": ["Unknown question. Known are: overall, praise"]}},
            ),
            (
                {"answers": {"praise": "smell"}},
                {"answers": {"praise": ["Please choose one of the options."]}},
            ),
            ({"answers": {}}, {"answers": {"any": ["Please answer at least one question."]}}),
            ({"answers": {"overall": 4}, "score": 4}, {"answers": ["Send either answers or a score."]}),
            ({"mode": "telepathy"}, {"mode": ['"telepathy" is not a valid choice.']}),
            # An attack: an answer that a system gives, taken for
            # one that the customer gave on our page or to a code.
            (
                {"mode": "web", "source": None, "external_id": None},
                {"mode": ['"web" is not a valid choice.']},
            ),
            (
                {"mode": "on_site", "source": None, "external_id": None},
                {"mode": ['"on_site" is not a valid choice.']},
            ),
            ({"answered_at": "2026-01-05T09:00:00"}, {"answered_at": [NAIVE]}),
            ({"answered_at": "2126-01-05T09:00:00Z"}, {"answered_at": ["This time is in the future."]}),
            ({"external_id": None}, {"external_id": ["Source and number go together."]}),
            ({"invitation": "7"}, {"invitation": ["Must be a valid UUID."]}),
            ({"colour": 1}, {"colour": ["Unknown field."]}),
        ],
    )
    def test_what_is_wrong_is_named(self, crm, invited, change, wrong):
        body = reply_to(invited()) | change
        if "answers" in change and "score" not in change:
            del body["score"]

        response = post(crm, {name: value for name, value in body.items() if value is not None}, RESPONSES)

        assert wrong_fields(response) == wrong
        assert not Response.objects.exists()

    @pytest.mark.parametrize(
        ("change", "wrong"),
        [
            (
                {"answers": {"\ud800": "5"}},
                {"answers": ["This text holds characters that cannot be stored."]},
            ),
            ({"answers": {"a\ud800": None}}, {"answers": {"a?": ["This field may not be null."]}}),
            ({"\udfff": 1}, {"?": ["Unknown field."]}),
        ],
    )
    def test_a_name_with_half_a_character_is_refused(self, crm, invited, change, wrong):
        body = reply_to(invited()) | change
        if "answers" in change:
            del body["score"]

        response = crm.post(RESPONSES, json.dumps(body), content_type="application/json")

        assert wrong_fields(response) == wrong
        assert not Response.objects.exists()

    def test_half_a_character_in_a_text_is_named_at_its_field(self, crm, invited):
        response = post(crm, reply_to(invited(), source="\ud800"), RESPONSES)

        assert wrong_fields(response).keys() == {"source"}

    def test_a_questionnaire_without_scores_takes_none(self, crm, cast, questionnaire, invited, now):
        questionnaire.questions.filter(key="overall").delete()
        publish_questionnaire(questionnaire=questionnaire, by=None, at=now)

        assert wrong_fields(post(crm, reply_to(invited()), RESPONSES)) == {
            "score": ["This questionnaire asks for no score."]
        }

    def test_the_number_of_another_teams_answer_is_neither_found_out_nor_taken_away(
        self, crm, east_api_key, invited, organisation
    ):
        east, number = system(east_api_key), {"source": "sms", "external_id": "m-1"}
        west, own, later = invited(team=organisation.west_1), invited(), invited(team=organisation.west_1)
        assert post(crm, reply_to(west, **number), RESPONSES).status_code == 201

        replies = [
            post(east, reply_to(own, **number, score=score), RESPONSES).status_code for score in (2, 2, 1)
        ]

        assert replies == [201, 200, 409]
        assert post(crm, reply_to(later, **number), RESPONSES).status_code == 409
        assert list(ResponseSource.objects.order_by("recorded_at").values_list("intake_team", flat=True)) == [
            None,
            organisation.east.pk,
        ]

    def test_unknown_foreign_and_interviewers_invitations_are_404(
        self, crm, east_api_key, invited, organisation, published, now
    ):
        west = invited(team=organisation.west_1)
        interview = start_interview(
            customer=west.customer,
            version=published,
            team_id=organisation.east_1.pk,
            credited_team_id=organisation.east_1.pk,
            service_event=None,
            language="en",
            at=now,
        )
        west_id = west.pk
        west.pk = west.service_event_id

        replies = [post(crm, reply_to(west), RESPONSES), post(crm, reply_to(interview), RESPONSES)]
        west.pk = west_id
        replies.append(post(system(east_api_key), reply_to(west), RESPONSES))

        assert {(reply.status_code, reply.json()["message"]) for reply in replies} == {
            (404, "Invitation not found.")
        }

    def test_the_grant_is_needed(self, organisation, invited):
        reader = system(create_api_key(name="reader", grants=[Grant.RESPONSES_READ])[1])
        writer = system(create_api_key(name="gateway", grants=[Grant.RESPONSES_WRITE])[1])
        invitation = invited()

        assert post(reader, reply_to(invitation), RESPONSES).status_code == 403
        assert writer.get(RESPONSES).status_code == 403
        assert post(writer, reply_to(invitation), RESPONSES).status_code == 201

    def test_an_idempotency_key_names_one_request(self, crm, invited):
        body = reply_to(invited())
        first = post(crm, body, RESPONSES, **{"Idempotency-Key": "r-1"})

        again = post(crm, body, RESPONSES, **{"Idempotency-Key": "r-1"})

        assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())


def test_the_schema_describes_what_is_read_and_written(client):
    schema = client.get("/api/v1/schema/?format=json").json()

    listing = schema["paths"][RESPONSES]["get"]
    fields = schema["components"]["schemas"]
    assert {parameter["name"] for parameter in listing["parameters"]} >= {
        "from",
        "to",
        "team",
        "survey",
        "mode",
        "updated_since",
        "cursor",
    }
    assert set(fields["ResponseOutput"]["properties"]) >= {
        "answers",
        "satisfaction",
        "nps",
        "mode",
        "source",
        "service_event",
        "segment",
    }
    assert set(fields["InvitationOutput"]["properties"]) >= {
        "state",
        "messages",
        "answered_at",
        "void_reason",
        "visits",
    }
    assert set(fields["AnswerInput"]["properties"]) == {
        "invitation",
        "answers",
        "score",
        "mode",
        "answered_at",
        "source",
        "external_id",
    }
    assert set(fields["ReceiptOutput"]["properties"]) == {"invitation", "answered_at", "warnings"}
