"""Figures with their units, as pages and lists show them. No data is a dash, never 0."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from feedback_site.evaluations.enums import Unit
from feedback_site.evaluations.rules import period_in_words

register = template.Library()

DASH = "–"
# What a template hands over where the row that could hold a figure is missing.
_NO_ROW = ""
_PLACES = {
    Unit.PERCENT.value: 1,
    Unit.RATING.value: 2,
    Unit.HOURS.value: 2,
    Unit.MINUTES.value: 1,
    Unit.POINTS.value: 1,
}


@register.filter
def figure(value: Decimal | float | str | None, unit: str) -> str:
    """Return `value` with the unit's decimals and its sign: 93.0 %, 4.50, 1.20 h, +34.0."""
    return DASH if value is None or value == _NO_ROW else _with_unit(_number(value, unit), unit)


@register.filter
def limit(value: Decimal, unit: str) -> str:
    """Return a baseline or target without needless zeros: 95%, 4.5, 1.5 h, +40."""
    return _with_unit(_signed(number_format(f"{value.normalize():f}"), value, unit), unit)


@register.filter
def points(value: Decimal | float | str | None) -> str:
    """Return a score of 100 with one decimal."""
    return DASH if value is None or value == _NO_ROW else number_format(_rounded(value, 1), decimal_pos=1)


@register.filter
def cases(value: int | str | None) -> str:
    """Return a number of cases."""
    return (
        DASH
        if value is None or value == _NO_ROW
        else number_format(value, use_l10n=True, force_grouping=True)
    )


@register.simple_tag
def interval(low: Decimal | float | None, high: Decimal | float | None, unit: str) -> str:
    """Return a 95 % interval in the unit, or nothing."""
    if low is None or high is None:
        return ""
    ends = [_number(end, unit) for end in (low, high)]
    if unit == Unit.POINTS:
        # A dash between signed numbers reads as one sign more.
        return _("%(low)s to %(high)s") % {"low": ends[0], "high": ends[1]}
    return _with_unit("–".join(ends), unit)


@register.simple_tag
def period(kind: str, start: date) -> str:
    """Return a period as people write it: November 2026, 2026 Q4, 2026."""
    return period_in_words(kind, start)


def _number(value: Decimal | float | str, unit: str) -> str:
    rounded = _rounded(value, _PLACES[unit])
    return _signed(number_format(rounded, decimal_pos=_PLACES[unit]), rounded, unit)


def _signed(number: str, value: Decimal, unit: str) -> str:
    """Return a Net Promoter Score with its sign; other units have none."""
    if unit != Unit.POINTS or value == 0:
        return number.removeprefix("-") if value == 0 else number
    return f"+{number}" if value > 0 else f"−{number.removeprefix('-')}"


def _rounded(value: Decimal | float | str, places: int) -> Decimal:
    """Round half up: what is shown must not depend on a binary fraction."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _with_unit(number: str, unit: str) -> str:
    if unit == Unit.PERCENT:
        return f"{number}%"
    if unit == Unit.HOURS:
        return _("%(number)s h") % {"number": number}
    return _("%(number)s min") % {"number": number} if unit == Unit.MINUTES else number
