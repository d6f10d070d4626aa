"""A questionnaire is published, shown and answered in the languages of the organisation; one is enough."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback_site.accounts.models import Organisation
from feedback_site.accounts.selectors import remember_organisation
from feedback_site.common.exceptions import DomainError
from feedback_site.questionnaires.models import Question, Questionnaire, QuestionOption
from feedback_site.questionnaires.services.copying import restore_version
from feedback_site.questionnaires.services.publishing import publish_questionnaire, review_draft
from surveys.models import Response
from tests.factories.surveys.links import invite, send

pytestmark = pytest.mark.django_db
CHINESE, BOTH = {"zh-hans": "中文"}, {"zh-hans": "中文", "en": "English"}


def write(text: dict[str, str]) -> Questionnaire:
    """Write a draft, every text of it in the languages of `text`."""
    draft = Questionnaire.objects.create(slug="form", names=text, title=text, intro=text, thanks=text)
    ends: Any = {"low_label": text, "high_label": text, "help": text}
    Question.objects.create(questionnaire=draft, key="overall", type="rating", text=text, **ends)
    liked = Question.objects.create(questionnaire=draft, key="liked", type="choice", text=text)
    for key in ("speed", "tone"):
        QuestionOption.objects.create(question=liked, key=key, text=text)
    return draft


@pytest.fixture
def in_chinese_only() -> None:
    remember_organisation(Organisation(languages=["zh-hans"]))


def test_one_language_is_published_and_answered_without_a_switch(client, organisation, noon, in_chinese_only):
    version = publish_questionnaire(questionnaire=write(CHINESE), by=None, at=noon)
    link = invite(organisation, version)

    page = client.get(link.address).content.decode()
    thanks = send(client, link.address, {"overall": "4", "liked": "tone"})

    assert version.content.languages == ("zh-hans",)
    assert ('<html lang="zh-Hans">' in page, "lang=en" in page, "中文" in page) == (True, False, True)
    assert "中文" in thanks.content.decode()
    assert Response.objects.get().answers == {"overall": 4, "liked": "tone"}


def test_both_languages_are_offered_where_both_are_written(client, organisation, noon):
    link = invite(organisation, publish_questionnaire(questionnaire=write(BOTH), by=None, at=noon))

    page = client.get(link.address).content.decode()

    assert ('<html lang="en">' in page, "lang=zh" in page) == (True, True)


def test_a_language_that_is_switched_off_later_is_offered_no_more(
    client, organisation, noon, in_chinese_only
):
    remember_organisation(Organisation())
    link = invite(organisation, publish_questionnaire(questionnaire=write(BOTH), by=None, at=noon))
    assert '<html lang="en">' in client.get(link.address).content.decode()

    remember_organisation(Organisation(languages=["zh-hans"]))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"{link.address}?lang=en").content.decode()

    assert ('<html lang="zh-Hans">' in page, "lang=en" in page) == (True, False)
    assert len(queries) == 1


def test_a_title_in_one_language_of_two_offers_that_one_and_says_so_before(noon):
    draft = write(CHINESE)

    warnings = [sentence for _key, sentence in review_draft(draft).warnings]

    assert "Customers are not offered English: the title is not written in it." in warnings
    version = publish_questionnaire(questionnaire=draft, by=None, at=noon)
    assert version.content.languages == ("zh-hans",)
    # Staff who read English read what is there.
    assert version.content.questions[0].text["en"] == "中文"


def test_what_one_offered_language_lacks_is_a_fault(noon):
    draft = write(BOTH)
    Question.objects.filter(key="overall").update(text=CHINESE)

    with pytest.raises(DomainError) as refused:
        publish_questionnaire(questionnaire=draft, by=None, at=noon)

    assert [fault["message"] for fault in refused.value.extra["faults"]] == [
        "Question “overall”: write the question in each language."
    ]


def test_texts_of_a_language_that_is_switched_off_survive_publishing_and_restoring(noon, in_chinese_only):
    draft = write(BOTH)
    Question.objects.filter(key="liked").update(text=CHINESE)
    version = publish_questionnaire(questionnaire=draft, by=None, at=noon)

    restored = restore_version(version=version)

    assert version.content.languages == ("zh-hans",)
    assert (restored.title, restored.questions.get(key="overall").text) == (BOTH, BOTH)
    assert restored.questions.get(key="liked").text == CHINESE


def test_one_more_language_breaks_no_series(noon):
    draft = write(CHINESE)
    publish_questionnaire(questionnaire=draft, by=None, at=noon)
    for model in (Question, QuestionOption):
        model.objects.update(text=BOTH)
    Question.objects.filter(key="overall").update(low_label=BOTH, high_label=BOTH, help=BOTH)
    Questionnaire.objects.update(title=BOTH, intro=BOTH, thanks=BOTH)

    second = publish_questionnaire(questionnaire=draft, by=None, at=noon)

    assert (second.number, second.breaks, second.content.languages) == (2, [], ("zh-hans", "en"))
    Question.objects.filter(key="overall").update(text={**BOTH, "en": "Other"})
    assert publish_questionnaire(questionnaire=draft, by=None, at=noon).breaks == ["overall"]
