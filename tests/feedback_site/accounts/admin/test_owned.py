"""Rules that a team owns.

Ada, survey staff of region east, reads the shared ones and changes those of the east.
"""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from feedback_site.accounts.enums import Role
from feedback_site.accounts.models import User
from feedback_site.accounts.services import assign_role
from feedback_site.questionnaires.models import Question, Questionnaire
from surveys.models import Survey

pytestmark = pytest.mark.django_db


def questionnaire_of(slug, team):
    texts = {
        "names": {"en": slug, "zh-hans": slug},
        "title": {"en": slug, "zh-hans": slug},
        "thanks": {"en": slug, "zh-hans": slug},
    }
    return Questionnaire.objects.create(slug=slug, team=team, **texts)


@pytest.fixture
def rules(organisation):
    """One rule with its questionnaire of each: no one, region east, its station, region west."""
    owners = {
        "shared": None,
        "east": organisation.east,
        "station": organisation.east_1,
        "west": organisation.west,
    }
    made = {}
    for slug, team in owners.items():
        questionnaire = questionnaire_of(f"{slug}-questionnaire", team)
        Question.objects.create(
            questionnaire=questionnaire, key=slug, type="rating", text={"en": slug, "zh-hans": slug}
        )
        made[slug] = Survey.objects.create(
            slug=f"{slug}-rule", name=f"{slug}-rule", questionnaire=questionnaire, team=team
        )
    return SimpleNamespace(**made)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def ada(staff):
    return client_of(staff.ada)


def member(role, team):
    user = User(username=f"{role}-{team.code if team else 'all'}", language="en")
    user.set_unusable_password()
    return client_of(assign_role(user=user, role=role, team=team))


def form_of(rule, **changes):
    facts = {
        "name": "Renamed",
        "slug": rule.slug,
        "position": 3,
        "is_active": "on",
        "questionnaire": rule.questionnaire_id,
        "delivery_channels": "sms",
        "sample_percent": 50,
        "cap_days": 0,
        "delay_minutes": 0,
        "age_limit_hours": 72,
        "link_valid_days": 14,
        "follow_up_at_most": 2,
        "complete_from_percent": 80,
        "partial_from_percent": 50,
        "team": rule.team_id or "",
    }
    return facts | changes


def page_of(rule, page="change"):
    return reverse(f"admin:surveys_survey_{page}", args=[rule.pk])


def listed(client, kind):
    app = "surveys" if kind == "survey" else "questionnaires"
    rows = client.get(reverse(f"admin:{app}_{kind}_changelist")).context["cl"].result_list
    return {str(row) for row in rows}


def test_a_region_reads_what_is_shared_what_is_its_own_and_what_is_below_it(ada, rules):
    assert listed(ada, "survey") == {"shared-rule", "east-rule", "station-rule"}
    assert listed(ada, "questionnaire") == {
        "shared-questionnaire",
        "east-questionnaire",
        "station-questionnaire",
    }
    assert listed(ada, "question") == {"shared", "east", "station"}


def test_a_station_reads_what_holds_for_it_from_above(rules, organisation):
    station = member(Role.SURVEY_STAFF, organisation.east_1)

    assert listed(station, "survey") == {"shared-rule", "east-rule", "station-rule"}
    assert station.post(page_of(rules.east), form_of(rules.east)).status_code == 403


@pytest.mark.parametrize("owner", ["east", "station"])
def test_rules_of_the_own_branch_are_changed(ada, rules, owner):
    rule = getattr(rules, owner)

    assert ada.post(page_of(rule), form_of(rule)).status_code == 302
    assert Survey.objects.get(pk=rule.pk).name == "Renamed"


def test_a_shared_rule_is_read_and_not_changed_or_deleted(ada, rules):
    page = ada.get(page_of(rules.shared))

    assert page.status_code == 200
    assert page.context["has_change_permission"] is False
    assert ada.post(page_of(rules.shared), form_of(rules.shared)).status_code == 403
    assert ada.post(page_of(rules.shared, "delete"), {"post": "yes"}).status_code == 403
    assert Survey.objects.filter(name="shared-rule").exists()


def test_a_rule_of_another_region_does_not_exist(ada, rules):
    assert ada.post(page_of(rules.west), form_of(rules.west)).status_code == 302
    assert Survey.objects.filter(name="west-rule").exists()


def test_deleting_several_at_once_spares_none_that_is_not_theirs(ada, rules):
    chosen = {
        "action": "delete_selected",
        "_selected_action": [rules.shared.pk, rules.east.pk],
        "post": "yes",
    }

    assert ada.post(reverse("admin:surveys_survey_changelist"), chosen).status_code == 403
    assert Survey.objects.count() == 4


def test_the_form_offers_the_own_teams_and_starts_with_the_own_one(ada, staff, organisation):
    form = ada.get(reverse("admin:surveys_survey_add")).context["adminform"].form

    assert form.initial["team"] == staff.ada.team_id
    assert set(form.fields["team"].queryset) == {organisation.east, organisation.east_1}
    assert form.fields["team"].required


@pytest.mark.parametrize("team", ["", "west"])
def test_a_rule_is_not_given_away(ada, rules, organisation, team):
    page = ada.post(page_of(rules.east), form_of(rules.east, team=organisation.west.pk if team else ""))

    assert list(page.context["adminform"].form.errors) == ["team"]
    assert Survey.objects.get(pk=rules.east.pk).team == organisation.east


def test_a_rule_may_use_a_shared_questionnaire_and_none_of_another_region(ada, rules):
    shared = ada.post(page_of(rules.east), form_of(rules.east, questionnaire=rules.shared.questionnaire_id))
    foreign = ada.post(page_of(rules.east), form_of(rules.east, questionnaire=rules.west.questionnaire_id))

    assert shared.status_code == 302
    assert list(foreign.context["adminform"].form.errors) == ["questionnaire"]


def test_no_question_is_added_to_a_shared_questionnaire(ada, rules):
    data = {
        "questionnaire": rules.shared.questionnaire_id,
        "key": "new",
        "position": 1,
        "type": "text",
        "metric": "none",
    }
    data |= {"page": 1, "condition_join": "all"}
    words = {"text_en": "New", "text_zh_hans": "新", "options-TOTAL_FORMS": 0, "options-INITIAL_FORMS": 0}

    page = ada.post(reverse("admin:questionnaires_question_add"), data | words)

    assert list(page.context["adminform"].form.errors) == ["questionnaire"]


def test_a_shared_questionnaire_is_published_by_quality_management_only(ada, rules, staff):
    publish = reverse("admin:questionnaires_questionnaire_publish", args=[rules.shared.questionnaire_id])

    assert ada.get(publish).status_code == 403
    assert ada.post(publish).status_code == 403
    assert client_of(staff.quinn).post(publish).status_code == 302
    assert rules.shared.questionnaire.versions.count() == 1


def test_an_address_without_such_a_rule_is_no_error(ada):
    assert ada.get(reverse("admin:surveys_survey_change", args=["nonsense"])).status_code == 302


def test_quality_management_changes_what_is_shared(staff, rules):
    quinn = client_of(staff.quinn)

    assert quinn.post(page_of(rules.shared), form_of(rules.shared)).status_code == 302
    assert quinn.post(page_of(rules.west), form_of(rules.west)).status_code == 302
