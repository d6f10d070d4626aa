"""The pages of problems."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback_site.common.clock import database_now
from feedback_site.improvements.enums import ClosingReason, ProblemSource
from feedback_site.improvements.models import Problem
from feedback_site.improvements.services import close_problem, finish_action, open_problems_of_weak_indicators
from tests.factories.improvements.fixtures import NOVEMBER

pytestmark = pytest.mark.django_db
LIST, ADD, CHANGE = (f"admin:improvements_problem_{page}" for page in ("changelist", "add", "change"))


def entry(team, **changes):
    facts = {
        "team": team.pk,
        "theme": "efficiency",
        "manifestation": "Customers wait at the door",
        "indicator": "",
        "root_cause": "One van",
        "direction": "Two vans",
        "owner": "",
        "due_at_0": "2026-12-24",
        "due_at_1": "10:00:00",
    }
    return facts | changes


def listed(page):
    return [row.manifestation for row in page.context["cl"].result_list]


def test_the_list_shows_the_problems_of_the_readers_scope(organisation, staff, state, visit):
    for team in (organisation.east, organisation.east_1, organisation.west_1):
        state(team, manifestation=team.code)

    assert listed(visit(staff.ellen, LIST)) == ["east-1"]
    assert set(listed(visit(staff.ada, LIST))) == {"east", "east-1"}
    assert set(listed(visit(staff.quinn, LIST))) == {"east", "east-1", "west-1"}
    assert visit(staff.max, LIST).status_code == 403


def test_open_problems_come_first_and_the_most_urgent_of_them_at_the_top(state, staff, visit, noon):
    close_problem(problem=state(manifestation="closed", due_at=noon), reason=ClosingReason.WITHDRAWN, at=noon)
    state(manifestation="some day")
    state(manifestation="next year", due_at=noon + timedelta(days=365))
    state(manifestation="overdue", due_at=noon - timedelta(days=365))

    page = visit(staff.ellen, LIST)

    assert listed(page) == ["overdue", "next year", "some day", "closed"]
    assert page.content.decode().count("Overdue") == 1


def test_the_list_tells_figure_and_baseline_apart_and_how_many_actions_are_proved(
    put_on_record, staff, plan, visit, noon
):
    put_on_record("3.62", 120)
    open_problems_of_weak_indicators(at=noon)
    plan(Problem.objects.get())

    text = visit(staff.ellen, LIST).content.decode()

    assert ("3.62 / 4" in text, "0 / 1" in text, "2026-11: 3.62 &lt; 4 (n = 120)" in text) == (
        True,
        True,
        True,
    )


def test_a_figure_that_lost_its_cases_is_hidden(put_on_record, staff, visit, noon):
    measurement = put_on_record("3.62", 120)
    open_problems_of_weak_indicators(at=noon)
    Problem.objects.update(manifestation="weak")
    measurement.n, measurement.value = 4, 3
    measurement.save()

    text = visit(staff.ellen, CHANGE, Problem.objects.get().pk).content.decode()

    assert "(baseline 4, n = –)" in text
    assert "3.00" not in text


def test_the_list_takes_as_many_queries_for_three_problems_as_for_one(
    organisation, staff, state, plan, visit
):
    plan(state(owner=staff.ellen))
    visit(staff.root, LIST)
    with CaptureQueriesContext(connection) as one:
        visit(staff.root, LIST)
    plan(state(organisation.east, owner=staff.ada))
    plan(state(organisation.west_1, owner=staff.wei))

    with CaptureQueriesContext(connection) as three:
        visit(staff.root, LIST)

    assert len(one) == len(three) <= 19


def test_a_problem_is_stated_by_hand_with_its_analysis(organisation, satisfaction, staff, visit):
    page = visit(
        staff.ellen, ADD, data=entry(organisation.east_1, indicator=satisfaction.pk, owner=staff.ellen.pk)
    )

    problem = Problem.objects.get()
    assert page.redirect_chain
    assert (problem.source, problem.team, problem.theme, problem.indicator, problem.owner) == (
        ProblemSource.MANUAL,
        organisation.east_1,
        "efficiency",
        satisfaction,
        staff.ellen,
    )
    assert (problem.root_cause, problem.direction, problem.due_at.isoformat()) == (
        "One van",
        "Two vans",
        "2026-12-24T02:00:00+00:00",
    )


def test_teams_and_owners_of_others_are_no_choice(organisation, staff, visit):
    page = visit(staff.ellen, ADD, data=entry(organisation.west_1, owner=staff.wei.pk))

    assert set(page.context["adminform"].form.errors) == {"team", "owner"}
    assert not Problem.objects.exists()


def test_an_analysis_is_written_down_and_stands_in_the_history(organisation, staff, state, visit):
    problem = state()

    visit(staff.ada, CHANGE, problem.pk, data=entry(organisation.east_1, root_cause="The label was wrong"))
    page = visit(staff.ellen, CHANGE, problem.pk)

    problem.refresh_from_db()
    assert problem.root_cause == "The label was wrong"
    assert [(item.who, item.sentence) for item in page.context["sheet"].history] == [
        ("ada", "Changed: theme, root cause, direction of improvement, due by"),
        ("", "Problem raised: raised by staff"),
    ]


def test_who_comes_too_late_is_told_and_changes_nothing(organisation, staff, state, visit, noon):
    problem = state()
    visit(staff.ellen, CHANGE, problem.pk)
    close_problem(problem=problem, reason=ClosingReason.WITHDRAWN, at=noon)

    assert visit(staff.ellen, CHANGE, problem.pk, data=entry(organisation.east_1)).status_code == 403
    assert Problem.objects.get().root_cause == ""


def test_no_problem_after_all_is_asked_and_then_closed(staff, state, visit):
    problem = state()
    address = f"/admin/improvements/problem/{problem.pk}/withdraw/"

    asked = visit(staff.ellen, address)
    standing = Problem.objects.get().status
    closed = visit(staff.ellen, address, data={})
    again = visit(staff.ellen, address, data={})

    problem.refresh_from_db()
    assert "Close this as “not a problem”?" in asked.content.decode()
    assert (standing, problem.status, problem.closing_reason) == ("open", "closed", "withdrawn")
    assert [str(message) for message in closed.context["messages"]] == [
        "The problem is closed as “not a problem”."
    ]
    assert [str(message) for message in again.context["messages"]] == ["This problem is closed already."]


def test_only_those_who_may_work_on_problems_are_offered_it(organisation, staff, state, visit):
    problem = state()
    address = f"/admin/improvements/problem/{problem.pk}/withdraw/"
    staff.ellen.groups.clear()
    staff.ellen.user_permissions.set(permissions("view_problem", "view_improvementaction"))

    page = visit(staff.ellen, CHANGE, problem.pk)

    assert "Plan an action" not in page.content.decode()
    assert visit(staff.ellen, address, data={}).status_code == 403
    assert visit(staff.wei, address, data={}).status_code == 404
    assert Problem.objects.get().status == "open"


def permissions(*codenames):
    from django.contrib.auth.models import Permission  # noqa: PLC0415 - apps are loaded by then

    return Permission.objects.filter(codename__in=codenames)


def test_the_page_names_its_event_only_to_those_who_may_see_it(organisation, staff, state, event, visit):
    problem = state(service_event=event)
    shown = "T-1" in visit(staff.ellen, CHANGE, problem.pk).content.decode()
    type(event).objects.update(team=organisation.west_1)

    assert shown
    assert "T-1" not in visit(staff.ellen, CHANGE, problem.pk).content.decode()


def test_plan_an_action_leads_to_its_form(staff, state, visit):
    problem = state()

    page = visit(staff.ellen, f"/admin/improvements/problem/{problem.pk}/plan/")

    assert page.url == f"/admin/improvements/improvementaction/add/?problem={problem.pk}"


def test_a_closed_problem_is_read_only_and_shows_its_proof(staff, state, plan, measure, visit):
    problem = state()
    finish_action(action=plan(problem), at=database_now())
    close_problem(problem=problem, reason=ClosingReason.WITHDRAWN, at=database_now())

    text = visit(staff.ellen, CHANGE, problem.pk).content.decode()

    assert "not a problem" in text
    assert "Mark as done" not in text
    assert "_save" not in text
    assert NOVEMBER.year == 2026


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_open_in_both_languages_with_nothing_and_with_much(
    organisation, staff, state, plan, event, visit, client, language
):
    empty = visit(staff.ellen, LIST)
    problem = state(service_event=event, owner=staff.ellen)
    for _ in range(3):
        plan(problem)
    client.cookies["django_language"] = language

    pages = [visit(staff.ellen, LIST), visit(staff.ellen, CHANGE, problem.pk), visit(staff.ellen, ADD)]

    assert [page.status_code for page in (empty, *pages)] == [200] * 4
