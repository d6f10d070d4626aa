"""Writing a questionnaire in the staff pages: types, keys, order and conditions."""

import pytest
from django.urls import reverse

from feedback_site.questionnaires.models import Condition, EndPage
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.services.publishing import publish_questionnaire
from tests.factories.questionnaires.writing import errors_in, make, more_rows, page_of, save

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [
        ("rating", {"rating_points": "7", "rating_style": "smileys"}, {"points": 7, "style": "smileys"}),
        ("rating", {"rating_points": "5", "rating_style": "stars"}, {}),
        ("csat", {"csat_points": "7", "csat_style": "stars"}, {"points": 7}),
        ("multiple", {"multiple_least": "1", "multiple_most": "2"}, {"least": 1, "most": 2}),
        ("matrix", {"matrix_points": "4"}, {"points": 4}),
        (
            "number",
            {"number_least": "-0.5", "number_most": "10", "number_places": "1"},
            {"least": -0.5, "most": 10, "places": 1},
        ),
        ("date", {"date_earliest": "2026-01-01"}, {"earliest": "2026-01-01"}),
        ("text", {"text_length": "300"}, {"length": 300}),
        ("short_text", {"short_text_length": "20"}, {"length": 20}),
    ],
)
def test_the_settings_of_a_type_are_fields_of_its_form(ada, draft, kind, given, stored):
    question = make(draft, "one", kind)

    response = save(ada, page_of("question_change", question), **given)

    question.refresh_from_db()
    assert (response.status_code, question.settings) == (302, stored)


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        ("rating", {"rating_points": "11"}, "rating_points"),
        ("csat", {"csat_points": "6"}, "csat_points"),
        ("multiple", {"multiple_least": "3", "multiple_most": "2"}, "multiple_most"),
        ("number", {"number_least": "5", "number_most": "0"}, "number_most"),
        ("date", {"date_earliest": "2026-05-01", "date_latest": "2026-04-01"}, "date_latest"),
        ("date", {"date_earliest": "tomorrow"}, "date_earliest"),
        ("text", {"text_length": "9999"}, "text_length"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused_at_its_field(ada, draft, kind, given, field):
    question = make(draft, "one", kind)

    response = save(ada, page_of("question_change", question), **given)

    question.refresh_from_db()
    assert (set(errors_in(response)), question.settings) == ({field}, {})


def test_a_day_that_an_import_brought_and_is_none_is_shown_and_refused(ada, draft):
    question = make(draft, "when", "date", settings={"earliest": "soon"})

    page = ada.get(page_of("question_change", question))

    assert 'value="soon"' in page.content.decode()
    assert list(errors_in(save(ada, page_of("question_change", question)))) == ["date_earliest"]


def test_a_setting_of_another_type_is_left_alone(ada, draft):
    question = make(draft, "one", "text", settings={"from_elsewhere": 1})

    save(ada, page_of("question_change", question), number_places="3", text_length="50")

    question.refresh_from_db()
    assert question.settings == {"from_elsewhere": 1, "length": 50}


def test_saving_an_unchanged_question_leaves_the_draft_as_it_was_published(ada, draft, noon):
    first = publish_questionnaire(questionnaire=draft, by=None, at=noon)
    for question in draft.questions.all():
        assert save(ada, page_of("question_change", question)).status_code == 302

    assert publish_questionnaire(questionnaire=draft, by=None, at=noon) == first


def test_questions_added_to_the_table_get_key_place_and_metric(ada, draft):
    rows = more_rows(
        "questions",
        2,
        {"type": "nps", "page": "1", "text_en": "Would you recommend us?", "text_zh_hans": "推荐吗？"},
        {"type": "text", "page": "2", "text_en": "", "text_zh_hans": "还有吗？"},
        {"type": "rating", "page": "2", "text_en": "Would you recommend us?", "text_zh_hans": "再次"},
    )

    response = save(ada, page_of("questionnaire_change", draft), **rows)

    assert response.status_code == 302
    assert list(draft.questions.order_by("position").values_list("key", "position", "metric")[2:]) == [
        ("would_you_recommend_us", 3, "nps"),
        ("question_1", 4, "none"),
        ("would_you_recommend_us_2", 5, "none"),
    ]


def test_questions_are_put_in_order_by_their_numbers(ada, draft):
    save(
        ada,
        page_of("questionnaire_change", draft),
        **{"questions-0-position": "5", "questions-1-position": "4"},
    )

    assert list(draft.questions.order_by("position").values_list("key", flat=True)) == ["praise", "overall"]


def test_a_published_key_stays_whatever_is_sent(ada, draft, published):
    praise = draft.questions.get(key="praise")

    save(
        ada,
        page_of("question_change", praise),
        key="blame",
        text_en="What was very good?",
        **{"options-0-key": "other"},
    )

    praise.refresh_from_db()
    assert (praise.key, praise.text["en"]) == ("praise", "What was very good?")
    assert set(praise.options.values_list("key", flat=True)) == {"speed", "tone"}


def test_a_key_that_another_question_has_is_refused_at_its_field(ada, draft):
    response = save(ada, page_of("question_change", draft.questions.get(key="praise")), key="overall")

    assert set(errors_in(response)) == {"key"}


def test_a_metric_that_does_not_fit_or_is_taken_is_refused_at_its_field(ada, draft):
    text, csat = make(draft, "words", "text"), make(draft, "csat", "csat")

    refused = [save(ada, page_of("question_change", one), metric="satisfaction") for one in (text, csat)]

    assert [set(errors_in(page)) for page in refused] == [{"metric"}, {"metric"}]


def test_options_get_keys_of_their_own(ada, draft):
    praise = draft.questions.get(key="praise")
    rows = more_rows(
        "options",
        2,
        {"text_en": "", "text_zh_hans": "价格"},
        {"text_en": "Something else", "asks_text": "on"},
    )

    assert save(ada, page_of("question_change", praise), **rows).status_code == 302

    added = praise.options.order_by("position", "pk").values_list("key", "asks_text")
    assert list(added)[-2:] == [("option_1", False), ("something_else", True)]


def test_a_text_in_no_language_is_refused(ada, draft):
    response = save(
        ada, page_of("question_change", draft.questions.get(key="praise")), text_en=" ", text_zh_hans=""
    )

    assert set(errors_in(response)) == {"text"}


def test_conditions_are_picked_from_earlier_questions_and_facts(ada, draft):
    overall, praise = draft.questions.order_by("position")
    later = make(draft, "later", "text")
    rows = more_rows(
        "conditions",
        0,
        {"depends_on": f"q-{overall.pk}", "operator": "at_most", "choice": f"q-{overall.pk}=2"},
        {"depends_on": "e-is_complaint", "operator": "equals", "choice": "e-is_complaint=yes"},
        {"depends_on": "e-product_line", "operator": "equals", "value": "kettle"},
        {"depends_on": f"q-{overall.pk}", "operator": "answered", "value": "ignored"},
    )

    assert save(ada, page_of("question_change", praise), **rows).status_code == 302
    page = ada.get(page_of("question_change", praise)).content.decode()

    written = praise.conditions.order_by("pk").values_list(
        "source", "subject__key", "fact", "operator", "value", "questionnaire_id"
    )
    assert list(written) == [
        ("answer", "overall", "", "at_most", "2", draft.pk),
        ("event", None, "is_complaint", "equals", "yes", draft.pk),
        ("event", None, "product_line", "equals", "kettle", draft.pk),
        ("answer", "overall", "", "answered", "", draft.pk),
    ]
    assert f'value="q-{overall.pk}"' in page
    assert f'value="q-{later.pk}"' not in page


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"depends_on": "overall", "operator": "includes", "choice": "2"}, "operator"),
        ({"depends_on": "overall", "operator": "at_most"}, "choice"),
        ({"depends_on": "overall", "operator": "at_most", "choice": "9"}, "choice"),
        ({"depends_on": "number", "operator": "at_most", "value": "many"}, "value"),
        ({"depends_on": "number", "operator": "at_most", "value": "NaN"}, "value"),
        ({"depends_on": "number", "operator": "at_most", "value": "1e999"}, "value"),
        ({"depends_on": "day", "operator": "at_least", "value": "tomorrow"}, "value"),
        ({"depends_on": "words", "operator": "equals"}, "value"),
        ({"depends_on": "last", "operator": "answered"}, "depends_on"),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused_at_its_field(ada, draft, row, field):
    for position, (key, kind) in enumerate(
        [("number", "number"), ("day", "date"), ("words", "short_text"), ("asked", "text"), ("last", "nps")],
        3,
    ):
        make(draft, key, kind, position=position)
    keys = {question.key: f"q-{question.pk}" for question in draft.questions.all()}
    subject = keys[row["depends_on"]]
    given = row | {
        "depends_on": subject,
        **({"choice": f"{subject}={row['choice']}"} if "choice" in row else {}),
    }

    response = save(
        ada, page_of("question_change", draft.questions.get(key="asked")), **more_rows("conditions", 0, given)
    )

    assert set(errors_in(response)) == {f"conditions-0-{field}"}
    assert not Condition.objects.exists()


def test_a_condition_names_only_teams_that_its_author_sees(ada, draft):
    page = ada.get(page_of("question_change", draft.questions.get(key="praise"))).content.decode()

    assert "e-team=east-1" in page
    assert "e-team=west-1" not in page


def test_an_end_page_leads_only_where_the_organisation_allows(ada, draft, settings):
    settings.REDIRECT_HOSTS = ["shop.example"]
    end = EndPage.objects.create(questionnaire=draft, key="bye", text={"en": "Bye", "zh-hans": "再见"})

    refused = save(ada, page_of("endpage_change", end), redirect_url="https://elsewhere.example/")
    accepted = save(ada, page_of("endpage_change", end), redirect_url="https://shop.example/thanks")

    assert set(errors_in(refused)) == {"redirect_url"}
    assert accepted.status_code == 302


def test_every_type_says_what_its_author_is_offered():
    assert {kind for kind, one in QUESTION_CLASSES.items() if not one.operators} == {
        "matrix",
        "not_mine",
        "section",
    }
    assert all(one.seconds > 0 for one in QUESTION_CLASSES.values())


@pytest.mark.parametrize(("chosen", "expected"), [("", ["satisfaction", "none"]), ("none", ["none", "none"])])
def test_the_first_rating_added_on_its_own_page_counts_as_satisfaction_unless_its_author_says_otherwise(
    ada, draft, chosen, expected
):
    draft.questions.all().delete()
    for number in range(2):
        added = {"questionnaire": draft.pk, "type": "rating", "text_en": f"Rating {number}", "metric": chosen}
        save(ada, reverse("admin:questionnaires_question_add"), **added)

    assert list(draft.questions.order_by("pk").values_list("metric", flat=True)) == expected
