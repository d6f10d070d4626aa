import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.evaluations.services.schemes import load_after_sales_scheme
from feedback_site.questionnaires.document import read_document, write_document
from feedback_site.questionnaires.models import Condition, Question, Questionnaire, QuestionnaireVersion
from feedback_site.questionnaires.questions import compile_question
from feedback_site.questionnaires.services.exchange import (
    DefinitionError,
    find_problems,
    import_definition,
    read_definition,
    write_definition,
)
from feedback_site.questionnaires.services.publishing import find_faults, publish_questionnaire
from feedback_site.questionnaires.services.publishing.compiling import compile_draft
from feedback_site.questionnaires.walk import Walk
from tests.factories.questionnaires.definitions import answers, definition_of, definitions
from tests.fuzz import budget

pytestmark = pytest.mark.django_db


@pytest.fixture
def definition(questionnaire) -> dict[str, Any]:
    """The definition of a draft of two questions, the second of which depends on the first."""
    overall, praise = questionnaire.questions.order_by("position")
    Condition.objects.create(
        questionnaire=questionnaire, question=praise, subject=overall, operator="at_least", value="4"
    )
    return definition_of(questionnaire)


def places(error: DefinitionError) -> dict[str, str]:
    return {problem.place: problem.message for problem in error.problems}


def refused(definition: Any) -> dict[str, str]:
    with pytest.raises(DefinitionError) as raised:
        import_definition(definition=definition, team=None)
    return places(raised.value)


def test_any_definition_comes_back_exactly_and_any_answer_to_it_is_read_or_refused():
    load_after_sales_scheme()
    compiled = []

    @budget(25)
    @given(definition=definitions(), data=st.data())
    def check(definition: dict[str, Any], data: st.DataObject) -> None:
        with transaction.atomic():
            draft = import_definition(definition=definition, team=None)
            assert definition_of(draft) == definition
            published = compile_draft(draft)
            transaction.set_rollback(True)
        document = read_document(definition)
        assert read_definition(write_definition(document)) == definition
        assert read_document(json.loads(json.dumps(write_document(published)))) == published

        faulty = {key for key, _sentence in find_faults(published)}
        asked = tuple(question for question in published.questions if question.key not in faulty)
        questions = [compile_question(content) for content in asked]
        fields = data.draw(answers(write_document(replace(published, questions=asked))))
        read = Walk([questions], fields, question_set="a").read
        json.dumps(dict(read.answers))
        compiled.extend(questions)

    check()

    assert len(compiled) > 10, len(compiled)


def test_a_definition_says_everything_that_staff_wrote(definition):
    assert definition["slug"] == "after-service"
    assert [question["key"] for question in definition["questions"]] == ["overall", "praise"]
    assert definition["questions"][0]["metric"] == "satisfaction"
    assert definition["questions"][1]["condition"] == {
        "join": "all",
        "tests": [{"of": "answer", "name": "overall", "operator": "at_least", "value": "4"}],
    }
    assert [option["text"]["zh-hans"] for option in definition["questions"][1]["options"]] == ["速度", "态度"]


def test_a_slug_that_exists_is_refused_and_nothing_changes(definition, questionnaire):
    definition["title"]["en"] = "Other"

    with pytest.raises(ConflictError, match="after-service"):
        import_definition(definition=definition, team=None)

    questionnaire.refresh_from_db()
    assert questionnaire.title["en"] == "How did we do?"
    assert Questionnaire.objects.count() == 1


def test_replacing_a_draft_keeps_its_owner_and_what_was_published(
    definition, questionnaire, organisation, noon
):
    Questionnaire.objects.update(team=organisation.east)
    version = publish_questionnaire(questionnaire=questionnaire, by=None, at=noon)
    definition["questions"] = definition["questions"][:1]
    definition["layout"] = "single"

    replaced = import_definition(definition=definition, team=None, replaces=questionnaire)

    assert replaced.pk == questionnaire.pk
    assert replaced.team == organisation.east
    assert definition_of(replaced) == definition
    assert list(QuestionnaireVersion.objects.all()) == [version]


def test_only_the_draft_of_the_same_slug_is_replaced(definition, questionnaire):
    definition["slug"] = "another"

    with pytest.raises(DomainError, match="another"):
        import_definition(definition=definition, team=None, replaces=questionnaire)

    assert Question.objects.count() == 2


def test_every_problem_is_named_by_its_place_at_once_and_nothing_is_written(definition):
    bad = copy.deepcopy(definition)
    bad["slug"] = "another"
    bad["surprise"] = 1
    del bad["hotline"]
    bad["questions"][0]["settings"] = {"points": "five", "colour": "red"}
    bad["questions"][0]["indicator"] = "nothing"
    bad["questions"][1]["options"][1]["text"]["en"] = "x" * 121
    bad["questions"].append(
        {**bad["questions"][0], "metric": "nps", "settings": {}, "indicator": "", "key": "overall"}
    )
    bad["end_pages"] = [
        {
            "key": "bad key\n",
            "text": {"en": "a\x00", "zh-hans": "b"},
            "redirect": "javascript:alert(1)",
            "condition": {"join": "all", "tests": []},
        }
    ]

    problems = refused(bad)

    assert problems == {
        "surprise": "this field is unknown.",
        "hotline": "this field is missing.",
        "questions[0].settings.points": "this must be a whole number.",
        "questions[0].settings.colour": "this field is unknown.",
        "questions[0].indicator": "there is no such indicator here.",
        "questions[1].options[1].text.en": "the text has 121 characters; at most 120 fit.",
        "questions[2].key": "this ID is used more than once.",
        "questions[2].metric": "a question of this type cannot count as this.",
        "end_pages[0].key": "only letters, digits, - and _ may stand here, and at least one of them.",
        "end_pages[0].text.en": "the text contains characters that cannot be stored.",
        "end_pages[0].redirect": "this must be a web address that begins with https://.",
    }
    assert not Questionnaire.objects.filter(slug="another").exists()


@pytest.mark.parametrize(
    ("test", "sentence"),
    [
        ({"of": "answer", "name": "unknown"}, "there is no question with this ID."),
        ({"of": "event", "name": "weather"}, "an event has no such fact."),
    ],
)
def test_a_condition_names_what_exists(definition, test, sentence):
    definition["questions"][1]["condition"]["tests"] = [{**test, "operator": "equals", "value": "1"}]

    assert refused(definition) == {"questions[1].condition.tests[0].name": sentence}


@pytest.mark.parametrize(
    ("kind", "settings", "sentence"),
    [
        ("rating", {"points": 1}, "the number is too low."),
        ("csat", {"points": 0}, "the number is too low."),
        ("matrix", {"points": 10**8}, "the number is too high."),
        ("number", {"places": 30}, "the number is too high."),
    ],
)
def test_a_scale_that_no_page_can_show_is_refused(definition, kind, settings, sentence):
    definition["questions"][0] |= {"type": kind, "metric": "none", "settings": settings}

    (problem,) = find_problems(definition)

    assert (problem.place, problem.message) == (f"questions[0].settings.{next(iter(settings))}", sentence)


def test_two_questions_do_not_count_as_the_same(definition):
    definition["questions"].append({**definition["questions"][0], "key": "again"})

    assert refused(definition) == {"questions[2].metric": "another question counts as this already."}


@pytest.mark.parametrize(
    "thing",
    [None, 1, "text", [], {}, {"questions": 5}, {"questions": [None, {}]}, {"end_pages": [[]], "name": []}],
)
def test_what_is_no_definition_is_refused(thing):
    assert find_problems(thing)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a": NaN}',
        b'{"a": 1, "a": 2}',
        b"9" * 10_000,
        b" " * 2_000_001,
    ],
)
def test_a_file_that_is_no_definition_is_refused_with_a_sentence(data):
    with pytest.raises(DomainError) as raised:
        read_definition(data)

    assert str(raised.value)
