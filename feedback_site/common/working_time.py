"""Working time: pure arithmetic over hours and days that have been read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MIDNIGHT = time()
_ONE_DAY = timedelta(days=1)
_DAYS_OF_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class DayHours:
    """From when until when people work on a day; until 0:00 is until the end of that day."""

    opens_at: time
    closes_at: time

    def __post_init__(self) -> None:
        """Refuse a shift past midnight: a day's work would be the next day's."""
        if self.closes_at != MIDNIGHT and self.closes_at <= self.opens_at:
            message = f"Work that begins at {self.opens_at} cannot end at {self.closes_at}."
            raise ValueError(message)

    def span(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return when work begins and ends on this day of `zone`, in UTC."""
        last = day + _ONE_DAY if self.closes_at == MIDNIGHT else day
        return _moment(day, self.opens_at, zone), _moment(last, self.closes_at, zone)


Week = tuple[DayHours | None, ...]
OFFICE_HOURS = DayHours(time(9), time(18))
OFFICE_WEEK: Week = (*(OFFICE_HOURS for _day in range(5)), None, None)


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """The hours of each weekday from Monday on, and days that are stated to be workdays or days off.

    A workday that is stated on a weekday without hours has those of the first weekday with hours.
    Hours are the clock's, so that a day with a change of the clock may have one more or less.
    """

    week: Week = OFFICE_WEEK
    days: Mapping[date, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a week without work: no deadline would ever come."""
        if len(self.week) != _DAYS_OF_A_WEEK or not any(self.week):
            message = "A week has seven days, and at least one of them is a workday."
            raise ValueError(message)

    def hours_of(self, day: date) -> DayHours | None:
        """Return the hours of this day, None for a day off."""
        usual = self.week[day.weekday()]
        is_working = self.days.get(day)
        if is_working is None:
            return usual
        return (usual or next(filter(None, self.week))) if is_working else None

    def is_working_time(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Whether people work at this moment in `zone`; closing time itself is after work."""
        return self._start(moment, zone) == moment.astimezone(UTC)

    def next_working_time(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Return the moment itself where people work then, else the next opening."""
        return self._start(moment, zone).astimezone(zone)

    def add_hours(self, moment: datetime, hours: int, zone: ZoneInfo) -> datetime:
        """Return the moment `hours` working hours later.

        An end that falls on closing time stays there: it is a deadline, no start.
        """
        start, left = self._start(moment, zone), timedelta(hours=hours)
        for _day, opens, closes in self._workdays(start, zone):
            start = max(start, opens)
            if left <= closes - start:
                break
            left -= closes - start
        return (start + left).astimezone(zone)

    def start_after(self, moment: datetime, hours: int, zone: ZoneInfo) -> datetime:
        """Return the first moment at which people work, `hours` working hours later or more."""
        return self.next_working_time(self.add_hours(moment, hours, zone), zone)

    def add_workdays(self, moment: datetime, days: int, zone: ZoneInfo) -> datetime:
        """Return the moment `days` workdays later, at the same time of day or the nearest within its hours.

        What begins with a workday ends with one: its last workday counts to closing time.
        """
        start = self._start(moment, zone)
        workdays = self._workdays(start, zone)
        _day, opens, closes = next(workdays)
        begins_with_day = start == opens
        for _one in range(days - begins_with_day):
            day, opens, closes = next(workdays)
        if begins_with_day:
            return closes.astimezone(zone)
        same_time = _moment(day, start.astimezone(zone).time(), zone)
        return min(max(same_time, opens), closes).astimezone(zone)

    def _start(self, moment: datetime, zone: ZoneInfo) -> datetime:
        moment = moment.astimezone(UTC)
        return next(
            max(moment, opens) for _day, opens, closes in self._workdays(moment, zone) if moment < closes
        )

    def _workdays(self, moment: datetime, zone: ZoneInfo) -> Iterator[tuple[date, datetime, datetime]]:
        """Yield each workday from that of the moment on, with its beginning and end."""
        day = moment.astimezone(zone).date()
        while True:
            hours = self.hours_of(day)
            if hours is not None:
                yield day, *hours.span(day, zone)
            day += _ONE_DAY


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
