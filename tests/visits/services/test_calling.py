"""One caller at a time has the customer on the line, and only that one reads the contact."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from feedback_site.accounts.models import AccessLogEntry
from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.conservation.access_log import broken_seals
from feedback_site.customers.services import record_consent
from visits.models import ReturnVisit
from visits.services.calling import hold_visit, release_visit
from visits.services.revealing import reveal_contact

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def visit(repairs) -> ReturnVisit:
    """Ellen's visit, due from 16:00."""
    return repairs.visit()


@pytest.fixture
def due(visit):
    return visit.due_from


def test_a_visit_is_held_for_ten_minutes_and_renewed_by_its_holder(visit, due, staff):
    hold_visit(visit=visit, by=staff.ellen, at=due)

    held = hold_visit(visit=visit, by=staff.ellen, at=due + 5 * MINUTE)

    assert (held.held_by, held.held_until) == (staff.ellen, due + 15 * MINUTE)


def test_the_second_caller_reads_who_is_on_the_line_and_until_when(visit, due, staff):
    hold_visit(visit=visit, by=staff.ellen, at=due)

    with pytest.raises(
        ConflictError, match=r"^ellen is in contact with this customer until 16:10\.$"
    ) as refusal:
        hold_visit(visit=visit, by=staff.ada, at=due + MINUTE)

    assert refusal.value.extra == {"held_by": "ellen", "held_until": due + 10 * MINUTE}
    visit.refresh_from_db()
    assert visit.held_by == staff.ellen


def test_a_hold_that_ran_out_or_was_given_back_is_free(visit, due, staff):
    hold_visit(visit=visit, by=staff.ellen, at=due)
    assert hold_visit(visit=visit, by=staff.ada, at=due + 10 * MINUTE).held_by == staff.ada

    release_visit(visit=visit, by=staff.ada, at=due + 11 * MINUTE)

    assert hold_visit(visit=visit, by=staff.ellen, at=due + 12 * MINUTE).held_by == staff.ellen


def test_no_caller_gives_back_what_another_holds(visit, due, staff):
    hold_visit(visit=visit, by=staff.ellen, at=due)

    assert release_visit(visit=visit, by=staff.ada, at=due).held_by == staff.ellen


def test_the_agent_concerned_does_not_get_the_line(repairs, visit, due, staff):
    repairs.employ(staff.ellen)

    with pytest.raises(DomainError, match="your own work"):
        hold_visit(visit=visit, by=staff.ellen, at=due)

    visit.refresh_from_db()
    assert visit.held_by is None


def test_no_customer_is_called_too_early(visit, due, staff):
    with pytest.raises(
        ConflictError, match=r"^Too early: the next attempt may be made from 2026-11-20 16:00\.$"
    ):
        hold_visit(visit=visit, by=staff.ellen, at=due - MINUTE)


def test_a_closed_visit_is_not_taken(repairs, visit, due, staff):
    repairs.attempt(visit, "wrong_number")

    with pytest.raises(ConflictError, match="has ended: Wrong number"):
        hold_visit(visit=visit, by=staff.ellen, at=due)


def test_a_customer_who_took_consent_back_is_not_called(visit, due, staff):
    record_consent(
        customer=visit.customer,
        purpose="visit",
        is_granted=False,
        stated_at=due,
        source="page",
        overrides_refusal=True,
    )

    with pytest.raises(DomainError, match="does not agree"):
        hold_visit(visit=visit, by=staff.ellen, at=due)


@pytest.mark.django_db(transaction=True)
def test_of_two_callers_at_once_one_gets_the_line(visit, due, staff):
    start, taken, refused = threading.Barrier(2, timeout=60), [], []

    def call(user):
        try:
            start.wait()
            taken.append(hold_visit(visit=visit, by=user, at=due).held_by)
        except ConflictError as error:
            refused.append(error.extra["held_by"])
        finally:
            connection.close()

    callers = [threading.Thread(target=call, args=(user,)) for user in (staff.ellen, staff.ada)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert (len(taken), refused) == (1, [taken[0].username])


def test_who_holds_the_visit_reads_the_contact_and_that_is_on_record(visit, due, staff):
    hold_visit(visit=visit, by=staff.ellen, at=due)

    contact = reveal_contact(visit=visit, by=staff.ellen, at=due + MINUTE)

    assert (contact.name, contact.phone) == ("王小明", "+8613800000001")
    entry = AccessLogEntry.objects.get()
    assert (entry.actor, entry.action, entry.subject_kind) == (
        f"user:{staff.ellen.pk}",
        "contact_revealed",
        "customer",
    )
    assert (entry.subject_id, entry.team_id, entry.details) == (
        str(visit.customer_id),
        visit.team_id,
        {"reason": "return_visit", "visit": str(visit.pk)},
    )
    assert (entry.at, list(broken_seals())) == (due + MINUTE, [])


def test_without_the_line_no_caller_reads_the_contact(visit, due, staff):
    with pytest.raises(ConflictError, match="Start the visit first"):
        reveal_contact(visit=visit, by=staff.ellen, at=due)

    hold_visit(visit=visit, by=staff.ellen, at=due)
    with pytest.raises(ConflictError, match="Start the visit first"):
        reveal_contact(visit=visit, by=staff.ellen, at=due + 10 * MINUTE)
    with pytest.raises(ConflictError, match="ellen is in contact with this customer"):
        reveal_contact(visit=visit, by=staff.ada, at=due)

    assert not AccessLogEntry.objects.exists()
