"""A complaint that a customer sent by the voice page is visited like any other.

Once it is closed, and if the customer agreed.
"""

from datetime import timedelta

import pytest

from feedback_site.voice.enums import EntryKind
from feedback_site.voice.models import VoiceEntry
from feedback_site.voice.services import (
    EntryDraft,
    close_entry,
    follow_events,
    receive_entry,
    set_desk,
    submission_key,
)
from visits.models import ReturnVisit
from visits.services.planning import plan_visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(repairs, organisation, staff, noon):
    """A complaint of east-1, closed two hours after it came in."""

    def closed(**person) -> VoiceEntry:
        set_desk(team=organisation.east_1)
        draft = EntryDraft(kind=EntryKind.COMPLAINT, text="Still drips", **person)
        entry = receive_entry(
            draft=draft,
            key=submission_key(number="1", draft=draft),
            language="en",
            at=noon - timedelta(hours=2),
        ).entry
        return close_entry(entry=entry, by=staff.ellen, text="Repaired.", is_resolved=True, at=noon)

    return closed


def test_a_closed_complaint_is_visited(closed, noon):
    entry = closed(name="Ann", phone="+8613800000001", may_contact=True)

    assert plan_visits(at=noon) == 1

    visit = ReturnVisit.objects.get()
    assert (visit.service_event, visit.customer, visit.trigger) == (
        entry.service_event,
        entry.customer,
        "complaint_closed",
    )


def test_no_customer_is_visited_who_did_not_agree(closed, noon):
    closed()

    assert plan_visits(at=noon) == 0


def test_a_visit_that_finds_it_not_solved_reopens_the_complaint(closed, repairs, noon):
    entry = closed(name="Ann", phone="+8613800000001", may_contact=True)
    visit = repairs.visit(entry.service_event)

    repairs.attempt(visit, "not_resolved")
    follow_events(at=noon + timedelta(days=3))

    entry.refresh_from_db()
    assert (entry.state, entry.steps.order_by("at").last().kind) == ("in_work", "reopened")
