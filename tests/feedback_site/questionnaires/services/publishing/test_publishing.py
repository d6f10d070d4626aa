from dataclasses import replace

import pytest
from django.db import ProgrammingError, transaction

from feedback_site.common.exceptions import DomainError
from feedback_site.evaluations.models import Indicator
from feedback_site.evaluations.services.schemes import load_after_sales_scheme
from feedback_site.questionnaires.document import ConditionContent, ConditionTest, OptionContent
from feedback_site.questionnaires.models import (
    Condition,
    EndPage,
    Question,
    QuestionnaireVersion,
    QuestionOption,
)
from feedback_site.questionnaires.services.drafts import read_draft
from feedback_site.questionnaires.services.publishing import (
    draft_faults,
    find_faults,
    latest_version,
    publish_questionnaire,
)
from feedback_site.questionnaires.services.publishing.compiling import compile_draft
from feedback_site.questionnaires.services.publishing.faults import find_condition_faults
from tests.factories.questionnaires.definitions import definition_of

pytestmark = pytest.mark.django_db


def test_publishing_freezes_the_draft_into_a_document(questionnaire, staff, noon):
    version = publish_questionnaire(questionnaire=questionnaire, by=staff.ada, at=noon)

    assert version.number == 1
    assert version.published_by == staff.ada
    assert version.document == {
        **definition_of(questionnaire),
        "languages": ["zh-hans", "en"],
        "number": 1,
    }
    assert version.content.questions[1].options[0] == OptionContent(
        "speed", {"en": "Speed", "zh-hans": "速度"}
    )


def test_a_version_says_what_its_file_says_and_what_was_resolved(questionnaire, reason, noon):
    """`reason` is asked on a page before the others, and something is said that no customer sees."""
    load_after_sales_scheme()
    indicator = Indicator.objects.get(slug="service_attitude")
    overall = questionnaire.questions.get(key="overall")
    Question.objects.filter(pk=overall.pk).update(
        indicator=indicator, text={"en": " How? ", "zh-hans": "怎样？"}, condition_join="any"
    )
    QuestionOption.objects.create(question=overall, key="unseen", text={"en": "x", "zh-hans": "x"})
    QuestionOption.objects.create(question=reason, key="row", role="row", text={"en": "x", "zh-hans": "x"})
    Question.objects.exclude(pk=overall.pk).update(page=2)

    content = publish_questionnaire(questionnaire=questionnaire, by=None, at=noon).content
    shown, praise, why = content.questions

    assert (shown.text["en"], shown.options, shown.feeds, shown.depends_on) == ("How?", (), "rating", None)
    assert (shown.condition, praise.feeds, why.rows) == (ConditionContent(), "", ())
    assert why.condition.tests == (ConditionTest("answer", "overall", "at_most", "3", compared=3),)
    assert read_draft(questionnaire).questions[0].condition.join == "any"


def test_an_unchanged_draft_is_not_published_twice(questionnaire, noon):
    first = publish_questionnaire(questionnaire=questionnaire, by=None, at=noon)

    assert publish_questionnaire(questionnaire=questionnaire, by=None, at=noon) == first
    assert QuestionnaireVersion.objects.count() == 1


def test_a_changed_draft_becomes_the_next_version(questionnaire, noon):
    first = publish_questionnaire(questionnaire=questionnaire, by=None, at=noon)
    questionnaire.questions.filter(key="overall").update(
        text={"en": "Were you satisfied?", "zh-hans": "您满意吗？"}
    )

    second = publish_questionnaire(questionnaire=questionnaire, by=None, at=noon)

    assert second.number == 2
    assert latest_version(questionnaire) == second
    first.refresh_from_db()
    assert first.content.questions[0].text["en"] == "How satisfied are you?"


def test_what_only_staff_call_it_makes_no_version(questionnaire, published, noon):
    questionnaire.names = {"en": "Renamed"}
    questionnaire.save()

    assert publish_questionnaire(questionnaire=questionnaire, by=None, at=noon) == published


def test_every_fault_is_named_by_its_question(questionnaire, noon):
    questionnaire.questions.get(key="praise").options.first().delete()
    questionnaire.questions.filter(key="overall").update(
        text={"en": "Satisfied?", "zh-hans": " "}, help={"en": "Stars"}
    )

    with pytest.raises(DomainError) as refused:
        publish_questionnaire(questionnaire=questionnaire, by=None, at=noon)

    assert [fault["question"] for fault in refused.value.extra["faults"]] == ["overall", "overall", "praise"]
    assert not QuestionnaireVersion.objects.exists()


def test_a_questionnaire_without_questions_cannot_be_published(questionnaire, noon):
    questionnaire.questions.all().delete()

    with pytest.raises(DomainError) as refused:
        publish_questionnaire(questionnaire=questionnaire, by=None, at=noon)

    assert len(refused.value.extra["faults"]) == 1


def with_question(document, place, **change):
    """A document, one of whose questions says something else."""
    changed = list(document.questions)
    changed[place] = replace(changed[place], **change)
    return replace(document, questions=tuple(changed))


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
    document = with_question(published.content, 0, **change)

    assert [key for key, _sentence in find_faults(document)] == [question]


@pytest.mark.parametrize(
    "change",
    [
        {"title": {"en": "", "zh-hans": "服务评价"}},
        {"thanks": {"en": "Thanks", "zh-hans": ""}},
        {"intro": {"en": "Hello", "zh-hans": ""}},
    ],
)
def test_texts_of_the_whole_are_needed_in_both_languages(published, change):
    assert [key for key, _sentence in find_faults(replace(published.content, **change))] == [""]


def test_two_questions_may_not_count_as_the_same_measure(published):
    document = published.content
    twice = (*document.questions, replace(document.questions[0], key="again"))

    assert [key for key, _sentence in find_faults(replace(document, questions=twice))] == [""]


def test_two_options_may_not_share_a_key(published):
    options = tuple(replace(option, key="tone") for option in published.content.questions[1].options)

    faults = find_faults(with_question(published.content, 1, options=options))

    assert [key for key, _sentence in faults] == ["praise"]


@pytest.mark.parametrize("change", ["update", "delete"])
def test_a_published_version_never_changes(published, change):
    rows = QuestionnaireVersion.objects.filter(pk=published.pk)

    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        rows.update(number=9) if change == "update" else rows._raw_delete("default")

    assert QuestionnaireVersion.objects.get().number == 1


def test_the_draft_stays_editable_after_publishing(questionnaire, published):
    Question.objects.create(
        questionnaire=questionnaire,
        key="why",
        position=3,
        type="text",
        text={"en": "Why?", "zh-hans": "为什么？"},
    )

    assert questionnaire.questions.count() == 3
    assert len(published.content.questions) == 2


@pytest.fixture
def reason(questionnaire):
    """A third question: what went wrong, asked of those who were not satisfied."""
    question = Question.objects.create(
        questionnaire=questionnaire,
        key="reason",
        position=3,
        type="text",
        text={"en": "What went wrong?", "zh-hans": "哪里不好？"},
    )
    overall = questionnaire.questions.get(key="overall")
    Condition.objects.create(
        questionnaire=questionnaire, question=question, subject=overall, operator="at_most", value="3"
    )
    return question


def test_conditions_are_compiled_with_values_as_answers_are_stored(questionnaire, reason):
    fact = {"source": "event", "fact": "is_complaint", "operator": "equals", "value": "yes", "position": 1}
    Condition.objects.create(questionnaire=questionnaire, question=reason, **fact)

    compiled = compile_draft(questionnaire).questions[2].condition

    assert compiled == ConditionContent(
        "all",
        (
            ConditionTest("answer", "overall", "at_most", "3", compared=3),
            ConditionTest("event", "is_complaint", "equals", "yes", compared=True),
        ),
    )


def test_a_question_cannot_depend_on_a_later_one(questionnaire, reason):
    overall = questionnaire.questions.get(key="overall")
    Condition.objects.create(
        questionnaire=questionnaire, question=overall, subject=reason, operator="answered"
    )

    assert draft_faults(questionnaire) == [
        "Question “overall”: its condition depends on “reason”, which is not asked before it.",
    ]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"value": "few"}, "its condition compares “overall” with “few”, which is no number."),
        ({"value": "nan"}, "its condition compares “overall” with “nan”, which is no number."),
        ({"value": "1e999"}, "its condition compares “overall” with “1e999”, which is no number."),
        (
            {"subject": "praise", "operator": "equals", "value": "price"},
            "its condition names “price”, which is no option of “praise”.",
        ),
        (
            {"subject": "praise", "operator": "at_least", "value": "tone"},
            "its condition compares “praise”, which has no order.",
        ),
    ],
)
def test_a_condition_that_can_never_hold_is_refused(questionnaire, reason, changes, fault):
    subject = questionnaire.questions.get(key=changes.get("subject", "overall"))
    Condition.objects.update(**{**changes, "subject": subject})

    assert draft_faults(questionnaire) == [f"Question “reason”: {fault}"]


def test_a_condition_on_a_question_of_nowhere_is_refused(published):
    condition = ConditionContent(tests=(ConditionTest("answer", "gone", "answered"),))
    document = with_question(published.content, 1, condition=condition)

    assert list(find_faults(document)) == [
        ("praise", "Question “praise”: its condition depends on “gone”, which is not a question here."),
    ]


@pytest.mark.parametrize(
    ("address", "is_allowed"),
    [
        ("https://www.example.com/thanks", True),
        ("http://www.example.com/thanks", False),
        ("https://elsewhere.example.org/", False),
        ("https://www.example.com@elsewhere.example.org/", False),
    ],
)
def test_end_pages_lead_only_where_the_organisation_allows(questionnaire, settings, address, is_allowed):
    settings.REDIRECT_HOSTS = ["www.example.com"]
    EndPage.objects.create(
        questionnaire=questionnaire,
        key="happy",
        text={"en": "Great", "zh-hans": "很好"},
        redirect_url=address,
    )

    assert (draft_faults(questionnaire) == []) is is_allowed


ONLY_WHETHER = "its condition can only ask whether “q” was answered."
NEVER = "its condition cannot depend on “q”."


@pytest.mark.parametrize(
    ("kind", "answered", "compared"),
    [
        ("file", [], [ONLY_WHETHER]),
        ("signature", [], [ONLY_WHETHER]),
        ("contact", [], [ONLY_WHETHER]),
        ("call_back", [], [ONLY_WHETHER]),
        ("consent", [], ["its condition names “x”, which is no option of “q”."]),
        ("yes_no", [], ["its condition names “x”, which is no option of “q”."]),
        ("short_text", [], []),
        ("not_mine", [NEVER], [NEVER]),
        ("matrix", [NEVER], [NEVER]),
        ("section", [NEVER], [NEVER]),
    ],
)
def test_a_condition_asks_what_authors_are_offered_of_the_type(published, kind, answered, compared):
    asked = published.content.questions
    first = replace(asked[0], key="q", type=kind, metric="none")
    whole = replace(published.content, questions=(first, *asked))

    def faults(**test):
        condition = ConditionContent(tests=(ConditionTest("answer", "q", **test),))
        document = with_question(whole, 2, condition=condition)
        return [fault.removeprefix("Question “praise”: ") for _key, fault in find_condition_faults(document)]

    assert faults(operator="answered") == answered
    assert faults(operator="equals", compared="x") == compared


@pytest.mark.parametrize(
    ("layout", "pages", "keys"),
    [("pages", (1, 1, 1), ["c"]), ("pages", (1, 1, 2), []), ("single", (1, 1, 1), [])],
)
def test_the_files_of_one_screen_arrive_in_one_piece(published, layout, pages, keys):
    plain = replace(published.content.questions[0], type="file", metric="none")
    asked = tuple(replace(plain, key=key, page=page) for key, page in zip("abc", pages, strict=True))
    document = replace(published.content, layout=layout, questions=asked)

    assert [key for key, _sentence in find_faults(document)] == keys
