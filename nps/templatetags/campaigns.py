"""Figures of campaigns, as pages and lists show them. No data is a dash, never 0."""

from datetime import date
from typing import Any

from django import template
from django.utils.translation import gettext as _

from feedback_site.evaluations.enums import Unit
from feedback_site.evaluations.rules import Visibility, visibility_of
from feedback_site.evaluations.templatetags.figures import DASH, figure, points

register = template.Library()

_MINUS, _HYPHEN = "\N{MINUS SIGN}", "-"
_MONTHS = 3
_HUNDRED = 100


@register.filter
def quarter(first: date) -> str:
    """Return the quarter that begins on `first`: 2026 Q4."""
    return _("%(year)d Q%(quarter)d") % {"year": first.year, "quarter": (first.month - 1) // _MONTHS + 1}


@register.filter
def score(value: float | None) -> str:
    """Return a net promoter score with one decimal and a true minus sign."""
    return points(value).replace(_HYPHEN, _MINUS)


@register.filter
def signed(value: float | None) -> str:
    """Return a difference in points with its sign."""
    shown = score(value)
    return f"+{shown}" if value is not None and value > 0 else shown


@register.simple_tag
def score_interval(low: float | None, high: float | None) -> str:
    """Return a 95 % interval of scores, or nothing."""
    return (
        ""
        if low is None or high is None
        else _("%(low)s to %(high)s") % {"low": score(low), "high": score(high)}
    )


@register.simple_tag
def rate(value: float | None, n: int) -> str:
    """Return a rate (0-1) of `n` people in percent; too few of them show none."""
    visibility = visibility_of(n)
    if value is None or visibility in {Visibility.NOTHING, Visibility.COUNT}:
        return DASH
    return figure(_HUNDRED * value, Unit.PERCENT)


@register.filter
def on_scale(value: float) -> str:
    """Return where a score stands on a line of 200 units from -100 to 100."""
    return f"{_HUNDRED + value:.2f}"


@register.simple_tag
def width_on_scale(low: float, high: float) -> str:
    """Return how many of 200 units an interval spans."""
    return f"{high - low:.2f}"


@register.filter
def stacked(shares: Any) -> list[dict[str, str]]:
    """Return the three shares (percent) side by side."""
    parts, x = [], 0.0
    for group in ("promoters", "passives", "detractors"):
        width: float = getattr(shares, group)
        parts.append({"group": group, "x": f"{x:.3f}", "width": f"{width:.3f}"})
        x += width
    return parts
