"""The pages of programmes."""

import pytest
from django.urls import reverse

from feedback_site.questionnaires.models import Questionnaire, QuestionnaireVersion
from nps.models import Campaign, Programme
from tests.factories.cases import DOCUMENT

LIST, ADD, CHANGE = "admin:nps_programme_changelist", "admin:nps_programme_add", "admin:nps_programme_change"


@pytest.fixture
def entered(field_work, organisation):
    """What a person fills in for a new programme."""
    return {
        "names_zh_hans": "东区",
        "names_en": "East",
        "slug": "east",
        "is_active": "on",
        "questionnaire": field_work.programme.questionnaire.pk,
        "team": organisation.east.pk,
        "time_zone": "Asia/Shanghai",
        "frame_days": 90,
        "cap_days": 90,
        "target_completes": 1000,
        "minimum_per_stratum": 30,
        "expected_response_percent": 25,
        "delivery_channels": "email,sms",
        "wave_days": 3,
        "field_days": 21,
    }


def errors(page):
    return {name: list(sentences) for name, sentences in page.context["adminform"].form.errors.items()}


def prepare(programme):
    return reverse("admin:nps_programme_prepare", args=[programme.pk])


def test_a_programme_is_made_with_its_channels_in_order(entered, staff, visit):
    visit(staff.quinn, ADD, data=entered)

    made = Programme.objects.get(slug="east")
    assert (made.delivery_channels, made.team.code, made.is_active) == (["email", "sms"], "east", True)


def test_a_zone_that_does_not_exist_is_refused(entered, staff, visit):
    page = visit(staff.quinn, ADD, data=entered | {"time_zone": "Asia/Atlantis"})

    assert errors(page) == {"time_zone": ["There is no such time zone. Write it like Asia/Shanghai."]}


def test_a_questionnaire_that_was_never_published_is_refused(entered, staff, visit):
    draft = Questionnaire.objects.create(
        slug="draft", names={"en": "Draft", "zh-hans": "草稿"}, title={"en": "T", "zh-hans": "标题"}
    )

    page = visit(staff.quinn, ADD, data=entered | {"questionnaire": draft.pk})

    assert errors(page) == {"questionnaire": ["This questionnaire was never published. Publish it first."]}


def test_a_questionnaire_that_asks_for_no_recommendation_is_refused(entered, staff, visit, noon):
    rated = Questionnaire.objects.create(
        slug="rated", names={"en": "Rated", "zh-hans": "评分"}, title={"en": "T", "zh-hans": "标题"}
    )
    QuestionnaireVersion.objects.create(questionnaire=rated, number=1, document=DOCUMENT, published_at=noon)

    page = visit(staff.quinn, ADD, data=entered | {"questionnaire": rated.pk})

    (sentence,) = errors(page)["questionnaire"]
    assert sentence.startswith("The published version has no question that counts as a recommendation")


def test_staff_of_a_region_must_choose_a_team_of_it(entered, staff, visit, organisation):
    without_team = visit(staff.ada, ADD, data=entered | {"team": ""})
    foreign = visit(staff.ada, ADD, data=entered | {"team": organisation.west.pk})

    assert (set(errors(without_team)), set(errors(foreign))) == ({"team"}, {"team"})
    assert Programme.objects.filter(slug="east").count() == 0


def test_who_sees_all_may_leave_the_team_empty(entered, staff, visit):
    visit(staff.quinn, ADD, data=entered | {"team": ""})

    assert Programme.objects.get(slug="east").team is None


def test_programmes_are_seen_by_team_and_those_of_all_by_who_sees_all(field_work, staff, visit, organisation):
    east = Programme.objects.create(
        slug="east",
        names={"en": "East", "zh-hans": "东区"},
        questionnaire=field_work.programme.questionnaire,
        team=organisation.east_1,
    )

    def seen(user):
        return {row.slug for row in visit(user, LIST).context["cl"].result_list}

    assert (seen(staff.ada), seen(staff.ellen), seen(staff.wei)) == ({"east"}, {"east"}, set())
    assert seen(staff.quinn) == seen(staff.max) == {"company", "east"}
    assert visit(staff.ada, CHANGE, field_work.programme.pk).status_code == 302
    assert visit(staff.wei, CHANGE, east.pk).status_code == 302


def test_preparing_asks_first_then_makes_one_campaign_and_the_second_time_says_so(field_work, staff, visit):
    asked = visit(staff.quinn, prepare(field_work.programme))
    before = Campaign.objects.count()
    first = visit(staff.quinn, prepare(field_work.programme), data={})
    second = visit(staff.quinn, prepare(field_work.programme), data={})

    assert (asked.status_code, before, Campaign.objects.count()) == (200, 0, 1)
    assert "is prepared." in first.content.decode()
    assert "This quarter&#x27;s campaign is prepared already." in second.content.decode()
    assert "is there already." in visit(staff.quinn, prepare(field_work.programme)).content.decode()


@pytest.mark.parametrize(("name", "status"), [("max", 403), ("ellen", 403), ("ada", 404), ("vera", 403)])
def test_who_may_not_prepare_prepares_nothing(field_work, staff, visit, name, status):
    page = visit(getattr(staff, name), prepare(field_work.programme), data={})

    assert (page.status_code, Campaign.objects.count()) == (status, 0)


def test_the_list_names_the_latest_campaign(field_work, staff, visit):
    field_work.prepared()

    text = visit(staff.quinn, LIST).content.decode()

    assert "2026 Q4" in text
    assert "Prepared" in text


def test_the_pages_speak_chinese(field_work, staff, visit):
    assert visit(staff.quinn, LIST, language="zh-hans").status_code == 200
    assert "公司" in visit(staff.quinn, CHANGE, field_work.programme.pk, language="zh-hans").content.decode()
