"""Every rule that the database holds is broken once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from feedback_site.customers.enums import FileType
from feedback_site.customers.models import Customer
from feedback_site.customers.services import keep_file
from surveys.models import (
    EventDecision,
    EventFlag,
    FollowUpRequest,
    Invitation,
    LinkVisit,
    OpenQuestionnaire,
    OpenResponse,
    PendingTally,
    Response,
    ResponseDraft,
    ResponseFile,
    ResponseInterview,
    ResponseSource,
    Survey,
)
from surveys.services.decisions.deciding import decide_events
from tests.factories.common.constraints import breaks, copy, named_constraints, update

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation(cast, noon) -> Invitation:
    cast.record()
    decide_events(at=noon)
    return Invitation.objects.get()


def response_to(invitation, noon, **changes):
    facts = {"answers": {}, "answers_hash": b"x" * 32, "language": "en", "submitted_at": noon}
    with transaction.atomic():
        return Response.objects.create(invitation=invitation, **(facts | changes))


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"delivery_channels": ["pigeon"]}, "survey_has_known_delivery_channels"),
        ({"delivery_channels": []}, "survey_is_sent_somehow"),
        ({"sample_percent": 101}, "survey_sample_is_a_share"),
        ({"age_limit_hours": 0}, "survey_age_limit_is_positive"),
        ({"link_valid_days": 0}, "survey_link_is_valid_for_a_while"),
        ({"follow_up_at_most": 5}, "survey_follows_up_low_scores_only"),
        ({"complete_from_percent": 101}, "survey_partial_begins_below_complete"),
        ({"complete_from_percent": 50}, "survey_partial_begins_below_complete"),
        ({"partial_from_percent": 0}, "survey_partial_begins_below_complete"),
    ],
)
def test_a_rule_makes_sense(survey, changes, name):
    with breaks(name):
        update(Survey, **changes)


def test_the_limits_of_unfinished_responses_are_fixed_once_a_customer_was_asked(survey, request):
    update(Survey, complete_from_percent=90)
    request.getfixturevalue("invitation")

    with breaks("limits of unfinished responses are fixed"):
        update(Survey, complete_from_percent=70)
    update(Survey, name="Another name")


def test_no_two_rules_stand_at_one_position(survey):
    other = Survey.objects.create(slug="other", name="Other", questionnaire=survey.questionnaire)

    with pytest.raises(IntegrityError, match="survey_position_is_used_once"):
        put_at_the_first_place(other)


@transaction.atomic
def put_at_the_first_place(survey):
    Survey.objects.filter(pk=survey.pk).update(position=1)
    connection.check_constraints()


def test_a_rules_slug_is_used_once(survey):
    with breaks("slug"):
        copy(survey)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"purpose": "advert"}, "invitation_has_a_known_purpose"),
        ({"language": "fr"}, "invitation_is_in_a_known_language"),
        ({"void_reason": "reopened"}, "invitation_voided_states_why"),
        ({"voided_at": "noon"}, "invitation_voided_states_why"),
        ({"voided_at": "noon", "void_reason": "bored"}, "invitation_voided_states_why"),
        (
            {"voided_at": "noon", "void_reason": "reopened", "answered_at": "noon"},
            "invitation_answered_is_not_voided",
        ),
        ({"expires_at": "before"}, "invitation_expires_after_it_was_made"),
        ({"origin": "dreamt"}, "invitation_has_a_known_origin"),
        ({"origin": "imported"}, "invitation_not_sent_has_no_cap_and_no_headline"),
        ({"origin": "imported", "contact_index": None}, "invitation_not_sent_has_no_cap_and_no_headline"),
        ({"origin": "interview", "is_in_headline": False}, "invitation_not_sent_has_no_cap_and_no_headline"),
    ],
)
def test_an_invitation_is_in_a_possible_state(invitation, noon, changes, name):
    times = {"noon": noon, "before": noon - timedelta(days=1)}

    with breaks(name):
        update(Invitation, **{field: times.get(value, value) for field, value in changes.items()})


def test_an_event_is_asked_about_once(invitation):
    with breaks("invitation_asks_once_about_an_event"):
        copy(invitation, token_hash=b"other", id=Customer().id)


def test_a_token_is_used_once(invitation):
    with breaks("token_hash"):
        copy(invitation, service_event=None, id=Customer().id)


def test_a_decision_is_an_invitation_or_a_reason(invitation):
    with breaks("eventdecision_is_an_invitation_or_a_reason"):
        update(EventDecision, reason="no_consent")
    with breaks("eventdecision_is_an_invitation_or_a_reason"):
        update(EventDecision, invitation=None)
    with breaks("eventdecision_is_an_invitation_or_a_reason"):
        update(EventDecision, invitation=None, reason="bored")


def test_an_event_is_decided_once(invitation, noon):
    decision = EventDecision.objects.get()

    with breaks("eventdecision_pkey"), transaction.atomic():
        EventDecision(
            service_event=decision.service_event,
            completion=decision.completion,
            reason="excluded",
            decided_at=noon,
        ).save(force_insert=True)


def test_an_invitation_belongs_to_one_decision(invitation, cast, noon):
    other = cast.record(consent={})
    decide_events(at=noon)

    with breaks("invitation_id"), transaction.atomic():
        EventDecision.objects.filter(pk=other.pk).update(invitation=invitation, reason="")


def test_a_link_has_one_count_of_visits(invitation, noon):
    LinkVisit.objects.create(invitation=invitation, first_at=noon, last_at=noon)

    with breaks("linkvisit_pkey"), transaction.atomic():
        LinkVisit(invitation=invitation, first_at=noon, last_at=noon).save(force_insert=True)


def test_an_invitation_is_answered_once(invitation, noon):
    response_to(invitation, noon)

    with breaks("response_pkey"):
        response_to(invitation, noon)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"satisfaction": 0}, "response_satisfaction_is_1_to_5"),
        ({"satisfaction": 6}, "response_satisfaction_is_1_to_5"),
        ({"nps": 11}, "response_nps_is_0_to_10"),
        ({"ces": 8}, "response_ces_is_1_to_7"),
        ({"mode": "telepathy"}, "response_has_a_known_mode"),
    ],
)
def test_a_response_holds_possible_values(invitation, noon, changes, name):
    with breaks(name):
        response_to(invitation, noon, **changes)


@pytest.mark.parametrize(
    "change", [lambda rows: rows.update(satisfaction=5), lambda rows: rows._raw_delete("default")]
)
def test_a_response_never_changes(invitation, noon, change):
    response_to(invitation, noon, satisfaction=1)

    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        change(Response.objects.all())

    assert Response.objects.get().satisfaction == 1


def test_a_response_waits_to_be_counted_once(invitation, noon):
    response = response_to(invitation, noon)
    PendingTally.objects.create(response=response)

    with breaks("pendingtally_pkey"), transaction.atomic():
        PendingTally(response=response).save(force_insert=True)


def test_a_number_of_an_answer_is_taken_in_once(cast, noon):
    cast.record()
    cast.record()
    decide_events(at=noon)
    first, second = (response_to(invitation, noon) for invitation in Invitation.objects.all())
    ResponseSource.objects.create(response=first, system="paper", external_id="1", recorded_at=noon)

    with breaks("responsesource_is_taken_in_once"), transaction.atomic():
        ResponseSource.objects.create(response=second, system="paper", external_id="1", recorded_at=noon)
    with breaks("responsesource_pkey"), transaction.atomic():
        ResponseSource(response=first, system="paper", external_id="2", recorded_at=noon).save(
            force_insert=True
        )


@pytest.mark.parametrize(
    "change", [lambda rows: rows.update(system="other"), lambda rows: rows._raw_delete("default")]
)
def test_where_an_answer_came_from_never_changes(invitation, noon, change):
    ResponseSource.objects.create(
        response=response_to(invitation, noon), system="paper", external_id="1", recorded_at=noon
    )

    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        change(ResponseSource.objects.all())


@pytest.mark.parametrize(
    "change", [lambda rows: rows.update(interviewer=None), lambda rows: rows._raw_delete("default")]
)
def test_who_filled_an_answer_in_never_changes(invitation, staff, noon, change):
    ResponseInterview.objects.create(
        response=response_to(invitation, noon), interviewer=staff.ada, recorded_at=noon
    )

    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        change(ResponseInterview.objects.all())


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"reason": "low_score", "score": 0}, "followuprequest_score_fits_its_reason"),
        ({"reason": "low_score", "score": 5}, "followuprequest_score_fits_its_reason"),
        ({"reason": "detractor", "score": 7}, "followuprequest_score_fits_its_reason"),
        ({"reason": "detractor", "score": None}, "followuprequest_score_fits_its_reason"),
        ({"reason": "call_back", "score": 1}, "followuprequest_score_fits_its_reason"),
        (
            {"reason": "low_score", "score": 1, "slot": "morning"},
            "followuprequest_names_a_time_for_calls_only",
        ),
        ({"reason": "bored", "score": 1}, "followuprequest_(has_a_known_reason|score_fits_its_reason)"),
    ],
)
def test_a_follow_up_states_what_was_bad(invitation, noon, changes, name):
    response = response_to(invitation, noon)

    with breaks(name), transaction.atomic():
        FollowUpRequest.objects.create(response=response, requested_at=noon, **changes)


def test_a_follow_up_has_a_known_reason(invitation, noon):
    FollowUpRequest.objects.create(
        response=response_to(invitation, noon), reason="low_score", score=1, requested_at=noon
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE surveys_followuprequest DROP CONSTRAINT followuprequest_score_fits_its_reason"
        )

    with breaks("followuprequest_has_a_known_reason"):
        update(FollowUpRequest, reason="bored")


def test_a_response_is_followed_up_once(invitation, noon):
    response = response_to(invitation, noon)
    FollowUpRequest.objects.create(response=response, reason="low_score", score=1, requested_at=noon)

    with breaks("response_id"), transaction.atomic():
        FollowUpRequest.objects.create(response=response, reason="detractor", score=1, requested_at=noon)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"reason": "bored"}, "eventflag_has_a_known_reason"),
        ({"checked_at": datetime(2026, 1, 1, tzinfo=UTC)}, "eventflag_checked_says_by_whom"),
        ({"reason": "fee_differs", "paid": 1}, "eventflag_of_a_fee_states_both_figures"),
        ({"paid": 1, "charged": 2}, "eventflag_of_a_fee_states_both_figures"),
    ],
)
def test_a_flag_says_why_and_who_checked(invitation, noon, changes, name):
    flag = {"reason": "wrong_person", "flagged_at": noon, **changes}

    with breaks(name), transaction.atomic():
        EventFlag.objects.create(response=response_to(invitation, noon), **flag)


def test_a_draft_is_in_a_known_state(invitation, noon):
    with breaks("responsedraft_has_a_known_state"), transaction.atomic():
        ResponseDraft.objects.create(invitation=invitation, language="en", state="lost", saved_at=noon)


def test_a_draft_is_in_a_known_mode(invitation, noon):
    with breaks("responsedraft_has_a_known_mode"), transaction.atomic():
        ResponseDraft.objects.create(invitation=invitation, language="en", mode="dream", saved_at=noon)


def test_a_score_of_a_link_has_its_time(invitation, noon):
    LinkVisit.objects.create(invitation=invitation, first_at=noon, last_at=noon)

    with breaks("linkvisit_score_has_its_time"):
        update(LinkVisit, last_score=4)


def test_these_modules_break_every_named_constraint():
    sources = Path(__file__).parent.glob("test_constraints*.py")
    written = "".join(path.read_text(encoding="utf-8") for path in sources)
    checked = (
        Survey,
        Invitation,
        LinkVisit,
        OpenQuestionnaire,
        OpenResponse,
        EventDecision,
        Response,
        ResponseInterview,
        ResponseSource,
        FollowUpRequest,
        ResponseDraft,
        EventFlag,
    )

    assert {name for name in named_constraints(*checked) if name not in written} == set()


def test_a_file_is_kept_once(invitation, noon):
    files = [keep_file(content=b"signed", content_type=FileType.TEXT, at=noon) for _ in range(2)]
    ResponseFile.objects.create(
        file=files[0], invitation=invitation, question_key="sign", fingerprint="a" * 32, arrived_at=noon
    )

    with breaks("responsefile_is_kept_once"), transaction.atomic():
        ResponseFile.objects.create(
            file=files[1], invitation=invitation, question_key="sign", fingerprint="a" * 32, arrived_at=noon
        )
