"""Every rule that the database holds of questionnaires is broken once."""

from pathlib import Path

import pytest
from django.db import transaction

from feedback_site.questionnaires.models import (
    Condition,
    EndPage,
    Question,
    Questionnaire,
    QuestionnaireVersion,
    QuestionOption,
)
from tests.factories.common.constraints import breaks, copy, named_constraints, update

pytestmark = pytest.mark.django_db


def test_a_questionnaires_slug_is_used_once(questionnaire):
    with breaks("slug"):
        copy(questionnaire)


def test_a_questionnaire_has_a_known_default_language(questionnaire):
    with breaks("questionnaire_has_a_known_default_language"):
        update(Questionnaire, default_language="fr")


def test_a_versions_number_is_used_once(published):
    with breaks("questionnaireversion_number_is_used_once"):
        copy(published)


def test_a_questions_key_is_used_once(questionnaire):
    with breaks("question_key_is_used_once"):
        copy(questionnaire.questions.get(key="praise"))


def test_a_metric_is_counted_by_one_question(questionnaire):
    with breaks("question_counts_once_per_metric"):
        copy(questionnaire.questions.get(key="overall"), key="again")


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"type": "a riddle"}, "question_type_is_a_name"),
        ({"metric": "effort"}, "question_has_a_known_metric"),
        ({"condition_join": "xor"}, "question_joins_its_conditions"),
        ({"page": 0}, "question_pages_count_from_1"),
    ],
)
def test_a_question_is_of_a_known_kind(questionnaire, changes, name):
    with breaks(name), transaction.atomic():
        Question.objects.filter(key="praise").update(**changes)


def test_an_options_key_is_used_once(questionnaire):
    with breaks("questionoption_key_is_used_once"):
        update(QuestionOption, key="same")


def test_a_row_and_an_option_are_told_apart(questionnaire):
    with breaks("questionoption_has_a_known_role"):
        update(QuestionOption, role="column")


def test_a_questionnaire_is_laid_out_in_a_known_way(questionnaire):
    with breaks("questionnaire_has_a_known_layout"):
        update(Questionnaire, layout="circle")


@pytest.fixture
def end_page(questionnaire):
    return EndPage.objects.create(
        questionnaire=questionnaire, key="happy", text={"en": "Great", "zh-hans": "很好"}
    )


def test_an_end_pages_key_is_used_once(end_page):
    with breaks("endpage_key_is_used_once"):
        copy(end_page)


def test_an_end_page_joins_its_conditions(end_page):
    with breaks("endpage_joins_its_conditions"):
        update(EndPage, condition_join="xor")


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"question": None}, "condition_belongs_to_a_question_or_an_end_page"),
        ({"source": "event"}, "condition_names_what_it_depends_on"),
        ({"subject": None}, "condition_names_what_it_depends_on"),
        ({"operator": "resembles"}, "condition_has_a_known_operator"),
    ],
)
def test_a_condition_says_what_depends_on_what(questionnaire, changes, name):
    asked, subject = questionnaire.questions.get(key="praise"), questionnaire.questions.get(key="overall")
    Condition.objects.create(
        questionnaire=questionnaire, question=asked, subject=subject, operator="at_most", value="3"
    )

    with breaks(name):
        update(Condition, **changes)


def test_this_module_breaks_every_named_constraint():
    written = Path(__file__).read_text(encoding="utf-8")
    checked = (Questionnaire, QuestionnaireVersion, Question, QuestionOption, EndPage, Condition)

    assert {name for name in named_constraints(*checked) if name not in written} == set()
