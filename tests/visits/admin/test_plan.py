import pytest
from django.urls import reverse

from feedback_site.questionnaires.models import Questionnaire
from feedback_site.service_events.models import CalendarDay
from tests.factories.visits.calls import Caller, text_of
from visits.models import VisitPlan

pytestmark = pytest.mark.django_db
LIST = "admin:visits_visitplan_changelist"


@pytest.fixture
def quinn(staff):
    return Caller(staff.quinn)


def plan_of(questionnaire, **changes):
    facts = {
        "names_zh_hans": "投诉回访",
        "names_en": "Complaints",
        "slug": "complaints",
        "trigger": "complex_case",
        "mode": "phone",
        "questionnaire": questionnaire.pk,
        "wait_hours": "4",
        "window_hours": "18",
        "retry_hours": "4",
        "max_attempts": "3",
        "is_active": "on",
    }
    return facts | changes


def add(caller, data):
    return caller.client.post(reverse("admin:visits_visitplan_add"), data)


def errors(page):
    return page.context["adminform"].form.errors


def test_a_plan_is_made(repairs, quinn):
    response = add(quinn, plan_of(repairs.version.questionnaire))

    assert response.status_code == 302
    assert VisitPlan.objects.get(slug="complaints").trigger == "complex_case"


def test_a_script_that_was_never_published_is_refused(repairs, quinn):
    draft = Questionnaire.objects.create(
        slug="d",
        names={"en": "D", "zh-hans": "草"},
        title={"en": "T", "zh-hans": "题"},
        thanks={"en": "T", "zh-hans": "谢"},
    )

    page = add(quinn, plan_of(draft))

    assert errors(page) == {
        "questionnaire": ["This questionnaire is not published yet. Publish it first, or choose another."]
    }
    assert not VisitPlan.objects.filter(slug="complaints").exists()


def test_a_second_active_plan_of_a_trigger_is_refused_at_the_trigger(repairs, quinn):
    page = add(quinn, plan_of(repairs.version.questionnaire, trigger="low_score"))

    assert errors(page) == {
        "trigger": ["“low-score” is active for this trigger already. Set it inactive first."]
    }


def test_an_inactive_second_plan_is_fine(repairs, quinn):
    data = plan_of(repairs.version.questionnaire, trigger="low_score")
    del data["is_active"]

    assert add(quinn, data).status_code == 302


def test_an_active_plan_can_be_saved_again(repairs, quinn):
    plan = VisitPlan.objects.get(trigger="low_score")
    data = plan_of(repairs.version.questionnaire, trigger="low_score", slug=plan.slug, retry_hours="6")

    response = quinn.client.post(reverse("admin:visits_visitplan_change", args=[plan.pk]), data)

    assert response.status_code == 302
    assert VisitPlan.objects.get(pk=plan.pk).retry_hours == 6


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"wait_hours": "19"}, "window_hours"),
        ({"window_hours": "0", "wait_hours": "0"}, "window_hours"),
        ({"max_attempts": "4"}, "max_attempts"),
    ],
)
def test_impossible_windows_and_attempts_are_refused_at_their_field(repairs, quinn, changes, field):
    page = add(quinn, plan_of(repairs.version.questionnaire, **changes))

    assert list(errors(page)) == [field]


def test_callers_read_plans_and_do_not_change_them(repairs, staff):
    ellen = Caller(staff.ellen)

    assert "low-score" in text_of(ellen.client.get(reverse(LIST)))
    assert add(ellen, plan_of(repairs.version.questionnaire)).status_code == 403


def test_the_list_warns_of_years_whose_holidays_were_not_entered(repairs, quinn):
    CalendarDay.objects.all().delete()

    page = text_of(quinn.client.get(reverse(LIST)))

    assert "are not on record" in page


def test_the_list_costs_the_same_with_one_and_three_rows(repairs, quinn):
    VisitPlan.objects.filter(trigger="low_score").delete()
    quinn.queries(reverse(LIST))
    one = quinn.queries(reverse(LIST))
    repairs.plan("low_score")
    repairs.plan("detractor")

    assert quinn.queries(reverse(LIST)) == one
