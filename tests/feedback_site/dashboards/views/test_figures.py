"""The pages of figures: who may open them, what the address asks for, and what it says wrongly."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback_site.dashboards.enums import PeriodPreset
from feedback_site.dashboards.rules import days_of
from tests.factories.cases import NOON

RATES, SAMPLE = "/admin/dashboards/response-rates/", "/admin/dashboards/representativeness/"
NOVEMBER = "?from=2026-11-01&to=2026-11-30"


# What signing in costs, and not the page.
SIGNING_IN = {"django_session", "axes_accessattempt"}


@pytest.fixture
def visit(client):
    def visit(user, address, language="en"):
        client.force_login(user)
        client.cookies["django_language"] = language
        return client.get(address)

    return visit


@pytest.mark.parametrize("page", [RATES, SAMPLE])
@pytest.mark.parametrize(
    ("who", "status"),
    [("ellen", 200), ("wei", 200), ("ada", 200), ("quinn", 200), ("max", 200), ("root", 200), ("vera", 403)],
)
def test_every_role_opens_its_figures_and_assessors_none(staff, visit, page, who, status):
    assert visit(getattr(staff, who), page).status_code == status


@pytest.mark.parametrize("page", [RATES, SAMPLE])
def test_strangers_are_asked_to_sign_in(organisation, client, page):
    response = client.get(page)

    assert (response.status_code, response.headers["Location"].startswith("/admin/login/")) == (302, True)


@pytest.mark.parametrize("page", [RATES, SAMPLE])
def test_figures_are_only_read(staff, client, page):
    client.force_login(staff.quinn)

    assert client.post(page).status_code == 405


@pytest.mark.parametrize(("page", "name"), [(RATES, "funnel"), (SAMPLE, "sample")])
def test_another_teams_cases_change_nothing(world, staff, visit, organisation, page, name):
    world.serve("submitted", 12)
    before = visit(staff.ellen, page + NOVEMBER).context[name]

    world.serve("submitted", 12, team=organisation.west_1)

    assert visit(staff.ellen, page + NOVEMBER).context[name] == before


def test_another_team_is_no_choice_and_no_answer(world, staff, visit):
    world.serve("submitted", 12)

    page = visit(staff.wei, f"{RATES}{NOVEMBER}&team=east-1")

    text = page.content.decode()
    assert "Team: Unknown. Known are: west-1 (the default is shown instead)" in text
    assert "East-1" not in text
    assert page.context["funnel"].is_empty


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        (
            "?period=eternity",
            "Period: Unknown. Known are: this_month, last_month, this_quarter, last_quarter, custom",
        ),
        ("?from=yesterday", "First day: Enter a valid date."),
        ("?from=2026-02-30", "First day: Enter a valid date."),
        ("?from=0001-01-01", "First day: This day is out of range."),
        ("?from=2026-11-10&to=2026-11-09", "Last day: The last day is before the first."),
        ("?from=2024-01-01&to=2026-11-09", "Last day: A period has at most 366 days."),
        ("?period=custom", "First day: State the first day."),
        ("?to=2026-11-09", "First day: State the first day."),
        ("?survey=unknown", "Survey rule: Unknown. Known are: after-service"),
        ("?kind=%00", "Service type: Unknown."),
        ("?channel=1%27--", "Service channel: Unknown."),
        ("?segment=%F0%9F%98%80", "Customer segment: Unknown."),
        ("?by=agent", "Break down by: Unknown."),
    ],
)
@pytest.mark.parametrize("page", [RATES, SAMPLE])
@time_machine.travel(NOON, tick=False)
def test_a_wrong_filter_is_named_and_the_default_shown(world, staff, visit, page, address, problem):
    found = visit(staff.quinn, page + address)

    assert found.status_code == 200
    assert any(line.startswith(problem) for line in found.context["form"].problems)
    if "Period" in problem or problem.startswith(("First day", "Last day")):
        today = timezone.localdate(found.context["now"])
        assert (found.context["period"].from_on, found.context["period"].to_on) == (
            today.replace(day=1),
            today,
        )


def test_unknown_words_in_the_address_are_passed_over(staff, visit):
    assert visit(staff.quinn, f"{RATES}?utm_source=mail&page=2").context["form"].problems == []


def test_links_keep_the_valid_part_of_the_address(world, staff, visit):
    world.serve("submitted", 30)

    text = visit(
        staff.quinn, f"{RATES}{NOVEMBER}&kind=after_sales_repair&channel=nowhere&by=kind"
    ).content.decode()

    kept = "period=custom&amp;from=2026-11-01&amp;to=2026-11-30&amp;kind=after_sales_repair"
    assert f'href="{SAMPLE}?{kept}&amp;by=kind"' in text
    assert f'href="?{kept}&amp;by=channel#breakdown"' in text
    assert "channel=nowhere" not in text


def test_a_group_leads_to_its_own_figures(world, staff, visit):
    world.serve("submitted", 30)
    world.serve("submitted", 20, team=staff.wei.team)

    text = visit(staff.quinn, RATES + NOVEMBER).content.decode()
    found = visit(staff.quinn, f"{RATES}{NOVEMBER}&by=team&team=east-1")

    assert "&amp;by=team&amp;team=east-1" in text
    assert found.context["funnel"].completed == 30


def test_the_default_period_is_this_month_until_today(staff, visit):
    with time_machine.travel(NOON, tick=False):
        page = visit(staff.quinn, RATES)

    today = timezone.localdate(page.context["now"])
    assert (page.context["period"].from_on, page.context["period"].to_on) == (today.replace(day=1), today)


@pytest.mark.parametrize(
    ("preset", "today", "days"),
    [
        ("this_month", date(2026, 11, 20), (date(2026, 11, 1), date(2026, 11, 20))),
        ("last_month", date(2026, 1, 31), (date(2025, 12, 1), date(2025, 12, 31))),
        ("this_quarter", date(2026, 11, 20), (date(2026, 10, 1), date(2026, 11, 20))),
        ("last_quarter", date(2026, 11, 20), (date(2026, 7, 1), date(2026, 9, 30))),
        ("last_quarter", date(2026, 3, 31), (date(2025, 10, 1), date(2025, 12, 31))),
    ],
)
def test_periods_have_names(preset, today, days):
    assert days_of(PeriodPreset(preset), today=today) == days


def test_a_named_period_goes_before_days(staff, visit):
    page = visit(staff.quinn, f"{RATES}?period=last_month&from=2026-11-01&to=2026-11-02")

    assert page.context["period"].from_on.day == 1
    assert (page.context["period"].to_on - page.context["period"].from_on).days >= 27


@pytest.mark.parametrize(
    ("page", "english", "chinese"),
    [
        (RATES, "From the completed event to the answer", "从服务完成到提交答卷"),
        (SAMPLE, "Customers served", "服务客户数"),
    ],
)
def test_the_pages_speak_both_languages(world, staff, visit, page, english, chinese):
    world.serve("submitted", 30)

    assert english in visit(staff.quinn, page + NOVEMBER).content.decode()
    assert chinese in visit(staff.quinn, page + NOVEMBER, language="zh-hans").content.decode()


@pytest.mark.parametrize("page", [RATES, SAMPLE])
def test_a_period_without_cases_says_what_to_do(staff, visit, page):
    text = visit(staff.quinn, f"{page}?from=2020-01-01&to=2020-01-31").content.decode()

    assert "Choose a longer period; events come in by API, webhook or file." in text


@pytest.mark.parametrize("page", [RATES, SAMPLE])
def test_three_cases_show_no_figure(world, staff, visit, page):
    world.serve("submitted", 3)

    text = visit(staff.quinn, page + NOVEMBER).content.decode()

    assert "With fewer than 5 results, single customers could be recognised" in text
    assert "100.0%" not in text
    assert "n = 3" not in text


@pytest.mark.parametrize("page", [RATES, SAMPLE])
def test_more_cases_take_no_more_queries(world, staff, visit, page):
    visit(staff.ada, page + NOVEMBER)
    found = []
    for times in (3, 60):
        world.scatter(times, seed=times)
        with CaptureQueriesContext(connection) as queries:
            visit(staff.ada, page + NOVEMBER)
        found.append(len([query for query in queries if not SIGNING_IN & set(query["sql"].split('"'))]))

    assert found[0] == found[1] <= 16


def test_the_menu_leads_to_the_figures_of_those_who_may_see_them(staff, visit):
    assert f'href="{RATES}"' in visit(staff.max, "/admin/").content.decode()
    assert f'href="{RATES}"' not in visit(staff.vera, "/admin/").content.decode()
