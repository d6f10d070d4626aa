import re

import pytest

from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.customers.models import Customer
from feedback_site.delivery.models import Message
from surveys.enums import ResponseMode
from surveys.models import Invitation, Response, ResponseTally
from surveys.pages.interviews import interview_form
from surveys.services.invitations.interviewing import read_interview, start_interview, submit_interview
from surveys.services.invitations.inviting import queue_invitations
from surveys.services.responses.answering import Outcome
from surveys.services.tallies.tallying import consume_tallies
from tests.factories.questionnaires.documents import QUESTIONS, both, publish, question

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(record):
    return record()


@pytest.fixture
def interview(event, organisation, noon) -> Invitation:
    return start_interview(
        customer=event.customer,
        version=publish(),
        team_id=organisation.east_1.pk,
        credited_team_id=organisation.east_1.pk,
        service_event=event,
        language="en",
        at=noon,
    )


def test_an_interview_is_outside_everything_that_counts_messages(interview, event, noon):
    queue_invitations(at=noon)

    interview.refresh_from_db()
    assert (interview.purpose, interview.origin, interview.language) == ("visit", "interview", "en")
    assert (
        interview.is_queued,
        interview.is_in_headline,
        interview.contact_index,
        interview.deadline_at,
    ) == (False, False, None, None)
    assert (interview.agent_id, interview.kind_id, interview.channel_id) == (
        event.agent_id,
        event.kind_id,
        event.channel_id,
    )
    assert (
        interview.belongs_on.isoformat(),
        Invitation.objects.counted().count(),
        Message.objects.count(),
    ) == ("2026-11-20", 0, 0)


def test_an_interview_needs_neither_event_nor_language(organisation, noon):
    customer = Customer.objects.create(source="crm", external_id="C-1", language="zh-hans")

    invitation = start_interview(
        customer=customer,
        version=publish(),
        team_id=organisation.east_1.pk,
        credited_team_id=organisation.east.pk,
        service_event=None,
        language="",
        at=noon,
    )

    assert (invitation.language, invitation.service_event_id, invitation.credited_team_id) == (
        "zh-hans",
        None,
        organisation.east.pk,
    )


def fill_in(invitation, at, mode=ResponseMode.PHONE, **fields):
    return submit_interview(
        invitation=invitation, fields={key: [value] for key, value in fields.items()}, mode=mode, at=at
    )


def test_what_the_interviewer_filled_in_is_stored_with_its_mode_and_counted_apart(interview, noon):
    receipt = fill_in(interview, noon, overall="2", solved="no")

    consume_tallies(at=noon)
    response = Response.objects.get()
    assert receipt.outcome is Outcome.ACCEPTED
    assert (response.mode, response.satisfaction, response.answers) == (
        "phone",
        2,
        {"overall": 2, "solved": "no"},
    )
    assert set(ResponseTally.objects.values_list("purpose", flat=True)) == {"visit"}


def test_the_same_answers_again_give_the_same_receipt_and_others_are_refused(interview, noon):
    first = fill_in(interview, noon, overall="2")

    again = fill_in(interview, noon, overall="2")

    assert (again.outcome, again.received_at) == (Outcome.REPEATED, first.received_at)
    with pytest.raises(ConflictError, match="This invitation already has another response") as refused:
        fill_in(interview, noon, overall="5")
    assert refused.value.extra == {"reason": "different"}


def test_wrong_fields_are_named_and_nothing_is_stored(interview, noon):
    with pytest.raises(DomainError, match="Some answers are missing or wrong") as refused:
        fill_in(interview, noon, overall="6", solved="maybe")

    assert refused.value.extra == {
        "errors": {
            "overall": "Please choose a number from 1 to 5.",
            "solved": "Please choose one of the options.",
        }
    }
    assert not Response.objects.exists()


def test_reading_stores_nothing(interview):
    read = read_interview(invitation=interview, fields={"overall": ["4"], "other": ["x"]})

    assert (read.answers, read.errors, read.scores) == ({"overall": 4}, {}, {"satisfaction": 4})
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "How satisfied are you with this service?"), ("zh-hans", "您对本次服务满意吗？")],
)
def test_the_form_asks_as_customers_are_asked(interview, language, words):
    html = interview_form(version_id=interview.version_id, language=language)

    assert words in html
    assert re.findall(r'name="(\w+)"', html) == [
        *["overall"] * 5,
        *["recommend"] * 11,
        *["solved"] * 3,
        "comment",
    ]
    assert "<form" not in html


def test_the_form_keeps_what_was_filled_in_and_says_what_is_wrong(interview):
    html = interview_form(
        version_id=interview.version_id,
        language="en",
        fields={"overall": ["4"], "comment": ["<b>late</b>"]},
        errors={"solved": "Please choose one of the options."},
        prefix="script-",
    )

    assert 'name="script-overall" value="4" checked' in html
    assert "&lt;b&gt;late&lt;/b&gt;" in html
    assert '<p class="error" id="q-script-solved-error">Please choose one of the options.</p>' in html
    assert 'name="overall"' not in html


def test_files_and_signatures_are_the_customers_own_to_give(organisation, noon):
    asked = [
        question("photo", "file", both("A photo", "照片"), required=True),
        question("sign", "signature", both("Sign", "签名"), required=True),
    ]
    version = publish([*QUESTIONS, *asked])
    teams = {"team_id": organisation.east_1.pk, "credited_team_id": organisation.east_1.pk}
    interview = start_interview(
        customer=None, version=version, service_event=None, language="en", at=noon, **teams
    )

    read = read_interview(invitation=interview, fields={"overall": ["4"], "photo": ["a" * 32]})

    assert (read.answers, read.errors) == ({"overall": 4}, {})
    assert "photo" not in interview_form(version_id=version.pk, language="en")
