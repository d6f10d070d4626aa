import pytest
from django.urls import reverse

from feedback_site.questionnaires.models import QuestionnaireVersion
from surveys.models import Survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def questionnaire(questionnaire, organisation):
    """The questionnaire of Ada's own region."""
    questionnaire.team = organisation.east
    questionnaire.save()
    return questionnaire


@pytest.fixture
def ada(client, staff):
    client.force_login(staff.ada)
    return client


@pytest.fixture
def publish_page(questionnaire):
    return reverse("admin:questionnaires_questionnaire_publish", args=[questionnaire.pk])


def told(response):
    return [str(message) for message in response.context["messages"]]


def test_looking_at_the_confirmation_publishes_nothing(ada, publish_page):
    response = ada.get(publish_page)

    assert response.status_code == 200
    assert "您满意吗？" in response.content.decode()
    assert not QuestionnaireVersion.objects.exists()


def test_publishing_names_the_version(ada, staff, publish_page, questionnaire):
    response = ada.post(publish_page, follow=True, headers={"accept-language": "en"})

    assert told(response) == ["Version 1 is published: new invitations use it."]
    assert response.redirect_chain[-1][0] == reverse(
        "admin:questionnaires_questionnaire_change", args=[questionnaire.pk]
    )
    assert QuestionnaireVersion.objects.get().published_by == staff.ada


def test_publishing_an_unchanged_draft_says_so(ada, publish_page):
    ada.post(publish_page, follow=True)

    response = ada.post(publish_page, follow=True, headers={"accept-language": "en"})

    assert told(response) == ["Nothing has changed since version 1."]


def test_faults_are_shown_before_and_refused_after(ada, publish_page, questionnaire):
    questionnaire.questions.get(key="praise").options.all().delete()

    before = ada.get(publish_page, headers={"accept-language": "en"}).content.decode()
    after = ada.post(publish_page, follow=True, headers={"accept-language": "en"})

    assert "Question “praise”: a choice needs at least two options." in before
    assert "a choice needs at least two options." in told(after)[0]
    assert not QuestionnaireVersion.objects.exists()


def test_who_may_not_edit_may_not_publish(client, staff, publish_page):
    client.force_login(staff.ellen)

    assert client.post(publish_page).status_code == 403
    assert not QuestionnaireVersion.objects.exists()


def test_a_questionnaire_is_edited_with_its_questions(ada, questionnaire, published):
    page = ada.get(reverse("admin:questionnaires_questionnaire_change", args=[questionnaire.pk]))

    formsets = page.context["inline_admin_formsets"]
    assert [len(formset.formset.initial_forms) for formset in formsets] == [2, 0, 1]


def test_only_a_choice_has_options_beside_its_conditions(ada, questionnaire):
    pages = {
        question.key: ada.get(reverse("admin:questionnaires_question_change", args=[question.pk]))
        for question in questionnaire.questions.all()
    }

    assert {key: len(page.context["inline_admin_formsets"]) for key, page in pages.items()} == {
        "overall": 1,
        "praise": 2,
    }


def test_a_rule_is_made_with_its_channels_in_order(ada, questionnaire, organisation):
    response = ada.post(
        reverse("admin:surveys_survey_add"),
        {
            "name": "Repairs",
            "slug": "repairs",
            "position": 3,
            "team": organisation.east.pk,
            "is_active": "on",
            "questionnaire": questionnaire.pk,
            "delivery_channels": "email,sms",
            "sample_percent": 50,
            "cap_days": 0,
            "delay_minutes": 0,
            "age_limit_hours": 72,
            "link_valid_days": 14,
            "follow_up_at_most": 2,
            "complete_from_percent": 80,
            "partial_from_percent": 50,
        },
    )

    assert response.status_code == 302
    assert Survey.objects.get().delivery_channels == ["email", "sms"]
