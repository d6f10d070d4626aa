"""Figures of campaigns, as pages and lists show them. No data is a dash, never 0."""

from datetime import date

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from feedback_site.evaluations.templatetags.figures import DASH, points

register = template.Library()

_MINUS, _HYPHEN = "\N{MINUS SIGN}", "-"
_MONTHS = 3


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
    return "" if low is None or high is None else _("%(low)s to %(high)s") % {"low": score(low), "high": score(high)}


@register.filter
def share(part: float | None) -> str:
    """Return a share of 1 in percent with one decimal."""
    return DASH if part is None else f"{number_format(round(part * 100, 1), decimal_pos=1)} %"
