"""The pages of improvement actions."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback_site.common.clock import database_now
from feedback_site.improvements.models import ImprovementAction
from feedback_site.improvements.services import check_proofs, finish_action, prove_by_visit
from tests.factories.improvements.fixtures import NEW_YEAR

pytestmark = pytest.mark.django_db
LIST, ADD, CHANGE = (
    f"admin:improvements_improvementaction_{page}" for page in ("changelist", "add", "change")
)


@pytest.fixture
def entry(satisfaction, staff):
    """What the form sends."""

    def entry(problem, **changes):
        facts = {
            "problem": problem.pk,
            "measure": "Call ahead",
            "owner": staff.ellen.pk,
            "due_on": (database_now() + timedelta(days=7)).date().isoformat(),
            "resources": "",
            "proof_kind": "measurement",
            "standard_indicator": satisfaction.pk,
            "standard_value": "4.3",
        }
        return facts | changes

    return entry


def errors(page):
    return {field: list(sentences) for field, sentences in page.context["adminform"].form.errors.items()}


def test_an_action_is_planned_and_leads_back_to_its_problem(staff, state, entry, visit):
    problem = state()

    page = visit(staff.ellen, ADD, data=entry(problem))

    action = ImprovementAction.objects.get()
    assert page.redirect_chain[-1][0] == f"/admin/improvements/problem/{problem.pk}/change/"
    assert (action.problem, action.owner, action.standard_value, action.status) == (
        problem,
        staff.ellen,
        Decimal("4.3"),
        "planned",
    )


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        (
            {"standard_value": ""},
            {"standard_value": ["A later measurement needs an indicator and a target."]},
        ),
        (
            {"standard_indicator": ""},
            {"standard_indicator": ["A later measurement needs an indicator and a target."]},
        ),
        ({"standard_value": "88"}, {"standard_value": ["The value must lie between 1 and 5."]}),
        ({"due_on": "2020-01-01"}, {"due_on": ["The due date must not lie in the past."]}),
        (
            {"proof_kind": "visit"},
            {
                "proof_kind": [
                    (
                        "This problem is not about one service event, so no customer can be visited: "
                        "choose a later measurement."
                    )
                ]
            },
        ),
    ],
)
def test_what_nothing_could_prove_is_said_beside_its_field(staff, state, entry, visit, changes, wrong):
    page = visit(staff.ellen, ADD, data=entry(state(), **changes))

    assert errors(page) == wrong
    assert not ImprovementAction.objects.exists()


def test_a_visit_needs_no_figure_whatever_the_hidden_fields_say(staff, state, event, entry, visit):
    visit(staff.ellen, ADD, data=entry(state(service_event=event), proof_kind="visit"))

    action = ImprovementAction.objects.get()
    assert (action.proof_kind, action.standard_indicator, action.standard_value) == ("visit", None, None)


def test_problems_and_owners_of_others_are_no_choice(organisation, staff, state, entry, visit):
    page = visit(staff.ellen, ADD, data=entry(state(organisation.west_1), owner=staff.wei.pk))

    assert set(errors(page)) == {"problem", "owner"}


def test_the_form_proposes_what_the_problem_suggests(staff, state, event, satisfaction, visit):
    about_a_case = state(service_event=event, owner=staff.ellen)
    about_a_figure = state(indicator=satisfaction)

    initial = [
        visit(staff.ellen, f"/admin/improvements/improvementaction/add/?problem={problem.pk}")
        .context["adminform"]
        .form.initial
        for problem in (about_a_case, about_a_figure)
    ]

    assert [(found["proof_kind"], found["owner"], found["standard_indicator"]) for found in initial] == [
        ("visit", staff.ellen.pk, None),
        ("measurement", None, satisfaction.pk),
    ]


@pytest.mark.parametrize("named", ["nonsense", "0190a000-0000-7000-8000-000000000000"])
def test_an_address_that_names_no_problem_opens_an_empty_form(organisation, staff, state, visit, named):
    assert (
        visit(staff.ellen, f"/admin/improvements/improvementaction/add/?problem={named}").status_code == 200
    )


def test_a_plan_is_changed_until_it_is_done(staff, state, plan, entry, visit):
    action = plan(state())

    visit(staff.ellen, CHANGE, action.pk, data=entry(action.problem, measure="Call an hour ahead"))
    finish_action(action=action, at=database_now())
    refused = visit(staff.ellen, CHANGE, action.pk, data=entry(action.problem, measure="Call never"))

    action.refresh_from_db()
    assert (action.measure, refused.status_code) == ("Call an hour ahead", 403)


def test_an_action_is_marked_as_done_by_a_post_and_once(staff, state, plan, visit):
    action = plan(state())
    address = f"/admin/improvements/improvementaction/{action.pk}/finish/"

    asked = visit(staff.ellen, address)
    standing = ImprovementAction.objects.get().status
    done = visit(staff.ellen, address, data={})
    again = visit(staff.ellen, address, data={})

    assert "Was this action carried out?" in asked.content.decode()
    assert (standing, ImprovementAction.objects.get().status) == ("planned", "done")
    assert [str(message) for message in done.context["messages"]] == [
        "The action is marked as done. The system now looks for evidence that it worked."
    ]
    assert [str(message) for message in again.context["messages"]] == ["This action is done already."]


def test_staff_do_not_finish_what_is_not_theirs(staff, state, plan, visit):
    action = plan(state())
    address = f"/admin/improvements/improvementaction/{action.pk}/finish/"

    assert visit(staff.wei, address, data={}).status_code == 404
    assert visit(staff.max, address, data={}).status_code == 403
    assert ImprovementAction.objects.get().status == "planned"


def test_a_proof_is_shown_with_its_link(staff, state, plan, measure, event, noon, visit):
    by_figure, by_visit = (
        plan(state(), done_at=noon),
        plan(state(service_event=event), proof_kind="visit", done_at=noon),
    )
    proof, visited = measure("4.5", 40), uuid.uuid4()
    check_proofs(at=NEW_YEAR)
    prove_by_visit(action_ids=[by_visit.pk], service_event_id=None, visit_id=visited, is_good=True, at=noon)

    texts = [visit(staff.ellen, CHANGE, action.pk).content.decode() for action in (by_figure, by_visit)]
    problems = [
        visit(staff.ellen, f"/admin/improvements/problem/{action.problem_id}/change/").content.decode()
        for action in (by_figure, by_visit)
    ]

    assert all(
        f"/admin/evaluations/measurement/{proof.pk}/change/" in text for text in (texts[0], problems[0])
    )
    assert "4.50, December 2026" in texts[0]
    assert all(f"/admin/visits/returnvisit/{visited}/change/" in text for text in (texts[1], problems[1]))


def test_the_list_puts_what_waits_first_and_flags_what_is_late(staff, state, plan, noon, visit):
    problem = state()
    plan(problem, measure="failed", done_at=noon)
    ImprovementAction.objects.update(status="failed")
    late = plan(problem, measure="late")
    ImprovementAction.objects.filter(pk=late.pk).update(due_on=date(2026, 1, 1))
    plan(problem, measure="due in ten years", due_on=date(2036, 1, 1))

    page = visit(staff.ellen, LIST)

    assert [row.measure for row in page.context["cl"].result_list] == ["late", "due in ten years", "failed"]
    assert page.content.decode().count("Overdue") == 1
    assert "Customer satisfaction ≥ 4.2" in page.content.decode()


def test_the_list_takes_as_many_queries_for_three_actions_as_for_one(organisation, staff, state, plan, visit):
    plan(state())
    visit(staff.root, LIST)
    with CaptureQueriesContext(connection) as one:
        visit(staff.root, LIST)
    plan(state(organisation.east))
    plan(state(organisation.west_1))

    with CaptureQueriesContext(connection) as three:
        visit(staff.root, LIST)

    assert len(one) == len(three) <= 19
