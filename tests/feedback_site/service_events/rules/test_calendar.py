"""Which calendar holds: the nearest team's, then the shared one, then the company's hours."""

from datetime import time

import pytest

from feedback_site.common.working_time import DayHours, WorkingTime
from feedback_site.service_events.enums import CalendarPurpose
from feedback_site.service_events.rules.calendar import WorkingTimes, nearest_owner

COMPANY, REGION, STATION, OTHER = 1, 2, 3, 4
PARENTS = {COMPANY: None, REGION: COMPANY, STATION: REGION, OTHER: COMPANY}


def opening_at(hour: int) -> WorkingTime:
    return WorkingTime((DayHours(time(hour), time(20)),) * 7)


TIMES = WorkingTimes(
    usual=opening_at(9),
    stated={
        CalendarPurpose.CALLS: {None: opening_at(10), REGION: opening_at(11)},
        CalendarPurpose.VISITS: {STATION: opening_at(12)},
    },
    parents=PARENTS,
)


@pytest.mark.parametrize(
    ("team", "purpose", "hour"),
    [
        (STATION, CalendarPurpose.CALLS, 11),
        (REGION, CalendarPurpose.CALLS, 11),
        (OTHER, CalendarPurpose.CALLS, 10),
        (COMPANY, CalendarPurpose.CALLS, 10),
        (STATION, CalendarPurpose.VISITS, 12),
        (REGION, CalendarPurpose.VISITS, 9),
        (STATION, CalendarPurpose.DEADLINES, 9),
    ],
)
def test_the_nearest_calendar_up_the_tree_holds(team, purpose, hour):
    assert TIMES.of(team, purpose) == opening_at(hour)


@pytest.mark.parametrize("purpose", CalendarPurpose)
def test_every_purpose_has_hours_in_every_team(purpose):
    assert all(isinstance(TIMES.of(team, purpose), WorkingTime) for team in [*PARENTS, 99])
    assert WorkingTimes(usual=opening_at(9)).of(STATION, purpose) == opening_at(9)


def test_a_circle_of_teams_ends_the_walk():
    assert nearest_owner(1, {7}, {1: 2, 2: 1}) is None
