import pytest

from feedback_site.common.exceptions import DomainError
from feedback_site.questionnaires.models import Question
from feedback_site.questionnaires.services.publishing import publish_questionnaire
from surveys.enums import ResponseMode
from surveys.models import (
    EventDecision,
    Invitation,
    Response,
    ResponseSource,
    Survey,
)
from surveys.services.decisions.deciding import decide_events
from surveys.services.responses.answering import Submission, submit_responses
from surveys.services.responses.importing import (
    AnswerRefusal,
    Recorded,
    Refused,
)

pytestmark = pytest.mark.django_db


def about(event, **more):
    return {"event_key": (event.source, event.external_id)} | more


def test_an_event_that_is_answered_refuses_another_answer(record, take_in, noon):
    event, other = record(), record()
    decide_events(at=noon)
    invitation = Invitation.objects.get(service_event=event)
    submit_responses([Submission(invitation.pk, {"overall": 4}, 4, None, "en")], at=noon)

    results = take_in(("1", about(event)), ("2", about(other)), ("3", about(other)))

    assert [type(result) for result in results] == [Refused, Recorded, Refused]
    assert {result.reason for result in results if isinstance(result, Refused)} == {AnswerRefusal.ANSWERED}
    assert ResponseSource.objects.count() == 1


def test_within_a_batch_the_first_of_a_doubled_number_counts(record, take_in):
    event, other = record(), record()

    results = take_in(("1", about(event)), ("1", about(other)), ("1", about(event)))

    assert [getattr(result, "is_new", result) for result in results] == [
        True,
        Refused(AnswerRefusal.DOUBLED, "Response old/1 is on record with other content."),
        False,
    ]


@pytest.mark.parametrize(
    ("more", "reason", "message"),
    [
        ({"event_key": ("crm", "absent")}, "unknown", "There is no service event crm/absent."),
        ({"customer_key": ("crm", "absent")}, "unknown", "There is no customer crm/absent."),
        ({}, "no_target", "Neither an event nor a customer is named."),
    ],
)
def test_an_answer_about_an_unknown_customer_is_refused(take_in, more, reason, message):
    assert take_in(("1", more)) == [Refused(AnswerRefusal(reason), message)]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"overall": ["6"]}, "overall: Please choose a number from 1 to 5."),
        ({"overall": ["4.5"]}, "overall: Please choose a number from 1 to 5."),
        ({"praise": ["smell"]}, "praise: Please choose one of the options."),
        ({"colour": ["red"]}, "colour: Unknown question. Known are: overall, praise"),
        ({"overall": [" "]}, "Please answer at least one question."),
    ],
)
def test_wrong_answers_are_refused_by_question(record, take_in, fields, message):
    (refused,) = take_in(("1", about(record(), fields=fields)))

    assert (refused.reason, refused.message) == (AnswerRefusal.WRONG_ANSWERS, message)
    assert not Invitation.objects.exists()
    assert not EventDecision.objects.exists()


def test_what_was_not_asked_elsewhere_is_not_required(record, take_in):
    (taken,) = take_in(("1", about(record(), fields={"praise": ["tone"]})))

    assert taken.is_new
    assert Response.objects.get().satisfaction is None


def test_another_rules_invitation_is_left_alone(record, take_in, survey, noon):
    event = record()
    decide_events(at=noon)
    other = Survey.objects.create(slug="other", name="Other", questionnaire=survey.questionnaire)

    (refused,) = take_in(("1", about(event)), survey=other)

    assert (refused.reason, refused.message) == (
        AnswerRefusal.OTHER_SURVEY,
        "Another survey rule has already invited this customer: After a service.",
    )


def test_an_answer_to_an_invitation_needs_no_rule(record, take_in, noon):
    record()
    decide_events(at=noon)
    invitation = Invitation.objects.get()

    (taken,) = take_in(("1", {"invitation_id": invitation.pk, "mode": ResponseMode.SMS}), survey=None)

    assert (taken.response_id, Response.objects.get().mode) == (invitation.pk, "sms")


def test_a_rule_that_was_never_published_asks_nothing(survey, questionnaire, take_in):
    questionnaire.pk, questionnaire.slug = None, "draft"
    questionnaire.save(force_insert=True)
    draft = Survey.objects.create(slug="draft", name="Draft", questionnaire=questionnaire)

    with pytest.raises(DomainError, match="The questionnaire of Draft was never published"):
        take_in(("1", {}), survey=draft)


def test_files_and_signatures_are_not_taken_in_from_elsewhere(
    questionnaire, published, survey, take_in, record, noon
):
    Question.objects.create(
        questionnaire=questionnaire,
        key="photo",
        position=9,
        type="file",
        text={"en": "A photo", "zh-hans": "照片"},
    )
    publish_questionnaire(questionnaire=questionnaire, by=None, at=noon)

    (refused,) = take_in(("1", about(record()) | {"fields": {"overall": ["4"], "photo": ["a" * 32]}}))

    assert refused.errors == {"photo": "Files and signatures are given on our own pages only."}
