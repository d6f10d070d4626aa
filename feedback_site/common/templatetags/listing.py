"""Lists as pages show them."""

from collections.abc import Iterable

from django import template

from feedback_site.common.listing import listed as in_a_list

register = template.Library()


@register.filter
def listed(items: Iterable[object]) -> str:
    """Return the items with the mark that stands between them in the reader's language."""
    return in_a_list(items)
