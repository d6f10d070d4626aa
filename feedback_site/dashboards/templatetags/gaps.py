"""Differences of shares, as pages show them."""

from django import template
from django.utils.formats import number_format

from feedback_site.evaluations.templatetags.figures import DASH

register = template.Library()
_MINUS = "−"


@register.filter
def gap(points: float | None) -> str:
    """Return percentage points with their sign and one decimal: +3.2, −0.4; no data is a dash."""
    if points is None:
        return DASH
    number = number_format(abs(round(points, 1)), decimal_pos=1)
    if not round(points, 1):
        return number
    return f"+{number}" if points > 0 else f"{_MINUS}{number}"
