"""Days and moments as people write them into filters.

A day without a time is the whole day, by a stated zone.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Zones move a day back or forth: the first and the last year that can be written have no room for that.
_FIRST_YEAR, _LAST_YEAR = 1900, 9998
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """What a written moment covers: a day, a minute or an instant; from `first` to before `after`."""

    first: datetime
    after: datetime


def day_span(day: date, *, zone: tzinfo) -> Span:
    """Return the day from midnight to midnight of `zone`; with a clock change it has 23 or 25 hours."""
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValidationError(_("Enter a date between 1900 and 9998."))
    return Span(datetime.combine(day, time.min, zone), datetime.combine(day + _DAY, time.min, zone))


def written_day(text: str) -> date:
    """Read a day in the reader's language or like 2026-11-30."""
    day: date | None = forms.DateField().to_python(text.strip())
    if day is None:
        raise ValidationError(forms.DateField.default_error_messages["invalid"], code="invalid")
    return day


def written_span(day_text: str, time_text: str, *, zone: tzinfo) -> Span:
    """Return the day, or with a time its minute; a time with seconds is an instant, which is included."""
    whole = day_span(written_day(day_text), zone=zone)
    if not time_text.strip():
        return whole
    clock = forms.TimeField().to_python(time_text) or time.min
    first = datetime.combine(whole.first.date(), clock, zone)
    covers_minute = not clock.second and not clock.microsecond
    return Span(first, first + (_MINUTE if covers_minute else timedelta(microseconds=1)))
