"""A draft on its way: previewed, tried out, published, copied, archived; and what its pages cost."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback_site.questionnaires.models import Condition, Questionnaire, QuestionnaireVersion, QuestionOption
from feedback_site.questionnaires.services.publishing import publish_questionnaire
from surveys.models import PendingTally, Response, ResponseDraft, Survey
from tests.factories.questionnaires.writing import ask_twice, make, page_of

pytestmark = pytest.mark.django_db


def test_the_preview_shows_each_language_and_each_branch(ada, draft):
    ask_twice(draft)
    address = page_of("questionnaire_preview", draft)

    def shown(**query):
        page = ada.get(address, query).content.decode()
        return [
            text
            for text in (
                "How satisfied are you?",
                "您满意吗？",
                "What was good?",
                "哪里好？",
                "We are sorry.",
            )
            if text in page
        ]

    assert shown(lang="en") == ["How satisfied are you?", "What was good?", "We are sorry."]
    low = ada.get(address, {"lang": "en", "branch": "0"}).content.decode()

    assert ["We are sorry." in low, "Thank you" in low, 'value="2" checked' in low] == [True, False, True]
    assert shown(lang="en", branch="short") == ["How satisfied are you?"]
    assert shown(lang="zh-hans", branch="0") == ["您满意吗？", "哪里好？"]


@pytest.mark.parametrize("branch", ["9" * 5000, "1", "²", "-1", "\x00"])
def test_a_branch_that_there_is_not_shows_everything(ada, draft, branch):
    ask_twice(draft)

    page = ada.get(page_of("questionnaire_preview", draft), {"lang": "en", "branch": branch})

    assert page.status_code == 200
    assert "We are sorry." in page.content.decode()


def test_the_preview_may_be_framed_by_the_site_alone_and_runs_nothing_it_was_not_given(ada, draft):
    response = ada.get(page_of("questionnaire_preview", draft))

    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    policy = response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "default-src 'none'" in policy


def test_the_preview_repeats_examples_of_what_customers_will_read_and_says_which_screen_they_are_on(
    ada, draft
):
    ask_twice(draft)
    draft.layout = "single"
    draft.intro = {"en": "Your {event.kind} on {event.completed_on} by {event.agent}"}
    draft.save()
    draft.questions.filter(key="praise").update(text={"en": "You said {answer.overall}: what was good?"})

    whole, low = (
        ada.get(page_of("questionnaire_preview", draft), {"lang": "en", "branch": branch}).content.decode()
        for branch in ("all", "0")
    )

    assert "Your repair on May 3, 2026 by Mr Wang" in whole
    assert ["Page 2 of 2" in whole, "only if overall" in whole, "You said 5: what was good?" in whole] == [
        True,
        True,
        True,
    ]
    assert ["Page 2 of 2" in low, "only if" in low, "You said 2: what was good?" in low] == [
        True,
        False,
        True,
    ]


def test_the_preview_shows_each_rotating_set_by_itself(ada, draft):
    for name in ("speed", "price"):
        make(draft, name, "rating", question_set=name)

    address = page_of("questionnaire_preview", draft)
    pages = {
        branch: ada.get(address, {"lang": "en", "branch": branch}).content.decode()
        for branch in ("all", "set:price", "set:speed")
    }

    shown = {
        branch: [f'id="c-{key}"' in page for key in ("overall", "price", "speed")]
        for branch, page in pages.items()
    }
    assert shown == {
        "all": [True, True, True],
        "set:price": [True, True, False],
        "set:speed": [True, False, True],
    }


def step(client, address, page, **fields):
    """Send one screen of a trial as a browser would: with what the page carries."""
    hidden = {
        html.unescape(name): html.unescape(value)
        for name, value in re.findall(r'type="hidden" name="(.+?)" value="(.*?)"', page)
    }
    return client.post(address, hidden | fields).content.decode()


def test_a_trial_goes_to_the_end_and_stores_nothing(ada, draft):
    ask_twice(draft)
    draft.questions.filter(key="praise").update(page=2)
    address = f"{page_of('questionnaire_try_out', draft)}?lang=en"
    first = ada.get(address).content.decode()

    second = step(ada, address, first, overall="1")
    again = step(ada, address, second, **{".back": "1"})
    last = step(ada, address, step(ada, address, again, overall="1"), praise="speed")

    assert "This is a trial: nothing is stored" in first
    assert ["What was good?" in page for page in (first, second, again)] == [False, True, False]
    assert re.findall(r'value="(.)"[^>]* checked', again) == ["1"]
    assert [text in last for text in ("nothing was stored", "We are sorry.", "Speed")] == [True, True, True]
    assert "<h1" in last  # the form's script looks for it
    assert (Response.objects.count(), ResponseDraft.objects.count(), PendingTally.objects.count()) == (
        0,
        0,
        0,
    )


def test_a_trial_says_what_is_missing_and_survives_what_no_form_sends(ada, draft):
    address = f"{page_of('questionnaire_try_out', draft)}?lang=en"

    missing = step(ada, address, ada.get(address).content.decode())
    nonsense = ada.post(address, {".carried": '[["', ".page": "99", "overall": ["9", "x"]})

    assert "Please answer this question." in missing
    assert nonsense.status_code == 200


def test_a_trial_asks_what_event_it_is_about_where_conditions_look_at_it(ada, draft):
    praise = draft.questions.get(key="praise")
    Condition.objects.create(
        questionnaire=draft,
        question=praise,
        source="event",
        fact="is_complaint",
        operator="equals",
        value="yes",
    )
    address = f"{page_of('questionnaire_try_out', draft)}?lang=en"

    asked = ada.get(address).content.decode()
    pages = {value: step(ada, address, asked, **{".fact is_complaint": value}) for value in ("True", "False")}

    assert "is a complaint" in asked
    assert {value: "What was good?" in page for value, page in pages.items()} == {
        "True": True,
        "False": False,
    }


def test_previews_of_another_region_are_not_found(client, staff, draft, organisation):
    draft.team = organisation.west
    draft.save()
    client.force_login(staff.ada)

    statuses = {
        name: client.get(page_of(f"questionnaire_{name}", draft)).status_code
        for name in ("preview", "try_out", "duplicate", "archive")
    }

    assert set(statuses.values()) <= {403, 404}


def test_a_faulty_draft_is_shown_as_far_as_it_goes(ada, draft):
    make(draft, "broken", "rating", settings={"points": "many"})

    page = ada.get(page_of("questionnaire_preview", draft), {"lang": "en"}).content.decode()

    assert "1 question cannot be shown yet" in page
    assert "How satisfied are you?" in page


def test_the_page_before_publishing_names_changes_breaks_and_warnings(ada, draft, published):
    draft.questions.filter(key="overall").update(
        text={"en": "Was the engineer friendly and punctual?", "zh-hans": "您满意吗？"},
        low_label={"en": "Bad", "zh-hans": "差"},
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
    assert [
        (one.key, one.options.count(), one.conditions.count()) for one in first.questions.order_by("position")
    ] == [
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
    draft.questions.update(text={"en": "Else?"})
    draft.names = {"en": "Renamed since"}
    draft.save()

    asked = ada.get(page_of("questionnaireversion_restore", version))
    ada.post(page_of("questionnaireversion_restore", version))

    assert asked.status_code == 200
    draft.refresh_from_db()
    assert draft.name == "Renamed since"
    assert publish_questionnaire(questionnaire=draft, by=None, at=noon + timedelta(days=1)) == version
    assert QuestionnaireVersion.objects.count() == 1


def test_a_questionnaire_that_a_rule_asks_with_is_not_archived(ada, draft, survey):
    page = ada.post(page_of("questionnaire_archive", draft), follow=True)

    draft.refresh_from_db()
    assert draft.archived_at is None
    assert ["After a service" in str(message) for message in page.context["messages"]] == [True]


def test_an_archived_questionnaire_leaves_lists_and_choices_until_it_is_restored(ada, draft, survey):
    Survey.objects.update(is_active=False)
    listing, rule = (
        reverse("admin:questionnaires_questionnaire_changelist"),
        reverse("admin:surveys_survey_add"),
    )

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
    assert [str(message) for message in refused.context["messages"]] == [
        "This questionnaire is archived. Restore it before publishing."
    ]


def test_the_meter_counts_texts_by_language_and_names_the_missing(ada, draft):
    draft.questions.filter(key="praise").update(text={"zh-hans": "哪里好？"}, help={"zh-hans": "提示"})

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
            QuestionOption.objects.create(question=question, key="a", text={"en": "A", "zh-hans": "甲"})
            Condition.objects.create(
                questionnaire=draft, question=question, subject=draft.questions.first(), operator="answered"
            )
        last = draft.questions.order_by("position").last()
        names = (
            "questionnaire_change",
            "questionnaire_publish",
            "questionnaire_preview",
            "questionnaire_try_out",
        )
        addresses = [page_of(name, draft) for name in names] + [
            page_of("question_change", last),
            reverse("admin:questionnaires_questionnaire_changelist"),
        ]
        for address in addresses:
            ada.get(address)  # what a process asks once
        return [statements_of(ada, address) for address in addresses]

    assert grow(4) == grow(30)
