from datetime import timedelta
from types import SimpleNamespace

import pytest

from feedback_site.customers.services import customer_entry
from feedback_site.questionnaires.models import Question, Questionnaire, QuestionOption
from feedback_site.questionnaires.services.publishing import publish_questionnaire
from feedback_site.service_events.services import EventSubmission, record_service_event
from surveys.models import Survey


@pytest.fixture
def questionnaire(organisation) -> Questionnaire:
    """A draft of two questions: satisfaction and what was good."""
    draft = Questionnaire.objects.create(
        slug="after-service",
        name_en="After a service",
        name_zh_hans="服务后评价",
        title_en="How did we do?",
        title_zh_hans="服务评价",
        thanks_en="Thank you",
        thanks_zh_hans="谢谢",
    )
    Question.objects.create(
        questionnaire=draft,
        key="overall",
        position=1,
        type="rating",
        metric="satisfaction",
        text_en="How satisfied are you?",
        text_zh_hans="您满意吗？",
        is_required=True,
    )
    praise = Question.objects.create(
        questionnaire=draft,
        key="praise",
        position=2,
        type="choice",
        text_en="What was good?",
        text_zh_hans="哪里好？",
    )
    for position, (key, text_en, text_zh_hans) in enumerate(
        [("speed", "Speed", "速度"), ("tone", "Tone", "态度")]
    ):
        QuestionOption.objects.create(
            question=praise, key=key, text_en=text_en, text_zh_hans=text_zh_hans, position=position
        )
    return draft


@pytest.fixture
def published(questionnaire, noon):
    return publish_questionnaire(questionnaire=questionnaire, by=None, at=noon - timedelta(days=30))


@pytest.fixture
def survey(questionnaire, published) -> Survey:
    """The rule that asks about every event."""
    return Survey.objects.create(slug="after-service", name="After a service", questionnaire=questionnaire)


@pytest.fixture
def record(organisation, noon):
    """A maker of completed events: a consenting customer of
    east-1, served an hour ago, unless told otherwise.
    """
    numbers = iter(range(1, 10_000))

    def make(*, is_replayed=False, at=noon, phone="", email="", person=None, **changes):
        number = next(numbers)
        person = person or f"C-{number}"
        if not phone and not email:
            phone = f"138{number:08d}"
        facts = {
            "source": "crm",
            "external_id": f"T-{number}",
            "kind": organisation.repair,
            "channel": organisation.phone,
            "team": organisation.east_1,
            "agent": "A17",
            "customer": customer_entry(
                source="crm",
                external_id=person,
                name="王小明",
                phone=None if phone == "none" else phone or None,
                email=email or None,
            ),
            "opened_at": noon - timedelta(days=400),
            "completed_at": noon - timedelta(hours=1),
            "consent": {"survey": True},
        }
        return record_service_event(
            submission=EventSubmission(**(facts | changes)), at=at, is_replayed=is_replayed
        ).event

    return make


@pytest.fixture
def cast(organisation, survey, record) -> SimpleNamespace:
    """A running survey and a way to record events."""
    return SimpleNamespace(organisation=organisation, survey=survey, record=record)
