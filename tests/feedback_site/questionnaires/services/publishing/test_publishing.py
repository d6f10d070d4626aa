import pytest
from django.db import ProgrammingError, transaction

from feedback_site.common.exceptions import DomainError
from feedback_site.questionnaires.models import Condition, EndPage, Question, QuestionnaireVersion
from feedback_site.questionnaires.services.publishing import (
    draft_faults,
    find_faults,
    latest_version,
    publish_questionnaire,
)
from feedback_site.questionnaires.services.publishing.compiling import compile_draft
from feedback_site.questionnaires.services.publishing.faults import find_condition_faults

pytestmark = pytest.mark.django_db

# What a question of one page has that depends on nothing.
PLAIN = {"indicator": "", "page": 1, "set": "", "settings": {}, "rows": [], "condition": None}


def test_publishing_freezes_the_draft_into_a_document(questionnaire, staff, noon):
    version = publish_questionnaire(questionnaire=questionnaire, by=staff.ada, at=noon)

    assert version.number == 1
    assert version.published_by == staff.ada
    assert version.document == {
        "schema": 2,
        "key": "after-service",
        "number": 1,
        "languages": ["zh-hans", "en"],
        "default_language": "zh-hans",
        "title": {"en": "How did we do?", "zh-hans": "服务评价"},
        "intro": {"en": "", "zh-hans": ""},
        "thanks": {"en": "Thank you", "zh-hans": "谢谢"},
        "layout": "pages",
        "privacy": {"en": "", "zh-hans": ""},
        "hotline": "",
        "ends": [],
        "questions": [
            {
                "key": "overall",
                "type": "rating",
                "metric": "satisfaction",
                **PLAIN,
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
                **PLAIN,
                "required": False,
                "text": {"en": "What was good?", "zh-hans": "哪里好？"},
                "help": {"en": "", "zh-hans": ""},
                "low_label": {"en": "", "zh-hans": ""},
                "high_label": {"en": "", "zh-hans": ""},
                "options": [
                    {
                        "key": "speed",
                        "text": {"en": "Speed", "zh-hans": "速度"},
                        "exclusive": False,
                        "asks_text": False,
                    },
                    {
                        "key": "tone",
                        "text": {"en": "Tone", "zh-hans": "态度"},
                        "exclusive": False,
                        "asks_text": False,
                    },
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
    [
        {"title": {"en": "", "zh-hans": "服务评价"}},
        {"thanks": {"en": "Thanks", "zh-hans": ""}},
        {"intro": {"en": "Hello", "zh-hans": ""}},
    ],
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
    Question.objects.create(
        questionnaire=questionnaire,
        key="why",
        position=3,
        type="text",
        text_en="Why?",
        text_zh_hans="为什么？",
    )

    assert questionnaire.questions.count() == 3
    assert len(published.document["questions"]) == 2


@pytest.fixture
def reason(questionnaire):
    """A third question: what went wrong, asked of those who were not satisfied."""
    question = Question.objects.create(
        questionnaire=questionnaire,
        key="reason",
        position=3,
        type="text",
        text_en="What went wrong?",
        text_zh_hans="哪里不好？",
    )
    overall = questionnaire.questions.get(key="overall")
    Condition.objects.create(
        questionnaire=questionnaire, question=question, subject=overall, operator="at_most", value="3"
    )
    return question


def test_conditions_are_compiled_with_values_as_answers_are_stored(questionnaire, reason):
    fact = {"source": "event", "fact": "is_complaint", "operator": "equals", "value": "yes", "position": 1}
    Condition.objects.create(questionnaire=questionnaire, question=reason, **fact)

    compiled = compile_draft(questionnaire)["questions"][2]["condition"]

    assert compiled == {
        "join": "all",
        "tests": [
            {"of": "answer", "name": "overall", "operator": "at_most", "value": 3},
            {"of": "event", "name": "is_complaint", "operator": "equals", "value": True},
        ],
    }


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
    document = published.document
    test = {"of": "answer", "name": "gone", "operator": "answered"}
    document["questions"][1]["condition"] = {"join": "all", "tests": [test]}

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
        questionnaire=questionnaire, key="happy", text_en="Great", text_zh_hans="很好", redirect_url=address
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
    document = published.document
    document["questions"].insert(0, {**document["questions"][0], "key": "q", "type": kind, "metric": "none"})

    def faults(**test):
        tests = [{"of": "answer", "name": "q", **test}]
        document["questions"][2]["condition"] = {"join": "all", "tests": tests}
        return [fault.removeprefix("Question “praise”: ") for _key, fault in find_condition_faults(document)]

    assert faults(operator="answered") == answered
    assert faults(operator="equals", value="x") == compared


@pytest.mark.parametrize(
    ("layout", "pages", "keys"),
    [("pages", (1, 1, 1), ["c"]), ("pages", (1, 1, 2), []), ("single", (1, 1, 1), [])],
)
def test_the_files_of_one_screen_arrive_in_one_piece(published, layout, pages, keys):
    document = published.document
    plain = {**document["questions"][0], "type": "file", "metric": "none"}
    document["layout"] = layout
    document["questions"] = [
        {**plain, "key": key, "page": page} for key, page in zip("abc", pages, strict=True)
    ]

    assert [key for key, _sentence in find_faults(document)] == keys
