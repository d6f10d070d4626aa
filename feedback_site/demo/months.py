"""The months of the demo's history: last quarter, and everything since."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS, CLOSES = 8, 20
# The newest cases have just ended, not this very moment.
_MARGIN = timedelta(minutes=2)
_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Volume:
    """How many cases a team has in a month.

    Of last quarter, since then, and at least in the month that has just begun.
    """

    last_quarter: int
    since: int
    least: int


@dataclass(frozen=True, slots=True)
class HistoryMonth:
    """A month of which history is made.

    Its first day, the time it covers so far, and how many cases each team has.
    """

    start_on: date
    starts_at: datetime
    ends_at: datetime
    cases: int

    def ended_at(self, dice: random.Random) -> datetime:
        """Return when one case ended: in working hours, unless the month is too young for that."""
        for _attempt in range(20):
            moment = self.starts_at + (self.ends_at - self.starts_at) * dice.random()
            if OPENS <= moment.hour < CLOSES:
                return moment
        return moment


def history_months(*, at: datetime, zone: ZoneInfo, volume: Volume) -> tuple[HistoryMonth, ...]:
    """Return the months from the start of last quarter to this month so far, oldest first.

    By the local calendar of `zone`.
    """
    local = at.astimezone(zone)
    this_quarter = quarter_of(local.date())
    starts = [this_quarter]
    while (following := month_after(starts[-1], 1)) <= local.date():
        starts.append(following)
    past = [month_after(this_quarter, -back) for back in range(_QUARTER, 0, -1)] + starts[:-1]
    whole = [
        _whole(start, zone, volume.last_quarter if start < this_quarter else volume.since) for start in past
    ]
    return (*whole, _so_far(starts[-1], local, zone, volume))


def quarter_of(day: date) -> date:
    """Return the first day of the day's quarter."""
    return date(day.year, day.month - (day.month - 1) % _QUARTER, 1)


def month_after(start: date, months: int) -> date:
    """Return the first day of the month so many months later."""
    count = start.year * 12 + start.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _whole(start: date, zone: ZoneInfo, cases: int) -> HistoryMonth:
    end = datetime.combine(month_after(start, 1), time.min, zone) - timedelta(minutes=5)
    return HistoryMonth(start, datetime.combine(start, time.min, zone), end, cases)


def _so_far(start: date, local: datetime, zone: ZoneInfo, volume: Volume) -> HistoryMonth:
    starts_at = datetime.combine(start, time.min, zone)
    share = (local - starts_at) / timedelta(days=31)
    return HistoryMonth(
        start,
        starts_at,
        max(local - _MARGIN, starts_at + timedelta(seconds=1)),
        max(volume.least, round(volume.since * share)),
    )
