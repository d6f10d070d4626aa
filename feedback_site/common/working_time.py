"""Working time: pure arithmetic over a calendar that has been read.

Apps below the one that keeps the calendar ask for it here.

The days are stated in an app further up, which says at its
start how they are read; without it the weekday rule holds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS_AT, CLOSES_AT = time(9), time(18)
WORKDAY_HOURS = 9
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """Days that are stated to be holidays or workdays.

    All others follow the weekday rule, Monday to Friday, 9:00 to 18:00.
    """

    days: Mapping[date, bool] = field(default_factory=dict)
    known_years: frozenset[int] = frozenset()

    def is_known(self, year: int) -> bool:
        """Whether the year's holidays are on record; else only the weekday rule is known."""
        return year in self.known_years

    def is_workday(self, day: date) -> bool:
        """Whether people work on this day."""
        return self.days.get(day, day.weekday() < _SATURDAY)

    def is_working_time(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Whether people work at this moment in `zone`; 18:00 itself is after work."""
        local = moment.astimezone(zone)
        return self.is_workday(local.date()) and OPENS_AT <= local.time() < CLOSES_AT

    def next_working_time(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Return the moment itself where people work then, else the next opening."""
        local = moment.astimezone(zone)
        if self.is_working_time(local, zone):
            return local
        day = local.date()
        if not (self.is_workday(day) and local.time() < OPENS_AT):
            day = self._next_workday(day)
        return datetime.combine(day, OPENS_AT, zone)

    def add_hours(self, moment: datetime, hours: int, zone: ZoneInfo) -> datetime:
        """Return the moment `hours` working hours later.

        An end that falls on closing time stays there: it is a deadline, no start.
        """
        local, left = self.next_working_time(moment, zone), timedelta(hours=hours)
        while left > (room := datetime.combine(local.date(), CLOSES_AT, zone) - local):
            left -= room
            local = datetime.combine(self._next_workday(local.date()), OPENS_AT, zone)
        return local + left

    def start_after(self, moment: datetime, hours: int, zone: ZoneInfo) -> datetime:
        """Return the first moment at which people work, `hours` working hours later or more."""
        return self.next_working_time(self.add_hours(moment, hours, zone), zone)

    def _next_workday(self, day: date) -> date:
        day += timedelta(days=1)
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day


CalendarReader = Callable[[datetime], WorkingTime]
_readers: list[CalendarReader] = []


def provide_calendar(read: CalendarReader) -> None:
    """State how the days around a moment are read; the latest statement holds."""
    _readers[:] = [read]


def working_calendar(at: datetime) -> WorkingTime:
    """Return the calendar that work at this moment needs; Monday to Friday where no app states the days."""
    return _readers[0](at) if _readers else WorkingTime()
