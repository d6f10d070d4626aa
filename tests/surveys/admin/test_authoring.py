"""Writing a questionnaire in the staff pages: types, keys, order, conditions, previews, copies and the archive."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys.models import Condition, EndPage, PendingTally, Question, Questionnaire, QuestionnaireVersion, QuestionOption, Response, Survey
from surveys.questions import QUESTION_CLASSES
from surveys.services.publishing import publish_questionnaire
from tests.isolation.forms import filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(questionnaire, organisation):
    """The questionnaire of Ada's own region."""
    questionnaire.team = organisation.east
    questionnaire.save()
    return questionnaire


@pytest.fixture
def ada(client, staff):
    client.force_login(staff.ada)
    return client


def page_of(name, row):
    return reverse(f"admin:surveys_{name}", args=[row.pk])


def save(client, address, **changes):
    """Send the form of a page as a browser would, with some fields changed."""
    page = client.get(address)
    data = {name: value for name, value in (filled_in(page) | changes).items() if value is not None}
    return client.post(address, data)


def errors_in(page):
    forms = [page.context["adminform"].form, *(form for inline in page.context["inline_admin_formsets"] for form in inline.formset.forms)]
    return {form.add_prefix(name): list(errors) for form in forms for name, errors in form.errors.items()}


def more_rows(prefix, first, *rows):
    """Return the fields of new rows of a table that has `first` already."""
    fields = {f"{prefix}-{first + number}-{name}": value for number, row in enumerate(rows) for name, value in row.items()}
    return {f"{prefix}-TOTAL_FORMS": first + len(rows), **fields}


def make(draft, key, kind, *, position=9, **more):
    return Question.objects.create(questionnaire=draft, key=key, type=kind, position=position, text_en=key, text_zh_hans="问", **more)


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [
        ("rating", {"rating_points": "7", "rating_style": "smileys"}, {"points": 7, "style": "smileys"}),
        ("rating", {"rating_points": "5", "rating_style": "stars"}, {}),
        ("csat", {"csat_points": "7", "csat_style": "stars"}, {"points": 7}),
        ("multiple", {"multiple_least": "1", "multiple_most": "2"}, {"least": 1, "most": 2}),
        ("matrix", {"matrix_points": "4"}, {"points": 4}),
        ("number", {"number_least": "-0.5", "number_most": "10", "number_places": "1"}, {"least": -0.5, "most": 10, "places": 1}),
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
    save(ada, page_of("questionnaire_change", draft), **{"questions-0-position": "5", "questions-1-position": "4"})

    assert list(draft.questions.order_by("position").values_list("key", flat=True)) == ["praise", "overall"]


def test_a_published_key_stays_whatever_is_sent(ada, draft, published):
    praise = draft.questions.get(key="praise")

    save(ada, page_of("question_change", praise), key="blame", text_en="What was very good?", **{"options-0-key": "other"})

    praise.refresh_from_db()
    assert (praise.key, praise.text_en) == ("praise", "What was very good?")
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
    rows = more_rows("options", 2, {"text_en": "", "text_zh_hans": "价格"}, {"text_en": "Something else", "asks_text": "on"})

    assert save(ada, page_of("question_change", praise), **rows).status_code == 302

    added = praise.options.order_by("position", "pk").values_list("key", "asks_text")
    assert list(added)[-2:] == [("option_1", False), ("something_else", True)]


def test_a_text_in_no_language_is_refused(ada, draft):
    response = save(ada, page_of("question_change", draft.questions.get(key="praise")), text_en=" ", text_zh_hans="")

    assert set(errors_in(response)) == {"text_zh_hans"}


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

    written = praise.conditions.order_by("pk").values_list("source", "subject__key", "fact", "operator", "value", "questionnaire_id")
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
        ({"depends_on": "day", "operator": "at_least", "value": "tomorrow"}, "value"),
        ({"depends_on": "words", "operator": "equals"}, "value"),
        ({"depends_on": "last", "operator": "answered"}, "depends_on"),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused_at_its_field(ada, draft, row, field):
    for position, (key, kind) in enumerate(
        [("number", "number"), ("day", "date"), ("words", "short_text"), ("asked", "text"), ("last", "nps")], 3
    ):
        make(draft, key, kind, position=position)
    keys = {question.key: f"q-{question.pk}" for question in draft.questions.all()}
    subject = keys[row["depends_on"]]
    given = row | {"depends_on": subject, **({"choice": f"{subject}={row['choice']}"} if "choice" in row else {})}

    response = save(ada, page_of("question_change", draft.questions.get(key="asked")), **more_rows("conditions", 0, given))

    assert set(errors_in(response)) == {f"conditions-0-{field}"}
    assert not Condition.objects.exists()


def test_a_condition_names_only_teams_that_its_author_sees(ada, draft):
    page = ada.get(page_of("question_change", draft.questions.get(key="praise"))).content.decode()

    assert "e-team=east-1" in page
    assert "e-team=west-1" not in page


def test_an_end_page_leads_only_where_the_organisation_allows(ada, draft, settings):
    settings.REDIRECT_HOSTS = ["shop.example"]
    end = EndPage.objects.create(questionnaire=draft, key="bye", text_en="Bye", text_zh_hans="再见")

    refused = save(ada, page_of("endpage_change", end), redirect_url="https://elsewhere.example/")
    accepted = save(ada, page_of("endpage_change", end), redirect_url="https://shop.example/thanks")

    assert set(errors_in(refused)) == {"redirect_url"}
    assert accepted.status_code == 302


def ask_twice(draft):
    """A question that only the dissatisfied are asked, and an end page for them."""
    overall, praise = draft.questions.order_by("position")
    Condition.objects.create(questionnaire=draft, question=praise, subject=overall, operator="at_most", value="2")
    end = EndPage.objects.create(questionnaire=draft, key="sorry", text_en="We are sorry.", text_zh_hans="很抱歉。")
    Condition.objects.create(questionnaire=draft, end_page=end, subject=overall, operator="at_most", value="2")


def test_the_preview_shows_each_language_and_each_branch(ada, draft):
    ask_twice(draft)
    address = page_of("questionnaire_preview", draft)

    def shown(**query):
        page = ada.get(address, query).content.decode()
        return [text for text in ("How satisfied are you?", "您满意吗？", "What was good?", "哪里好？", "We are sorry.") if text in page]

    assert shown(lang="en") == ["How satisfied are you?", "What was good?", "We are sorry."]
    assert shown(lang="en", branch="short") == ["How satisfied are you?"]
    assert shown(lang="zh-hans", branch="0") == ["您满意吗？", "哪里好？"]


def test_the_preview_may_be_framed_by_the_site_alone_and_runs_nothing_it_was_not_given(ada, draft):
    response = ada.get(page_of("questionnaire_preview", draft))

    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    policy = response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "default-src 'none'" in policy


def test_a_trial_goes_to_the_end_and_stores_nothing(ada, draft):
    ask_twice(draft)
    address = f"{page_of('questionnaire_try_out', draft)}?lang=en"
    first = ada.get(address).content.decode()

    second = ada.post(address, {"shown now": ["overall"], "overall": "1"}).content.decode()
    last = ada.post(address, {"shown now": ["overall", "praise"], "overall": "1", "praise": "speed"}).content.decode()

    assert "This is a trial: nothing is stored" in first
    assert "What was good?" not in first
    assert "What was good?" in second
    assert [text in last for text in ("nothing was stored", "We are sorry.", "Speed")] == [True, True, True]
    assert (Response.objects.count(), PendingTally.objects.count()) == (0, 0)


def test_a_trial_says_what_is_missing(ada, draft):
    page = ada.post(f"{page_of('questionnaire_try_out', draft)}?lang=en", {"shown now": ["overall", "praise"]}).content.decode()

    assert "Please answer this question." in page


def test_previews_of_another_region_are_not_found(client, staff, draft, organisation):
    draft.team = organisation.west
    draft.save()
    client.force_login(staff.ada)

    statuses = {
        name: client.get(page_of(f"questionnaire_{name}", draft)).status_code for name in ("preview", "try_out", "duplicate", "archive")
    }

    assert set(statuses.values()) <= {403, 404}


def test_a_faulty_draft_is_shown_as_far_as_it_goes(ada, draft):
    make(draft, "broken", "rating", settings={"points": "many"})

    page = ada.get(page_of("questionnaire_preview", draft), {"lang": "en"}).content.decode()

    assert "1 question cannot be shown yet" in page
    assert "How satisfied are you?" in page


def test_the_page_before_publishing_names_changes_breaks_and_warnings(ada, draft, published):
    draft.questions.filter(key="overall").update(
        text_en="Was the engineer friendly and punctual?", low_label_en="Bad", low_label_zh_hans="差"
    )
    draft.questions.filter(key="praise").delete()
    make(draft, "added", "text")

    review = ada.get(page_of("questionnaire_publish", draft)).context
    ada.post(page_of("questionnaire_publish", draft))

    assert {change["kind"]: [one["key"] for one in change["questions"]] for change in review["changes"]} == {
        "added": ["added"],
        "removed": ["praise"],
        "reworded": ["overall"],
        "rescaled": ["overall"],
    }
    assert ["two questions in one" in one["sentence"] for one in review["warnings"]].count(True) == 1
    assert list(draft.versions.order_by("number").values_list("breaks", flat=True)) == [[], ["overall"]]


def test_a_duplicate_has_everything_and_a_slug_of_its_own(ada, draft, staff):
    ask_twice(draft)
    draft.team = None
    draft.save()

    ada.post(page_of("questionnaire_duplicate", draft))
    ada.post(page_of("questionnaire_duplicate", draft))

    first, second = Questionnaire.objects.exclude(pk=draft.pk).order_by("pk")
    assert [first.slug, second.slug] == ["after-service-copy", "after-service-copy-2"]
    assert first.team == staff.ada.team
    assert [(one.key, one.options.count(), one.conditions.count()) for one in first.questions.order_by("position")] == [
        ("overall", 0, 0),
        ("praise", 2, 1),
    ]
    assert first.questions.get(key="praise").conditions.get().subject == first.questions.get(key="overall")
    assert first.end_pages.get().conditions.get().value == "2"
    assert not first.versions.exists()


def test_a_version_is_restored_into_the_draft(ada, draft, noon):
    ask_twice(draft)
    version = publish_questionnaire(questionnaire=draft, by=None, at=noon)
    draft.questions.filter(key="praise").delete()
    draft.questions.update(text_en="Else?")

    asked = ada.get(page_of("questionnaireversion_restore", version))
    ada.post(page_of("questionnaireversion_restore", version))

    assert asked.status_code == 200
    assert publish_questionnaire(questionnaire=draft, by=None, at=noon + timedelta(days=1)) == version
    assert QuestionnaireVersion.objects.count() == 1


def test_a_questionnaire_that_a_rule_asks_with_is_not_archived(ada, draft, survey):
    page = ada.post(page_of("questionnaire_archive", draft), follow=True)

    draft.refresh_from_db()
    assert draft.archived_at is None
    assert ["After a service" in str(message) for message in page.context["messages"]] == [True]


def test_an_archived_questionnaire_leaves_lists_and_choices_until_it_is_restored(ada, draft, survey):
    Survey.objects.update(is_active=False)
    listing, rule = reverse("admin:surveys_questionnaire_changelist"), reverse("admin:surveys_survey_add")

    def seen():
        choices = ada.get(rule).context["adminform"].form.fields["questionnaire"].queryset
        return (
            draft in ada.get(listing).context["cl"].result_list,
            draft in choices,
            draft in ada.get(f"{listing}?state=archived").context["cl"].result_list,
        )

    before = seen()
    ada.post(page_of("questionnaire_archive", draft))
    archived = seen()
    refused = ada.post(page_of("questionnaire_publish", draft), follow=True)
    ada.post(page_of("questionnaire_restore", draft))

    assert (before, archived, seen()) == ((True, True, False), (False, False, True), (True, True, False))
    assert [str(message) for message in refused.context["messages"]] == ["This questionnaire is archived. Restore it before publishing."]


def test_the_meter_counts_texts_by_language_and_names_the_missing(ada, draft):
    draft.questions.filter(key="praise").update(text_en="", help_zh_hans="提示")

    meter = ada.get(page_of("questionnaire_change", draft)).context["completeness"]

    assert [(code, written) for code, _name, written in meter.by_language] == [("zh-hans", 7), ("en", 5)]
    assert (meter.needed, [gap.label for gap in meter.gaps]) == (7, ["praise", "praise: help"])


def statements_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_thirty_questions_cost_as_many_statements_as_three(ada, draft):
    def grow(count):
        for number in range(draft.questions.count(), count):
            question = make(draft, f"q{number}", "choice", position=number)
            QuestionOption.objects.create(question=question, key="a", text_en="A", text_zh_hans="甲")
            Condition.objects.create(questionnaire=draft, question=question, subject=draft.questions.first(), operator="answered")
        last = draft.questions.order_by("position").last()
        names = ("questionnaire_change", "questionnaire_publish", "questionnaire_preview", "questionnaire_try_out")
        addresses = [page_of(name, draft) for name in names] + [
            page_of("question_change", last),
            reverse("admin:surveys_questionnaire_changelist"),
        ]
        ada.get(addresses[0])
        return [statements_of(ada, address) for address in addresses]

    assert grow(4) == grow(30)


def test_every_type_says_what_its_author_is_offered():
    assert {kind for kind, one in QUESTION_CLASSES.items() if not one.operators} == {"matrix", "not_mine", "section"}
    assert all(one.seconds > 0 for one in QUESTION_CLASSES.values())
