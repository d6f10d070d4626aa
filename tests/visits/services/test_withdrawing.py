from datetime import timedelta

import pytest

from feedback_site.customers.services import record_consent
from visits.models import ReturnVisit
from visits.services.calling import hold_visit
from visits.services.withdrawing import withdraw_visits

pytestmark = pytest.mark.django_db


def take_back(visit, at):
    record_consent(
        customer=visit.customer,
        purpose="visit",
        is_granted=False,
        stated_at=at,
        source="page",
        overrides_refusal=True,
    )


def test_the_visit_of_a_customer_who_takes_consent_back_ends_as_refused(repairs, noon):
    stays, ends = repairs.visit(), repairs.visit()
    take_back(ends, noon)

    assert withdraw_visits(at=noon) == 1

    ends.refresh_from_db()
    assert (ends.status, ends.outcome, ends.closed_at, ends.attempts_made) == ("closed", "refused", noon, 0)
    assert list(ReturnVisit.objects.open()) == [stays]
    assert withdraw_visits(at=noon) == 0


def test_a_customer_on_the_line_is_left_to_the_caller(repairs):
    visit = repairs.visit()
    hold_visit(visit=visit, by=visit.assignee, at=visit.due_from)
    take_back(visit, visit.due_from)

    assert withdraw_visits(at=visit.due_from) == 0
    assert withdraw_visits(at=visit.due_from + timedelta(minutes=10)) == 1
