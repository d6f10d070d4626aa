import re
from io import StringIO

import pytest
from django.core.management import call_command

from feedback_site.common.exceptions import ConflictError, NotFoundError
from feedback_site.evaluations.models import Indicator
from feedback_site.evaluations.services.schemes import load_after_sales_scheme
from feedback_site.questionnaires.document import write_document
from feedback_site.questionnaires.models import Question, Questionnaire
from feedback_site.questionnaires.services.drafts import read_draft
from feedback_site.questionnaires.services.exchange import find_problems
from feedback_site.questionnaires.services.exchange.library import add_from_library, library, load_library
from feedback_site.questionnaires.services.publishing import publish_questionnaire

pytestmark = pytest.mark.django_db

HAN = re.compile(r"[\u4e00-\u9fff]")
MOST_ASKED = 10
SCALES = {"rating", "csat", "nps", "ces"}
ENTRIES = {entry.slug: entry for entry in library()}
# What only a survey can tell (domain.md, section 8).
ONLY_CUSTOMERS_KNOW = {"attitude", "first_contact", "clear", "adopted", "known", "unasked", "custom"}


@pytest.fixture(autouse=True)
def scheme():
    """The indicators that questions feed."""
    return load_after_sales_scheme()


def texts_of(document):
    """Every text of a document."""
    yield from (document.name, document.title, document.intro, document.thanks, document.privacy)
    for question in document.questions:
        yield from (question.text, question.help, question.low_label, question.high_label)
        yield from (option.text for option in (*question.options, *question.rows))
    yield from (end.text for end in document.end_pages)


def test_the_library_is_complete():
    assert set(ENTRIES) == {
        "call-inspection",
        "complaint-follow-up",
        "effort-online-help",
        "expert-review",
        "field-repair",
        "interview-guide",
        "mystery-visit",
        "nps-reason",
        "post-service",
        "return-visit-script",
    }


def test_each_entry_is_published_as_it_is_and_comes_back_exactly(noon):
    for entry in library():
        draft = add_from_library(slug=entry.slug, team=None)

        assert find_problems(write_document(entry.document)) == []
        assert read_draft(draft) == entry.document
        assert publish_questionnaire(questionnaire=draft, by=None, at=noon).number == 1


@pytest.mark.parametrize("slug", ENTRIES)
def test_every_text_is_there_in_both_languages(slug):
    for texts in texts_of(ENTRIES[slug].document):
        assert bool(texts["en"]) == bool(texts["zh-hans"]), texts
        assert not HAN.search(texts["en"]), texts
        assert not texts["zh-hans"] or HAN.search(texts["zh-hans"]), texts


@pytest.mark.parametrize("slug", ENTRIES)
def test_nothing_in_it_would_be_warned_about(slug):
    questions = [question for question in ENTRIES[slug].document.questions if question.type != "section"]
    sets = {question.set for question in questions} - {""} or {""}
    for drawn in sets:
        # Of questions that depend on an answer, a customer sees some.
        always = [question for question in questions if not question.depends_on]
        asked = [question for question in always if question.set in {"", drawn}]
        assert len(asked) <= MOST_ASKED
    for question in questions:
        if question.type in SCALES:
            assert question.low_label["zh-hans"], question.key
            assert question.high_label["zh-hans"], question.key


def test_customers_are_asked_in_rotation_what_only_they_know():
    questions = {question.key: question for question in ENTRIES["post-service"].document.questions}

    assert set(questions) >= ONLY_CUSTOMERS_KNOW
    assert {questions[key].set for key in ONLY_CUSTOMERS_KNOW} == {"", "clarity", "personal", "tailored"}
    assert questions["satisfaction"].metric == "satisfaction"
    assert questions["low_reasons"].condition.tests[0].operator == "at_most"


def test_a_call_begins_with_a_hundred_points():
    taken_off = [
        question.settings["most"]
        for question in ENTRIES["call-inspection"].document.questions
        if question.type == "number"
    ]

    assert sum(taken_off) == 100


def test_loading_again_adds_nothing_and_leaves_what_staff_have_changed():
    first, second = StringIO(), StringIO()
    call_command("load_library", stdout=first)
    Question.objects.filter(questionnaire__slug="post-service", key="satisfaction").update(
        text={"en": "Ours now"}
    )
    Questionnaire.objects.get(slug="nps-reason").delete()

    call_command("load_library", stdout=second)

    assert first.getvalue().splitlines()[-1] == "added 10 of 10"
    assert second.getvalue().splitlines() == ["draft nps-reason", "added 1 of 10"]
    assert Question.objects.get(questionnaire__slug="post-service", key="satisfaction").text == {
        "en": "Ours now"
    }
    assert load_library() == []


def test_a_team_has_its_own_copy_once(organisation):
    copy = add_from_library(slug="post-service", team=organisation.east)

    assert copy.slug == "post-service-east"
    assert copy.team == organisation.east
    with pytest.raises(ConflictError):
        add_from_library(slug="post-service", team=organisation.east)
    with pytest.raises(NotFoundError):
        add_from_library(slug="nothing", team=None)


def test_an_indicator_that_is_not_here_is_left_out():
    Indicator.objects.filter(slug="first_contact_resolution").delete()

    draft = add_from_library(slug="post-service", team=None)

    assert draft.questions.get(key="first_contact").indicator is None
    assert draft.questions.get(key="satisfaction").indicator.slug == "customer_satisfaction"
