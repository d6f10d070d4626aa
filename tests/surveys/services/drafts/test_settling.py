from datetime import timedelta

import pytest

from feedback_site.questionnaires.services.questionnaires import questionnaire_of
from surveys.models import Invitation, Response, ResponseDraft
from surveys.services.drafts.saving import save_draft
from surveys.services.drafts.settling import settle_drafts
from surveys.services.responses.answering import Outcome, Submission, submit_responses
from tests.factories.questionnaires.documents import both, publish, question
from tests.factories.surveys.links import INVITED_AT, invite

pytestmark = pytest.mark.django_db

LOW = {"join": "all", "tests": [{"of": "answer", "name": "q1", "operator": "at_most", "compared": 3}]}
SCALES = [
    question(f"q{number}", "rating", both(f"Question {number}", f"问题{number}"), required=True, page=number)
    for number in range(1, 6)
]
WHY = question("why", "text", both("Why?", "为什么？"), required=True, page=2, condition=LOW)
ENDED = INVITED_AT + timedelta(days=14)


@pytest.fixture
def left(organisation, survey):
    """A maker of drafts of links that end on the fourteenth day, last saved on the first."""

    def make(answered, *, high=5, **fields):
        link = invite(organisation, publish([*SCALES, WHY]), survey=survey, **fields)
        answers = dict.fromkeys([f"q{number}" for number in range(1, answered + 1)], high)
        save_draft(
            invitation_id=link.invitation.pk,
            answers=answers,
            keys=answers,
            page=answered + 1,
            seconds={1: 5},
            language="zh-hans",
        )
        ResponseDraft.objects.filter(pk=link.invitation.pk).update(saved_at=INVITED_AT + timedelta(days=1))
        Invitation.objects.filter(pk=link.invitation.pk).update(expires_at=ENDED)
        return ResponseDraft.objects.get(pk=link.invitation.pk)

    return make


@pytest.mark.parametrize(
    ("answered", "high", "state"),
    [
        (5, 5, "complete"),
        (4, 5, "complete"),
        (3, 5, "partial"),
        (2, 5, "break_off"),
        (0, 5, "break_off"),
        (4, 3, "partial"),
        (5, 3, "complete"),
    ],
)
def test_the_share_of_what_had_to_be_answered_settles_a_draft(left, answered, high, state):
    draft = left(answered, high=high)

    assert settle_drafts(at=ENDED) == 1

    draft.refresh_from_db()
    assert draft.state == state
    assert Response.objects.filter(pk=draft.pk).exists() is (state == "complete")


def test_what_is_complete_counts_as_answered_when_it_was_last_saved(left):
    draft = left(4)

    settle_drafts(at=ENDED)

    response = Response.objects.get()
    assert (response.answers, response.mode, response.language) == (
        {f"q{number}": 5 for number in range(1, 5)},
        "web",
        "zh-hans",
    )
    assert (response.submitted_at, response.invitation.answered_at) == (draft.saved_at, draft.saved_at)


def test_a_link_that_is_open_keeps_its_draft_and_settling_twice_changes_nothing(left):
    draft = left(4)

    assert settle_drafts(at=ENDED - timedelta(seconds=1)) == 0
    assert [settle_drafts(at=ENDED), settle_drafts(at=ENDED)] == [1, 0]

    draft.refresh_from_db()
    assert (draft.state, Response.objects.count()) == ("complete", 1)


def test_what_was_sent_while_the_note_of_it_was_lost_is_settled_as_sent(left):
    draft = left(4)
    submission = Submission(
        invitation_id=draft.pk,
        answers={"q1": 1},
        satisfaction=None,
        nps=None,
        language="en",
        answered_at=INVITED_AT + timedelta(days=2),
    )
    assert submit_responses([submission], at=ENDED)[0].outcome is Outcome.ACCEPTED

    settle_drafts(at=ENDED)

    draft.refresh_from_db()
    assert (draft.state, Response.objects.get().answers) == ("sent", {"q1": 1})


def test_a_withdrawn_invitation_never_becomes_a_response(left):
    draft = left(5)
    Invitation.objects.update(voided_at=ENDED, void_reason="withdrawn")

    settle_drafts(at=ENDED)

    draft.refresh_from_db()
    assert (draft.state, Response.objects.count()) == ("partial", 0)


def test_the_limits_are_those_of_the_survey(left, survey):
    survey.complete_from_percent, survey.partial_from_percent = 100, 20
    survey.save()
    drafts = [left(5), left(4), left(1), left(0)]

    settle_drafts(at=ENDED)

    states = [ResponseDraft.objects.get(pk=draft.pk).state for draft in drafts]
    assert states == ["complete", "partial", "partial", "break_off"]


def test_questions_of_other_sets_are_not_missed(organisation, survey):
    rotating = [SCALES[0], {**SCALES[1], "set": "a", "page": 1}, {**SCALES[2], "set": "b"}]
    link = invite(organisation, publish(rotating), survey=survey, question_set="a")
    save_draft(
        invitation_id=link.invitation.pk,
        answers={"q1": 5, "q2": 5},
        keys=[],
        page=1,
        seconds={},
        language="en",
    )
    ResponseDraft.objects.update(saved_at=INVITED_AT)
    Invitation.objects.update(expires_at=ENDED)

    settle_drafts(at=ENDED)

    assert ResponseDraft.objects.get().state == "complete"
    assert questionnaire_of(link.invitation.version_id).sets == ("a", "b")
