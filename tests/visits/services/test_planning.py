"""Each source asks for one visit, whatever runs twice; a case has one open visit."""

import threading
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from feedback_site.common.week_hours import WEEKDAY_NAMES
from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Customer
from feedback_site.customers.services import Wish, record_consent, state_preferences
from feedback_site.improvements.services import finish_action, open_problem, plan_action
from feedback_site.service_events.models import ServiceEventTransition, WorkingCalendar
from surveys.models import FollowUpRequest
from tests.factories.customers.case import upsert_customer
from visits.models import ReturnVisit, VisitPlan, VisitSource
from visits.services.planning import plan_visits

pytestmark = pytest.mark.django_db
ENDS, HOUR = ("from", "until"), timedelta(hours=1)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def sources() -> set[tuple[str, str]]:
    return set(VisitSource.objects.values_list("kind", "visit__service_event__external_id"))


def act(repairs, event, *, proof_kind="visit"):
    """A finished action against a problem of the event."""
    problem = open_problem(
        team=event.team,
        source="manual",
        manifestation="leaks again",
        service_event=event,
        at=repairs.noon - timedelta(days=2),
    )
    owner = repairs.staff.ada
    action = plan_action(
        problem=problem,
        measure="new seal",
        owner=owner,
        due_on=repairs.noon.date(),
        proof_kind=proof_kind,
        at=repairs.noon - timedelta(days=1),
    )
    finish_action(action=action, at=repairs.noon)
    return action


def test_a_closed_complaint_is_visited_after_four_and_within_twenty_two_working_hours(repairs, noon):
    event = repairs.complaint()

    assert plan_visits(at=noon) == 1

    visit = ReturnVisit.objects.get()
    assert (visit.trigger, visit.case_id, visit.service_event, visit.customer) == (
        "complaint_closed",
        event.pk,
        event,
        event.customer,
    )
    assert (visit.team, visit.credited_team, visit.agent, visit.mode) == (
        event.team,
        event.credited_team,
        event.agent,
        "phone",
    )
    assert (visit.due_from, visit.due_at) == (shanghai("11-20T16:00"), shanghai("11-24T16:00"))
    assert (visit.next_attempt_at, visit.max_attempts, visit.attempts_made, visit.assignee) == (
        visit.due_from,
        3,
        0,
        None,
    )
    completion = ServiceEventTransition.objects.get(event=event)
    assert VisitSource.objects.values_list("visit_id", "kind", "source_id").get() == (
        visit.pk,
        "complaint_closed",
        completion.pk,
    )


def test_due_dates_pass_over_national_day(repairs):
    repairs.complaint(
        completed_at=shanghai("09-30T17:00"), opened_at=shanghai("09-29T09:00"), at=shanghai("09-30T17:00")
    )

    plan_visits(at=shanghai("09-30T17:01"))

    visit = ReturnVisit.objects.get()
    # 1 to 7 October are off; 8 and 9 October and, made up for them, Saturday the 10th are worked.
    assert (visit.due_from, visit.due_at) == (shanghai("10-08T12:00"), shanghai("10-10T12:00"))


def test_a_visit_waits_and_is_due_by_its_teams_days_and_is_made_in_its_hours_for_calls(repairs, organisation):
    evenings = {f"{day}_{end}": time(18 if end == "from" else 20) for day in WEEKDAY_NAMES for end in ENDS}
    every_day = {f"{day}_{end}": time(9 if end == "from" else 18) for day in WEEKDAY_NAMES for end in ENDS}
    WorkingCalendar.objects.create(purpose="calls", team=organisation.east, **evenings)
    WorkingCalendar.objects.create(
        purpose="visits", team=organisation.east_1, keeps_public_holidays=False, **every_day
    )
    WorkingCalendar.objects.create(purpose="deadlines", monday_from=time(10))  # of other clocks
    served = shanghai("09-30T17:00")

    visit = repairs.visit(
        repairs.complaint(opened_at=served - HOUR, completed_at=served, at=served), at=served
    )

    # One hour of 30 September and three of the holiday; evenings keep public holidays, the station does not.
    assert visit.due_from == shanghai("10-08T18:00")
    assert visit.due_at == shanghai("10-10T18:00")


def test_planning_again_makes_nothing_more(repairs, noon):
    repairs.complaint()
    plan_visits(at=noon)

    assert plan_visits(at=noon) == plan_visits(at=noon, everything=True) == 0
    assert (ReturnVisit.objects.count(), VisitSource.objects.count()) == (1, 1)


def test_each_trigger_makes_its_visit(repairs, noon):
    repairs.plan("complex_case")
    repairs.plan("detractor")
    repairs.plan("improvement")
    plain = {"is_complaint": False}
    repairs.complaint()
    repairs.complaint(complexity="complex", **plain)
    repairs.answer(repairs.complaint(**plain), score=2)
    detractor = repairs.complaint(**plain).customer
    repairs.answer(None, score=3, customer=detractor)
    act(repairs, repairs.complaint(**plain))

    assert plan_visits(at=noon) == 5

    assert sources() == {
        ("complaint_closed", "T-1"),
        ("complex_case", "T-2"),
        ("low_score", "T-3"),
        ("detractor", None),
        ("improvement", "T-5"),
    }
    assert ReturnVisit.objects.get(trigger="detractor").case_id == detractor.pk
    assert FollowUpRequest.objects.count() == 2


def test_an_ordinary_case_and_an_urgent_one_make_no_visit(repairs, noon):
    repairs.plan("complex_case")
    repairs.complaint(is_complaint=False)
    repairs.complaint(is_complaint=False, complexity="urgent")

    assert plan_visits(at=noon) == 0


def test_a_trigger_without_an_active_plan_makes_no_visit(repairs, noon):
    VisitPlan.objects.update(is_active=False)
    repairs.complaint()

    assert plan_visits(at=noon) == 0


def test_a_second_source_joins_the_open_visit_and_the_first_stays_the_trigger(repairs, noon):
    event = repairs.complaint()
    plan_visits(at=noon)
    repairs.answer(event, score=1)

    assert plan_visits(at=noon + timedelta(hours=1)) == 1

    visit = ReturnVisit.objects.get()
    assert visit.trigger == "complaint_closed"
    assert sorted(visit.sources.values_list("kind", flat=True)) == ["complaint_closed", "low_score"]


def test_two_sources_of_one_case_in_one_sweep_share_a_visit(repairs, noon):
    repairs.answer(repairs.complaint(), score=1)

    assert plan_visits(at=noon) == 2
    assert list(ReturnVisit.objects.values_list("trigger", flat=True)) == ["complaint_closed"]


def test_a_limit_leaves_the_rest_to_the_next_run(repairs, noon):
    for _ in range(3):
        repairs.complaint()

    assert [plan_visits(at=noon, limit=2) for _ in range(3)] == [2, 1, 0]


def test_a_reopened_or_cancelled_case_waits_for_its_next_completion(repairs, noon):
    event = repairs.complaint()
    repairs.reopen(event, at=noon + timedelta(minutes=1))
    assert plan_visits(at=noon + timedelta(hours=1)) == 0

    repairs.complete(event, at=noon + timedelta(hours=2))

    assert plan_visits(at=noon + timedelta(hours=3)) == 1
    latest = ServiceEventTransition.objects.filter(event=event).latest("at")
    assert VisitSource.objects.get().source_id == latest.pk


def test_an_action_waits_until_its_case_is_completed(repairs, noon):
    VisitPlan.objects.update(is_active=False)
    repairs.plan("improvement")
    event = repairs.complaint()
    repairs.reopen(event, at=noon)
    act(repairs, event)
    assert plan_visits(at=noon) == 0

    repairs.complete(event, at=noon + timedelta(hours=1))

    assert plan_visits(at=noon + timedelta(hours=1)) == 1


def test_an_action_that_a_figure_proves_makes_no_visit(repairs, noon):
    repairs.plan("improvement")
    event = repairs.complaint(is_complaint=False)
    open_problem(team=event.team, source="manual", manifestation="slow", service_event=event, at=noon)

    assert plan_visits(at=noon) == 0


def test_replayed_history_makes_no_visits(repairs, noon):
    repairs.plan("improvement")
    event = repairs.complaint(is_replayed=True)
    repairs.answer(event, score=1, is_replayed=True)
    act(repairs, event)

    assert plan_visits(at=noon, everything=True) == 0


@pytest.mark.parametrize("consent", [None, False])
def test_without_consent_no_customer_is_visited(repairs, noon, consent):
    repairs.complaint(consent=consent)

    assert plan_visits(at=noon, everything=True) == 0
    assert not VisitSource.objects.exists()


def test_a_consent_that_was_taken_back_counts_as_none(repairs, noon):
    customer = repairs.complaint().customer
    record_consent(
        customer=customer,
        purpose="visit",
        is_granted=False,
        stated_at=noon,
        source="page",
        overrides_refusal=True,
    )

    assert plan_visits(at=noon) == 0


def test_consent_that_arrives_within_two_weeks_still_makes_the_visit(repairs, noon):
    customer = repairs.complaint(consent=None).customer
    later = noon + timedelta(days=10)
    record_consent(
        customer=customer,
        purpose="visit",
        is_granted=True,
        stated_at=later,
        source="page",
        overrides_refusal=True,
    )

    assert plan_visits(at=later) == 0  # behind the tick's window
    assert plan_visits(at=later, everything=True) == 1


def test_a_case_older_than_two_weeks_is_not_visited_any_more(repairs, noon):
    long_ago = noon - timedelta(days=15)
    repairs.complaint(completed_at=long_ago, opened_at=long_ago)

    assert plan_visits(at=noon, everything=True) == 0


def test_without_a_phone_a_customer_is_not_called_but_a_colleague_may_go_there(repairs, noon):
    repairs.complaint(phone="")
    assert plan_visits(at=noon) == 0

    VisitPlan.objects.filter(trigger="complaint_closed").update(mode="on_site")

    assert plan_visits(at=noon) == 1
    assert ReturnVisit.objects.get().mode == "on_site"


def test_an_answer_of_a_person_we_do_not_know_makes_no_visit(repairs, noon):
    repairs.plan("detractor")
    repairs.answer(None, score=1, customer=upsert_customer(source="crm", external_id="X"))
    repairs.answer(None, score=1, customer=None)

    assert plan_visits(at=noon) == 0


def test_a_case_that_is_completed_again_after_an_escalation_is_verified_even_if_it_was_no_complaint(
    repairs, noon
):
    VisitPlan.objects.filter(trigger="complaint_closed").delete()
    event = repairs.complaint(is_complaint=False)
    repairs.answer(event, score=2)
    repairs.attempt(repairs.visit(event), "not_resolved")
    later = noon + timedelta(days=3)
    repairs.complete(event, at=later)

    assert plan_visits(at=later) == 1

    visit = ReturnVisit.objects.open().get()
    assert (visit.trigger, visit.plan.trigger) == ("complaint_closed", "low_score")


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_plan_each_source_once(repairs, noon):
    for _ in range(30):
        repairs.answer(repairs.complaint(), score=1)
    start, made = threading.Barrier(2, timeout=60), []

    def work():
        try:
            start.wait()
            while ReturnVisit.objects.count() < 30 or VisitSource.objects.count() < 60:
                made.append(plan_visits(at=noon, limit=7))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert (sum(made), VisitSource.objects.count(), ReturnVisit.objects.count()) == (60, 60, 30)
    assert Customer.objects.count() == 30


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_visit_and_source_leaves_nothing_and_the_next_one_plans_both(
    repairs, noon, monkeypatch
):
    repairs.complaint()

    def die(*_args, **_kwargs):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(VisitSource.objects, "bulk_create", die)
        with pytest.raises(SystemExit):
            plan_visits(at=noon)
    assert (ReturnVisit.objects.count(), VisitSource.objects.count()) == (0, 0)

    assert plan_visits(at=noon) == 1
    assert (ReturnVisit.objects.count(), VisitSource.objects.count()) == (1, 1)


def refuse_visits(number: int, at: datetime) -> None:
    """Let another customer, who has the phone of the complaint with this number, refuse visits."""
    other = upsert_customer(source="crm", external_id=f"OTHER-{number}", phone=f"138{number:08d}")
    wish = Wish(source="page", at=at)
    state_preferences(customer=other, choices={Purpose.VISIT: False}, wish=wish)


@pytest.mark.parametrize("new_key_comes", ["never", "before the refusal", "before the complaint"])
def test_a_refused_phone_is_not_visited_under_whatever_key_it_is_on_record(
    repairs, noon, settings, new_key_comes
):
    keys = ["a new index key", *settings.BLIND_INDEX_KEYS]
    refused_first = new_key_comes == "before the complaint"
    if refused_first:
        refuse_visits(1, noon)
    if new_key_comes == "before the complaint":
        settings.BLIND_INDEX_KEYS = keys
    repairs.complaint()
    if new_key_comes == "before the refusal":
        settings.BLIND_INDEX_KEYS = keys
    if not refused_first:
        refuse_visits(1, noon)

    assert plan_visits(at=noon) == 0
    repairs.complaint()
    assert plan_visits(at=noon) == 1


def test_those_who_may_not_be_visited_keep_no_one_else_waiting(repairs, noon, settings):
    for _ in range(3):
        repairs.complaint(completed_at=noon - timedelta(hours=1))
    repairs.complaint()
    settings.BLIND_INDEX_KEYS = ["a new index key", *settings.BLIND_INDEX_KEYS]
    for number in (1, 2, 3):
        refuse_visits(number, noon)

    assert plan_visits(at=noon, limit=2) == 1
    assert sources() == {("complaint_closed", "T-4")}
