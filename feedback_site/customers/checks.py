"""System checks: what is stored must stay readable with the keys of the site."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, transaction

from feedback_site.customers.services.keys_in_use import keys_in_use

# Of each column, from both ends: a key that is missing shows there at once, whatever the size of the table.
_LOOKED_AT = 50
_LISTS = {"field": "FIELD_ENCRYPTION_KEYS", "index": "BLIND_INDEX_KEYS"}


@register(Tags.database)
def keys_are_there(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Refuse to go on without a key that stored values need.

    Runs with `migrate` and so with `up`, and with `check --database default`.
    """
    if not databases:
        return []
    try:
        with transaction.atomic():
            uses = keys_in_use(latest=_LOOKED_AT)
    except DatabaseError:
        # Before the first migrations there is nothing to read.
        return []
    missing = {(use.kind, use.key_id): use.column for use in uses if not use.is_configured}
    return [
        Error(
            f"{_LISTS[kind]} lacks the key {key_id.hex()}, which {column} needs.",
            hint="Put it back into the list; after `manage.py rotate_keys` it can go.",
            id="feedback_site.E002",
        )
        for (kind, key_id), column in missing.items()
    ]
