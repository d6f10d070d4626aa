"""Times as people and programs write them into tables.

What could mean two moments is refused, never guessed.
"""

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError

DATE_ORDERS = ("dmy", "mdy")
_DAYS_TO_1904 = 1462
_SERIALS = range(36_526, 73_051)  # 2000 to 2099, in days since 1899-12-30
_FIRST_SERIAL = datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets know no zone
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK = (
    r"(?:(?:\s*t\s*|\s+|(?<=日)|(?=上午|下午|中午|晚上|凌晨|早上))"
    r"(?:星期[一二三四五六日天]|周[一二三四五六日天])?\s*"
    r"(?P<before>上午|下午|中午|晚上|凌晨|早上|am|pm)?\s*"
    r"(?P<hour>\d{1,2})(?:\s*[:时点]\s*(?P<minute>\d{1,2})(?:\s*[:分]\s*(?P<second>\d{1,2})(?:\.\d+)?)?\s*[分秒]?)?\s*[时点]?"
    r"\s*(?P<after>[ap]\.?m\.?)?)?"
)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?" + _CLOCK,
    re.IGNORECASE,
)
_YEAR_LAST = re.compile(
    r"(?P<first>\d{1,2})(?P<by>[-/.])(?P<second_part>\d{1,2})(?P=by)(?P<year>\d{4})" + _CLOCK, re.IGNORECASE
)
_DAY_NAME = re.compile(
    r"(?P<day>\d{1,2})[-\s](?P<name>[a-z]{3,9})\.?[-\s,]+(?P<year>\d{4}|\d{2})" + _CLOCK, re.IGNORECASE
)
_NAME_DAY = re.compile(
    r"(?P<name>[a-z]{3,9})\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})" + _CLOCK, re.IGNORECASE
)
_COMPACT = re.compile(
    r"(?P<year>20\d{2})(?P<month>\d{2})(?P<day>\d{2})(?:\s*(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2}))?)?"
)
_NUMBER = re.compile(r"\d+(\.\d+)?")
_SECONDS, _MILLISECONDS = range(946_684_800, 4_102_444_800), range(946_684_800_000, 4_102_444_800_000)
_DAY_HOURS = 24
# Which hours are said with a part of the day, and what they are on
# a clock of 24 hours. 晚上 12 点 may be the midnight of either day.
_BEFORE_NOON = {0: 0, 12: 0, **{hour: hour for hour in range(1, 12)}}
_AFTER_NOON = {
    0: 12,
    12: 12,
    **{hour: hour + 12 for hour in range(1, 12)},
    **{hour: hour for hour in range(13, 24)},
}
_HALVES: dict[str, dict[int, int]] = {
    "": {hour: hour for hour in range(25)},
    "am": _BEFORE_NOON,
    "上午": _BEFORE_NOON,
    "凌晨": {hour: _BEFORE_NOON[hour] for hour in (12, *range(7))},
    "早上": {hour: hour for hour in range(4, 12)},
    "中午": {11: 11, 12: 12, 1: 13, 2: 14, 13: 13, 14: 14},
    "晚上": {hour: _AFTER_NOON[hour] for hour in (*range(5, 12), *range(17, 24))},
    "下午": _AFTER_NOON,
    "pm": _AFTER_NOON,
}


class UnclearTimeError(DomainError):
    """A time that could be two moments, or that no clock ever showed."""


@dataclass(frozen=True, kw_only=True)
class TimeReader:
    """How a file writes its times: its zone, its own forms, the order of day and month.

    It also says from when the file counts days.
    """

    zone: ZoneInfo | None = None
    formats: Sequence[str] = field(default_factory=list)
    date_order: str = ""
    is_1904: bool = False

    def read(self, text: str) -> datetime | None:
        """Return the moment, with the file's zone where the text has none; None for what is no time.

        Raises `UnclearTimeError` where day and month cannot be told apart or hour and part of the
        day contradict each other, and for a time that the zone's clocks skipped or showed twice.
        """
        moment = self._moment(unicodedata.normalize("NFKC", text).strip())
        if moment is None or moment.tzinfo is not None or self.zone is None:
            return moment
        return _in_zone(moment, self.zone)

    def _moment(self, text: str) -> datetime | None:
        for form in self.formats:
            try:
                return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is added where the text has none
            except ValueError:
                continue
        with suppress(ValueError, OverflowError):
            return (
                self._number(text) if _NUMBER.fullmatch(text) else self._written(text) or parse_datetime(text)
            )
        return None

    def _number(self, text: str) -> datetime | None:
        """Read days as spreadsheets count them, seconds and milliseconds since 1970.

        Also dates without anything between.
        """
        compact = _COMPACT.fullmatch(text)
        if compact:
            return _made(compact["year"], compact["month"], compact["day"], compact)
        number = float(text)
        if int(number) in _SECONDS or int(number) in _MILLISECONDS:
            return datetime.fromtimestamp(number if int(number) in _SECONDS else number / 1000, UTC)
        days = number + (_DAYS_TO_1904 if self.is_1904 else 0)
        return _FIRST_SERIAL + timedelta(seconds=round(days * 86_400)) if int(days) in _SERIALS else None

    def _written(self, text: str) -> datetime | None:
        found = _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)
        if found:
            return _made(found["year"], found["month"], found["day"], found)
        found = _DAY_NAME.fullmatch(text) or _NAME_DAY.fullmatch(text)
        if found:
            month = next(
                (number for number, name in enumerate(_MONTHS, 1) if found["name"].lower().startswith(name)),
                0,
            )
            return _made(found["year"].zfill(4).replace("00", "20", 1), month, found["day"], found)
        found = _YEAR_LAST.fullmatch(text)
        return self._year_last(found) if found else None

    def _year_last(self, found: re.Match[str]) -> datetime:
        first, second = int(found["first"]), int(found["second_part"])
        order = self.date_order or ("dmy" if found["by"] == "." else "")
        if not order and first != second and max(first, second) <= len(_MONTHS):
            raise UnclearTimeError(
                _(
                    "Day and month cannot be told apart here. Write the date like 2026-01-31, or say in "
                    "which order they stand."
                )
            )
        day_first = order == "dmy" if order else first > len(_MONTHS)
        day, month = (first, second) if day_first else (second, first)
        return _made(found["year"], month, day, found)


def _made(year: str, month: object, day: object, clock: re.Match[str]) -> datetime:
    """Return a day with its time; 24:00 is the next day's midnight."""
    parts = clock.groupdict()
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    half = (parts.get("before") or parts.get("after") or "").lower().replace(".", "")
    if hour <= _DAY_HOURS and hour not in _HALVES[half]:
        raise UnclearTimeError(
            _("The hour does not go with the part of the day. Write the time like 2026-01-31 21:30.")
        )
    hour = _HALVES[half].get(hour, hour)
    days = 1 if (hour, minute, second) == (_DAY_HOURS, 0, 0) else 0
    made = datetime(  # noqa: DTZ001 - see `read`
        int(year), int(str(month)), int(str(day)), hour % _DAY_HOURS if days else hour, minute, second
    )
    return made + timedelta(days=days)


def _in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    first, second = moment.replace(tzinfo=zone, fold=0), moment.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) != moment:
        raise UnclearTimeError(
            _("There was no such time in %(zone)s: the clocks were put forward over it.") % {"zone": zone.key}
        )
    raise UnclearTimeError(
        _(
            "The clocks in %(zone)s showed this time twice, because they were put back. Write it with its "
            "offset, like %(example)s."
        )
        % {"zone": zone.key, "example": first.isoformat()}
    )
