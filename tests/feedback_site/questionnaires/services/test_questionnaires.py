from collections import Counter
from uuid import UUID

import pytest

from feedback_site.common.ids import uuid7
from feedback_site.questionnaires.selectors.event_facts import NOTHING, event_facts
from feedback_site.questionnaires.services.questionnaires import draw_set
from surveys.models import Response
from surveys.pages.interviews import interview_form
from surveys.services.decisions.deciding import decide_events
from surveys.services.invitations.interviewing import start_interview
from surveys.services.links.looking_up import find_link
from tests.factories.questionnaires.documents import QUESTIONS, both, publish, question
from tests.factories.surveys.links import invite, send

pytestmark = pytest.mark.django_db

ROTATING = [
    QUESTIONS[0],
    question("clear", "yes_no", both("Was it explained clearly?", "解释清楚吗？"), set="clear"),
    question("named", "yes_no", both("Did we say who we are?", "我们自报姓名了吗？"), set="named"),
]


@pytest.fixture
def rotating(organisation):
    return publish(ROTATING)


def test_sets_fall_evenly_and_the_same_to_the_same_seed(rotating):
    drawn = Counter(draw_set(version_id=rotating.pk, seed=uuid7()) for _ in range(1000))

    assert drawn.keys() == {"clear", "named"}
    assert min(drawn.values()) > 400
    assert {draw_set(version_id=rotating.pk, seed=UUID(int=7)) for _ in range(5)} == {"clear"}


def test_a_questionnaire_without_sets_draws_none(organisation):
    assert draw_set(version_id=publish().pk, seed=uuid7()) == ""


def test_an_invitation_keeps_the_set_that_it_drew(questionnaire, survey, record, noon):
    questionnaire.questions.filter(key="praise").update(question_set="praise")
    publish_again(questionnaire, noon)
    event = record()

    decide_events(at=noon)

    assert event.invitations.get().question_set == "praise"


def publish_again(questionnaire, noon):
    from feedback_site.questionnaires.services.publishing import (  # noqa: PLC0415
        publish_questionnaire,
    )

    publish_questionnaire(questionnaire=questionnaire, by=None, at=noon)


def test_the_page_asks_the_drawn_set_and_stores_no_other(client, organisation, rotating):
    link = invite(organisation, rotating, question_set="clear")

    page = client.get(link.address).content.decode()
    send(client, link.address, {"overall": "4", "clear": "yes", "named": "no"})

    assert ('name="clear"' in page, 'name="named"' in page) == (True, False)
    assert Response.objects.get().answers == {"overall": 4, "clear": "yes"}
    found = find_link(link.token)
    assert found is not None
    assert found.question_set == "clear"


def test_an_interview_asks_the_set_that_it_stores(organisation, rotating, noon):
    invitation = start_interview(
        customer=None,
        version=rotating,
        team_id=organisation.east_1.pk,
        credited_team_id=organisation.east_1.pk,
        service_event=None,
        language="en",
        question_set="named",
        at=noon,
    )

    html = interview_form(version_id=rotating.pk, language="en", question_set="named")

    assert invitation.question_set == "named"
    assert ('name="clear"' in html, 'name="named"' in html) == (False, True)


def test_facts_are_those_of_the_event(record, organisation):
    event = record(product_line="Air conditioner", is_complaint=True)

    facts = event_facts(event.pk)

    assert facts.tested == {
        "kind": organisation.repair.slug,
        "channel": organisation.phone.slug,
        "segment": None,
        "team": organisation.east_1.code,
        "priority": "routine",
        "product_line": "Air conditioner",
        "is_complaint": True,
        "is_resolved": None,
    }
    assert (facts.product, str(facts.completed_on), facts.kind["en"]) == (
        "Air conditioner",
        "2026-11-20",
        organisation.repair.names["en"],
    )
    assert event_facts(None) is NOTHING
