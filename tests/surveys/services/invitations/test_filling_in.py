from datetime import timedelta

import pytest

from feedback_site.accounts.models import AccessLogEntry
from feedback_site.common.exceptions import ConflictError, DomainError, NotFoundError
from feedback_site.customers.enums import Purpose
from feedback_site.customers.services import Wish, contact_indexes, state_preferences
from feedback_site.service_events.models import Agent
from surveys.enums import ResponseMode
from surveys.models import EventFlag, FollowUpRequest, Invitation, Response, ResponseDraft, ResponseInterview
from surveys.services.drafts.saving import save_draft
from surveys.services.invitations.filling_in import fill_in_for_customer
from surveys.services.responses.answering import Outcome, Submission, submit_responses
from tests.factories.customers.case import upsert_customer
from tests.factories.questionnaires.documents import QUESTIONS, both, publish, question
from tests.factories.surveys.links import invite

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation(organisation) -> Invitation:
    return invite(organisation, publish()).invitation


@pytest.fixture
def fill_in(invitation, staff, noon):
    def make(*, by=staff.ada, invitation=invitation, mode=ResponseMode.PHONE, at=noon, **fields):
        given = {key.replace("__", "."): [value] for key, value in fields.items()}
        return fill_in_for_customer(invitation=invitation, by=by, fields=given, mode=mode, at=at)

    return make


def test_the_answers_are_the_customers_and_who_filled_them_in_is_on_record(fill_in, invitation, staff, noon):
    receipt = fill_in(overall="2", solved="no", mode=ResponseMode.PAPER)

    response = Response.objects.get()
    assert (receipt.outcome, response.pk, response.mode, response.answers) == (
        Outcome.ACCEPTED,
        invitation.pk,
        "paper",
        {"overall": 2, "solved": "no"},
    )
    assert (response.interview.interviewer, response.interview.recorded_at) == (staff.ada, noon)
    entry = AccessLogEntry.objects.get()
    assert (entry.actor, entry.action, entry.subject_id, entry.team_id, entry.details) == (
        f"user:{staff.ada.pk}",
        "filled_in",
        str(invitation.pk),
        invitation.team_id,
        {"mode": "paper"},
    )


def test_sent_twice_it_counts_once_and_is_recorded_once(fill_in):
    receipts = [fill_in(overall="2"), fill_in(overall="2")]

    assert [receipt.outcome for receipt in receipts] == [Outcome.ACCEPTED, Outcome.REPEATED]
    assert (Response.objects.count(), ResponseInterview.objects.count(), AccessLogEntry.objects.count()) == (
        1,
        1,
        1,
    )


def test_the_same_answers_as_the_customers_own_stay_the_customers(fill_in, invitation, noon):
    own = Submission(
        invitation_id=invitation.pk, answers={"overall": 2}, satisfaction=2, nps=None, language="en"
    )
    submit_responses([own], at=noon)

    assert fill_in(overall="2").outcome is Outcome.REPEATED
    assert Response.objects.get().mode == "web"
    assert not ResponseInterview.objects.exists()


@pytest.mark.parametrize("fields", [{"overall": "5"}, {"overall": "99"}])
def test_an_answer_that_came_before_counts_and_is_told_before_what_is_wrong(
    fill_in, invitation, noon, fields
):
    own = Submission(
        invitation_id=invitation.pk, answers={"overall": 2}, satisfaction=2, nps=None, language="en"
    )
    submit_responses([own], at=noon)

    with pytest.raises(ConflictError, match="The customer has answered already"):
        fill_in(**fields)
    assert not ResponseInterview.objects.exists()


def test_who_filled_it_in_before_is_told_truthfully(fill_in, staff):
    fill_in(overall="2")

    with pytest.raises(ConflictError, match="You have filled this in already"):
        fill_in(overall="5")
    with pytest.raises(ConflictError, match="A colleague has filled this in already"):
        fill_in(overall="5", by=staff.quinn)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"purpose": "nps"}, "Only the questionnaire of an invitation after a service"),
        (
            {"origin": "imported", "is_in_headline": False},
            "Only the questionnaire of an invitation after a service",
        ),
        ({"voided_at": True, "void_reason": "withdrawn"}, "was cancelled"),
        ({"expires_at": True}, "The time for answering has ended"),
    ],
)
def test_what_takes_no_answers_is_refused(fill_in, noon, changes, sentence):
    Invitation.objects.update(**{name: noon if value is True else value for name, value in changes.items()})

    with pytest.raises(ConflictError, match=sentence):
        fill_in(overall="2", at=noon + timedelta(minutes=1))
    assert not Response.objects.exists()
    assert not AccessLogEntry.objects.exists()


def test_what_is_missing_is_named_and_nothing_is_stored(fill_in):
    with pytest.raises(DomainError, match="missing or wrong") as refused:
        fill_in(recommend="11")

    assert set(refused.value.extra["errors"]) == {"overall", "recommend"}
    assert not Response.objects.exists()


def test_another_teams_invitation_does_not_exist(fill_in, staff):
    with pytest.raises(NotFoundError):
        fill_in(overall="2", by=staff.wei)


def test_a_service_team_fills_in_no_answers(fill_in, staff):
    with pytest.raises(DomainError, match="Your role does not fill in"):
        fill_in(overall="2", by=staff.ellen)


def test_staff_do_not_ask_about_their_own_work(fill_in, organisation, staff):
    agent = Agent.objects.create(source="crm", code="A1", team=organisation.east_1, user=staff.ada)
    Invitation.objects.update(agent=agent)

    with pytest.raises(DomainError, match="your own work"):
        fill_in(overall="2")


def test_what_the_customer_asks_for_takes_effect_as_if_they_had_sent_it(fill_in, organisation):
    asked = [
        question("reach", "contact", both("How can we reach you?", "怎么联系您？")),
        question("call", "call_back", both("Shall we call you?", "要回电吗？")),
    ]
    invitation = invite(organisation, publish([*QUESTIONS, *asked])).invitation
    given = {"reach__phone": "13812345678", "call__phone": "13812345678", "call__slot": "morning"}

    fill_in(invitation=invitation, overall="2", **given)

    invitation.customer.refresh_from_db()
    assert invitation.customer.phone_mask
    assert FollowUpRequest.objects.get(reason="call_back").response_id == invitation.pk
    assert Response.objects.get().answers == {"overall": 2, "reach": "given", "call": "morning"}
    assert "13812345678" not in str(AccessLogEntry.objects.values_list("details"))


def test_a_service_that_did_not_happen_is_flagged(fill_in, organisation):
    asked = question("mine", "not_mine", both("Not yours?", "不是您的？"))
    invitation = invite(organisation, publish([*QUESTIONS, asked])).invitation

    fill_in(invitation=invitation, mine="did_not_happen")

    assert EventFlag.objects.get().reason == "did_not_happen"


def test_what_the_customer_had_begun_is_noted_as_sent(fill_in, invitation):
    Invitation.objects.update(expires_at="2099-01-01T00:00Z")
    save_draft(
        invitation_id=invitation.pk,
        answers={"overall": 5},
        keys=["overall"],
        page=1,
        seconds={},
        language="en",
    )

    fill_in(overall="2")

    assert ResponseDraft.objects.get().state == "sent"
    assert Response.objects.get().answers == {"overall": 2}


@pytest.mark.parametrize("who", ["customer", "contact"])
def test_a_customer_who_said_no_is_not_asked_on_the_phone_either(fill_in, invitation, noon, who):
    customer = invitation.customer
    other = upsert_customer(source="crm", external_id="OTHER", phone="13812345678")
    upsert_customer(source=customer.source, external_id=customer.external_id, phone="13812345678")
    customer.refresh_from_db()
    wish = Wish(source="page", at=noon)
    state_preferences(
        customer=customer if who == "customer" else other, choices={Purpose.SURVEY: False}, wish=wish
    )

    with pytest.raises(ConflictError, match="said no to questionnaires"):
        fill_in(overall="2")
    assert not Response.objects.exists()

    state_preferences(
        customer=customer,
        choices={Purpose.SURVEY: True},
        proven=contact_indexes(customer).values(),
        wish=wish,
    )
    assert fill_in(overall="2").outcome is Outcome.ACCEPTED


def test_no_to_another_purpose_and_an_answer_on_record_are_no_obstacle(fill_in, invitation, noon):
    wish = Wish(source="page", at=noon)
    state_preferences(customer=invitation.customer, choices={Purpose.VISIT: False}, wish=wish)
    assert fill_in(overall="2").outcome is Outcome.ACCEPTED

    state_preferences(customer=invitation.customer, choices={Purpose.SURVEY: False}, wish=wish)
    assert fill_in(overall="2").outcome is Outcome.REPEATED
