"""The two months of the demo's history."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS, CLOSES = 8, 20
# The newest cases have just ended, not this very moment.
_MARGIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class HistoryMonth:
    """A month of which history is made: its first day, the time it covers so far, and how many cases each team has."""

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


def history_months(*, at: datetime, zone: ZoneInfo, last_month_cases: int, least_cases: int) -> tuple[HistoryMonth, HistoryMonth]:
    """Return last month and this month so far, by the local calendar of `zone`."""
    local = at.astimezone(zone)
    this_start = local.date().replace(day=1)
    last_start = (this_start - timedelta(days=1)).replace(day=1)
    this_from, last_from = (datetime.combine(day, time.min, zone) for day in (this_start, last_start))
    so_far = max(local - _MARGIN, this_from + timedelta(seconds=1))
    share = (local - this_from) / timedelta(days=31)
    return (
        HistoryMonth(last_start, last_from, this_from - timedelta(minutes=5), last_month_cases),
        HistoryMonth(this_start, this_from, so_far, max(least_cases, round(last_month_cases * share))),
    )
