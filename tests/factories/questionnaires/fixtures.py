"""A draft of two questions, and its published form."""

from datetime import timedelta

import pytest

from feedback_site.questionnaires.models import Question, Questionnaire, QuestionOption
from feedback_site.questionnaires.services.publishing import publish_questionnaire


@pytest.fixture
def questionnaire(organisation) -> Questionnaire:
    """A draft of two questions: satisfaction and what was good."""
    draft = Questionnaire.objects.create(
        slug="after-service",
        names={"en": "After a service", "zh-hans": "服务后评价"},
        title={"en": "How did we do?", "zh-hans": "服务评价"},
        thanks={"en": "Thank you", "zh-hans": "谢谢"},
    )
    Question.objects.create(
        questionnaire=draft,
        key="overall",
        position=1,
        type="rating",
        metric="satisfaction",
        text={"en": "How satisfied are you?", "zh-hans": "您满意吗？"},
        is_required=True,
    )
    praise = Question.objects.create(
        questionnaire=draft,
        key="praise",
        position=2,
        type="choice",
        text={"en": "What was good?", "zh-hans": "哪里好？"},
    )
    for position, (key, text_en, text_zh_hans) in enumerate(
        [("speed", "Speed", "速度"), ("tone", "Tone", "态度")]
    ):
        QuestionOption.objects.create(
            question=praise, key=key, text={"en": text_en, "zh-hans": text_zh_hans}, position=position
        )
    return draft


@pytest.fixture
def published(questionnaire, noon):
    return publish_questionnaire(questionnaire=questionnaire, by=None, at=noon - timedelta(days=30))


@pytest.fixture
def draft(questionnaire, organisation):
    """The questionnaire of Ada's own region."""
    questionnaire.team = organisation.east
    questionnaire.save()
    return questionnaire
