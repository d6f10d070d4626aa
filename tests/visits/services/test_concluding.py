"""What an attempt brings: the next one, an end, a reopened case or a proof."""

import threading
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.improvements.models import Problem
from surveys.models import Invitation, PendingTally, Response
from surveys.services.tallies.tallying import consume_tallies
from visits.models import Escalation, VisitAttempt, VisitPlan
from visits.services import concluding
from visits.services.calling import hold_visit

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def test_the_customer_did_not_answer_and_the_next_attempt_is_computed(repairs, visit, staff):
    attempt = repairs.attempt(visit, "no_answer", note=" mailbox ")

    visit.refresh_from_db()
    assert (attempt.number, attempt.made_by, attempt.made_at, attempt.note) == (
        1,
        staff.ellen,
        visit.due_from,
        "mailbox",
    )
    assert (
        attempt.next_attempt_at == visit.next_attempt_at == shanghai("11-23T11:00")
    )  # four working hours after Friday 16:00
    assert (visit.status, visit.outcome, visit.attempts_made, visit.held_by) == ("open", "", 1, None)


def test_after_three_attempts_the_visit_ends_as_not_reached(repairs, visit):
    for _ in range(3):
        repairs.attempt(visit, "no_answer")
        visit.refresh_from_db()

    assert (visit.status, visit.outcome, visit.attempts_made, visit.next_attempt_at) == (
        "closed",
        "unreached",
        3,
        None,
    )
    assert visit.closed_at == visit.attempts.latest("number").made_at
    assert not Escalation.objects.exists()


def test_a_plan_may_allow_fewer_attempts(repairs):
    VisitPlan.objects.update(max_attempts=1)
    visit = repairs.visit()

    repairs.attempt(visit, "call_later")

    visit.refresh_from_db()
    assert (visit.status, visit.outcome) == ("closed", "unreached")


@pytest.mark.parametrize("outcome", ["refused", "wrong_number"])
def test_an_end_without_a_verdict_closes_the_visit_and_nothing_else(repairs, visit, outcome):
    repairs.attempt(visit, outcome)

    visit.refresh_from_db()
    assert (visit.status, visit.outcome, visit.invitation, visit.service_event.status) == (
        "closed",
        outcome,
        None,
        "completed",
    )
    assert not Response.objects.exists()


def test_the_customer_names_the_time_of_the_next_call(repairs, visit):
    repairs.attempt(visit, "call_later", call_at=shanghai("11-23T15:30"))

    visit.refresh_from_db()
    assert (visit.next_attempt_at, visit.attempts_made) == (shanghai("11-23T15:30"), 1)


@pytest.mark.parametrize(
    ("slot", "possible"),
    [
        ("11-20T20:00", "2026-11-23 09:00"),
        ("11-21T10:00", "2026-11-23 09:00"),
        ("11-23T08:00", "2026-11-23 09:00"),
    ],
)
def test_a_slot_at_night_or_on_a_weekend_is_refused_with_the_next_possible_one(
    repairs, visit, slot, possible
):
    with pytest.raises(
        DomainError, match=f"^Customers are not called at that time. The next possible time is {possible}.$"
    ):
        repairs.attempt(visit, "call_later", call_at=shanghai(slot))

    assert not VisitAttempt.objects.exists()


def test_a_slot_on_a_holiday_is_refused_and_a_made_up_saturday_is_not(repairs):
    served = shanghai("09-29T10:00")
    visit = repairs.visit(
        repairs.complaint(opened_at=served - HOUR, completed_at=served, at=served), at=served
    )

    with pytest.raises(DomainError, match="2026-10-08 09:00"):
        repairs.attempt(visit, "call_later", call_at=shanghai("10-01T10:00"))

    repairs.attempt(visit, "call_later", call_at=shanghai("10-10T10:00"))
    visit.refresh_from_db()
    assert visit.next_attempt_at == shanghai("10-10T10:00")


@pytest.mark.parametrize("slot", [None, "11-20T15:00", "12-25T10:00"])
def test_a_slot_is_needed_ahead_and_within_thirty_days(repairs, visit, slot):
    with pytest.raises(DomainError) as refusal:
        repairs.attempt(visit, "call_later", call_at=slot and shanghai(slot))

    assert refusal.value.extra == {"field": "call_at"}


def test_the_same_outcome_sent_twice_counts_once(repairs, visit):
    repairs.attempt(visit, "no_answer", at=visit.due_from)

    with pytest.raises(ConflictError, match="Too early"):
        repairs.attempt(visit, "no_answer", at=visit.due_from)

    assert VisitAttempt.objects.count() == 1


def test_a_closed_visit_takes_no_further_attempt(repairs, visit):
    repairs.attempt(visit, "refused", at=visit.due_from)

    with pytest.raises(ConflictError, match="has ended: Refused to talk"):
        repairs.attempt(visit, "no_answer", at=visit.due_from)


def test_who_lost_the_line_records_nothing(repairs, visit, staff):
    hold_visit(visit=visit, by=staff.ada, at=visit.due_from)

    with pytest.raises(ConflictError, match="ada is in contact with this customer"):
        repairs.attempt(visit, "no_answer")


def test_the_agent_concerned_records_nothing(repairs, visit, staff):
    repairs.employ(staff.ellen)

    with pytest.raises(DomainError, match="your own work"):
        repairs.attempt(visit, "no_answer", by=staff.ellen)


def test_a_verdict_needs_the_script(repairs, visit):
    with pytest.raises(DomainError, match="fill in the call script"):
        repairs.attempt(visit, "verified_resolved", script=None)

    with pytest.raises(DomainError) as refusal:
        repairs.attempt(visit, "not_resolved", script={"overall": ["6"]})
    assert list(refusal.value.extra["errors"]) == ["overall"]

    visit.refresh_from_db()
    assert (visit.status, visit.invitation, Invitation.objects.count(), VisitAttempt.objects.count()) == (
        "open",
        None,
        0,
        0,
    )


def test_what_the_customer_says_to_the_caller_is_a_response_of_its_own(repairs, noon):
    event = repairs.complaint()
    own = repairs.answer(event, score=2)
    visit = repairs.visit(event)

    repairs.attempt(visit, "verified_resolved")

    visit.refresh_from_db()
    said = visit.invitation.response
    assert (visit.invitation.purpose, visit.invitation.origin, visit.invitation.service_event) == (
        "visit",
        "interview",
        event,
    )
    assert (said.mode, said.satisfaction, said.submitted_at) == ("phone", 4, visit.closed_at)
    own.refresh_from_db()
    assert (own.satisfaction, own.invitation.purpose, Response.objects.count()) == (2, "survey", 2)
    assert PendingTally.objects.count() == consume_tallies(at=noon) == 1


def test_a_visit_on_site_is_stored_as_one(repairs):
    VisitPlan.objects.update(mode="on_site")
    visit = repairs.visit()

    repairs.attempt(visit, "verified_resolved")

    assert Response.objects.get().mode == "on_site"


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_at_the_last_step_leaves_nothing_and_the_attempt_can_be_recorded_again(
    repairs, visit, monkeypatch
):
    def die(*_args, **_kwargs):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(concluding, "ring", die)
        with pytest.raises(SystemExit):
            repairs.attempt(visit, "not_resolved")
    visit.refresh_from_db()
    visit.service_event.refresh_from_db()
    assert (visit.status, visit.attempts_made, visit.service_event.status) == ("open", 0, "completed")
    assert [model.objects.count() for model in (VisitAttempt, Escalation, Problem, Response)] == [0, 0, 0, 0]

    repairs.attempt(visit, "not_resolved")

    assert [model.objects.count() for model in (VisitAttempt, Escalation, Problem, Response)] == [1, 1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_of_two_callers_who_record_at_once_one_counts(repairs, visit, staff):
    start, recorded, refused = threading.Barrier(2, timeout=60), [], []

    def call(user):
        try:
            start.wait()
            recorded.append(repairs.attempt(visit, "not_resolved", by=user, at=visit.due_from))
        except ConflictError as error:
            refused.append(error)
        finally:
            connection.close()

    callers = [threading.Thread(target=call, args=(user,)) for user in (staff.ellen, staff.ada)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert (len(recorded), len(refused)) == (1, 1)
    assert [model.objects.count() for model in (VisitAttempt, Escalation, Problem, Response)] == [1, 1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_a_colleague_who_takes_the_line_reads_that_it_is_taken(visit, repairs, staff):
    """The record waits for the row while the colleague's transaction is open.

    It must see what that one wrote.
    """
    refused = []

    def record():
        try:
            repairs.attempt(visit, "no_answer", by=staff.ellen, at=visit.due_from)
        except ConflictError as error:
            refused.append(str(error))
        finally:
            connection.close()

    late = threading.Thread(target=record)
    with transaction.atomic():
        hold_visit(visit=visit, by=staff.ada, at=visit.due_from)
        late.start()
        _wait_for_a_waiting_lock()
    late.join()

    assert refused == ["ada is in contact with this customer until 16:10."]


def _wait_for_a_waiting_lock() -> None:
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            (waiting,) = cursor.fetchone()
        if waiting:
            return
        time.sleep(0.02)
    pytest.fail("no connection waited for a lock")
