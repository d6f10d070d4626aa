"""Whether every key that stored values need is in the lists of keys."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from feedback_site.conservation.check import Check
from feedback_site.customers.services.keys_in_use import keys_in_use

_LATEST = 1000


def missing_keys(since: datetime | None = None) -> Iterator[tuple[str, str]]:
    """Yield each column and key id whose key is in no list, and how many values need it.

    A recent run looks at the latest rows.
    """
    for use in keys_in_use(latest=_LATEST if since is not None else None):
        if not use.is_configured:
            yield f"{use.column} {use.key_id.hex()}", f"{use.count} values need a key that is not configured"


KEYS_ARE_THERE = Check(
    slug="keys_are_there",
    sentence=_("every key that sealed values and contact indexes need is configured"),
    rows=missing_keys,
)
