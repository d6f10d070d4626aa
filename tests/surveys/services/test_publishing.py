import pytest
from django.db import ProgrammingError, transaction

from feedback_site.common.exceptions import DomainError
from surveys.models import Question, QuestionnaireVersion
from surveys.services.publishing import find_faults, latest_version, publish_questionnaire

pytestmark = pytest.mark.django_db


def test_publishing_freezes_the_draft_into_a_document(questionnaire, staff, noon):
    version = publish_questionnaire(questionnaire=questionnaire, by=staff.ada, at=noon)

    assert version.number == 1
    assert version.published_by == staff.ada
    assert version.document == {
        "schema": 1,
        "key": "after-service",
        "number": 1,
        "languages": ["zh-hans", "en"],
        "default_language": "zh-hans",
        "title": {"en": "How did we do?", "zh-hans": "服务评价"},
        "intro": {"en": "", "zh-hans": ""},
        "thanks": {"en": "Thank you", "zh-hans": "谢谢"},
        "questions": [
            {
                "key": "overall",
                "type": "rating",
                "metric": "satisfaction",
                "required": True,
                "text": {"en": "How satisfied are you?", "zh-hans": "您满意吗？"},
                "help": {"en": "", "zh-hans": ""},
                "low_label": {"en": "", "zh-hans": ""},
                "high_label": {"en": "", "zh-hans": ""},
                "options": [],
            },
            {
                "key": "praise",
                "type": "choice",
                "metric": "none",
                "required": False,
                "text": {"en": "What was good?", "zh-hans": "哪里好？"},
                "help": {"en": "", "zh-hans": ""},
                "low_label": {"en": "", "zh-hans": ""},
                "high_label": {"en": "", "zh-hans": ""},
                "options": [
                    {"key": "speed", "text": {"en": "Speed", "zh-hans": "速度"}},
                    {"key": "tone", "text": {"en": "Tone", "zh-hans": "态度"}},
                ],
            },
        ],
    }


def test_an_unchanged_draft_is_not_published_twice(questionnaire, noon):
    first = publish_questionnaire(questionnaire=questionnaire, by=None, at=noon)

    assert publish_questionnaire(questionnaire=questionnaire, by=None, at=noon) == first
    assert QuestionnaireVersion.objects.count() == 1


def test_a_changed_draft_becomes_the_next_version(questionnaire, noon):
    first = publish_questionnaire(questionnaire=questionnaire, by=None, at=noon)
    questionnaire.questions.filter(key="overall").update(text_en="Were you satisfied?")

    second = publish_questionnaire(questionnaire=questionnaire, by=None, at=noon)

    assert second.number == 2
    assert latest_version(questionnaire) == second
    first.refresh_from_db()
    assert first.document["questions"][0]["text"]["en"] == "How satisfied are you?"


def test_every_fault_is_named_by_its_question(questionnaire, noon):
    questionnaire.questions.get(key="praise").options.first().delete()
    questionnaire.questions.filter(key="overall").update(text_zh_hans=" ", help_en="Stars")

    with pytest.raises(DomainError) as refused:
        publish_questionnaire(questionnaire=questionnaire, by=None, at=noon)

    assert [fault["question"] for fault in refused.value.extra["faults"]] == ["overall", "overall", "praise"]
    assert not QuestionnaireVersion.objects.exists()


def test_a_questionnaire_without_questions_cannot_be_published(questionnaire, noon):
    questionnaire.questions.all().delete()

    with pytest.raises(DomainError) as refused:
        publish_questionnaire(questionnaire=questionnaire, by=None, at=noon)

    assert len(refused.value.extra["faults"]) == 1


@pytest.mark.parametrize(
    ("change", "question"),
    [
        ({"key": "praise"}, "praise"),
        ({"type": "text"}, "overall"),
        ({"text": {"en": "", "zh-hans": "您满意吗？"}}, "overall"),
        ({"low_label": {"en": "Bad", "zh-hans": ""}}, "overall"),
    ],
)
def test_a_compiled_draft_with_a_fault_names_it(published, change, question):
    document = published.document
    document["questions"][0].update(change)

    assert [key for key, _sentence in find_faults(document)] == [question]


@pytest.mark.parametrize(
    "change",
    [{"title": {"en": "", "zh-hans": "服务评价"}}, {"thanks": {"en": "Thanks", "zh-hans": ""}}, {"intro": {"en": "Hello", "zh-hans": ""}}],
)
def test_texts_of_the_whole_are_needed_in_both_languages(published, change):
    assert [key for key, _sentence in find_faults(published.document | change)] == [""]


def test_two_questions_may_not_count_as_the_same_measure(published):
    document = published.document
    document["questions"].append({**document["questions"][0], "key": "again"})

    assert [key for key, _sentence in find_faults(document)] == [""]


def test_two_options_may_not_share_a_key(published):
    document = published.document
    document["questions"][1]["options"][0]["key"] = "tone"

    assert [key for key, _sentence in find_faults(document)] == ["praise"]


@pytest.mark.parametrize("change", ["update", "delete"])
def test_a_published_version_never_changes(published, change):
    rows = QuestionnaireVersion.objects.filter(pk=published.pk)

    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        rows.update(number=9) if change == "update" else rows._raw_delete("default")

    assert QuestionnaireVersion.objects.get().number == 1


def test_the_draft_stays_editable_after_publishing(questionnaire, published):
    Question.objects.create(questionnaire=questionnaire, key="why", position=3, type="text", text_en="Why?", text_zh_hans="为什么？")

    assert questionnaire.questions.count() == 3
    assert len(published.document["questions"]) == 2
