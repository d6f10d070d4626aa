"""Whose cases a plan is for."""

import pytest

from visits.models import ReturnVisit, VisitPlan
from visits.selectors.plans import reaches_of_plans
from visits.services.planning import plan_visits

pytestmark = pytest.mark.django_db


def plan_of(repairs, team, **changes):
    return repairs.plan("complaint_closed", slug=f"complaints-{team.code}", team=team, **changes)


def planned(repairs, *, team):
    event = repairs.complaint(team=team, agent=f"A-{team.code}")
    plan_visits(at=repairs.noon)
    return ReturnVisit.objects.get(service_event=event).plan


def test_without_owners_the_shared_plan_holds_for_all(repairs, organisation):
    shared = VisitPlan.objects.get(trigger="complaint_closed")

    assert planned(repairs, team=organisation.east_1) == planned(repairs, team=organisation.west_1) == shared


def test_a_region_s_own_plan_holds_for_its_stations_and_for_no_other(repairs, organisation):
    shared = VisitPlan.objects.get(trigger="complaint_closed")
    own = plan_of(repairs, organisation.east)

    assert planned(repairs, team=organisation.east_1) == own
    assert planned(repairs, team=organisation.west_1) == shared


def test_the_nearest_owner_wins(repairs, organisation):
    plan_of(repairs, organisation.east)
    nearest = plan_of(repairs, organisation.east_1)

    assert planned(repairs, team=organisation.east_1) == nearest


def test_a_region_with_a_plan_of_its_own_needs_no_shared_one(repairs, organisation):
    VisitPlan.objects.filter(trigger="complaint_closed").delete()
    own = plan_of(repairs, organisation.east)
    repairs.complaint(team=organisation.west_1, agent="A-west")

    assert planned(repairs, team=organisation.east_1) == own
    assert ReturnVisit.objects.count() == 1


def test_reaches_share_no_team_and_leave_none_out(repairs, organisation):
    plan_of(repairs, organisation.east)
    plan_of(repairs, organisation.east_1)

    station, region, shared = sorted(
        reaches_of_plans()["complaint_closed"], key=lambda reach: len(reach.within or ()) or 9
    )[:3]

    assert station.within is not None
    assert region.within is not None
    assert {*station.within, *region.within} == {organisation.east.pk, organisation.east_1.pk}
    assert not station.within & region.within
    assert shared.beyond == station.within | region.within
