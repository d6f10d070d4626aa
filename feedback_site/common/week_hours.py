"""Working hours of each weekday, as columns of a row."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.dates import WEEKDAYS
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from feedback_site.common.working_time import MIDNIGHT, OFFICE_WEEK, DayHours, Week

WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# The fields of each weekday, side by side, as forms show them.
WEEK_FIELDS = tuple((f"{name}_from", f"{name}_until") for name in WEEKDAY_NAMES)


def _opening(weekday: int) -> Any:
    hours = OFFICE_WEEK[weekday]
    label = format_lazy(_("{day} from"), day=WEEKDAYS[weekday])
    return models.TimeField(label, null=True, blank=True, default=hours.opens_at if hours else None)


def _closing(weekday: int) -> Any:
    hours = OFFICE_WEEK[weekday]
    label = format_lazy(_("{day} until"), day=WEEKDAYS[weekday])
    return models.TimeField(label, null=True, blank=True, default=hours.closes_at if hours else None)


class WeekHours(models.Model):
    """From when until when people work on each weekday; a weekday without hours is a day off."""

    monday_from, monday_until = _opening(0), _closing(0)
    tuesday_from, tuesday_until = _opening(1), _closing(1)
    wednesday_from, wednesday_until = _opening(2), _closing(2)
    thursday_from, thursday_until = _opening(3), _closing(3)
    friday_from, friday_until = _opening(4), _closing(4)
    saturday_from, saturday_until = _opening(5), _closing(5)
    sunday_from, sunday_until = _opening(6), _closing(6)

    class Meta:
        abstract = True

    @property
    def week(self) -> Week:
        """The hours of each weekday from Monday on."""
        pairs = ((getattr(self, opens), getattr(self, closes)) for opens, closes in WEEK_FIELDS)
        return tuple(DayHours(opens, closes) if opens is not None else None for opens, closes in pairs)


def week_constraints() -> Iterator[models.CheckConstraint]:
    """Yield what every row with such hours is held to."""
    for (opens, closes), day, name in zip(WEEK_FIELDS, WEEKDAYS.values(), WEEKDAY_NAMES, strict=True):
        yield models.CheckConstraint(
            condition=_is_day_off(opens, closes) | _is_in_order(opens, closes),
            name=f"%(class)s_{name}_ends_after_it_begins",
            violation_error_message=format_lazy(
                _(
                    "{day}: state from when until when, the end after the beginning and at 0:00 at the "
                    "latest, or nothing for a day off. A shift past midnight cannot be stated."
                ),
                day=day,
            ),
        )
    has_workday = Q()
    for opens, _closes in WEEK_FIELDS:
        has_workday |= Q(**{f"{opens}__isnull": False})
    yield models.CheckConstraint(
        condition=has_workday,
        name="%(class)s_has_a_workday",
        violation_error_message=_("State the hours of at least one weekday."),
    )


def _is_day_off(opens: str, closes: str) -> Q:
    return Q(**{f"{opens}__isnull": True, f"{closes}__isnull": True})


def _is_in_order(opens: str, closes: str) -> Q:
    is_later = Q(**{f"{closes}__gt": F(opens)}) | Q(**{closes: MIDNIGHT})
    return Q(**{f"{opens}__isnull": False, f"{closes}__isnull": False}) & is_later


def written_week(week: Week) -> str:
    """Return the hours as people write them, weekdays in a row with the same hours together."""
    parts = []
    for hours, days in groupby(enumerate(week), key=lambda pair: pair[1]):
        numbers = [number for number, _hours in days]
        if hours is not None:
            parts.append(f"{_written_days(numbers[0], numbers[-1])} {_written_hours(hours)}")
    return " · ".join(parts)


def _written_days(first: int, last: int) -> str:
    if first == last:
        return str(WEEKDAYS[first])
    return gettext("%(first)s to %(last)s") % {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}


def _written_hours(hours: DayHours) -> str:
    end = "24:00" if hours.closes_at == MIDNIGHT else f"{hours.closes_at:%H:%M}"
    return f"{hours.opens_at:%H:%M}-{end}"
