"""System checks: an answer that was thanked for must survive a power cut."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

DURABLE_SETTINGS = ("fsync", "synchronous_commit", "full_page_writes")


@register(Tags.database)
def database_is_durable(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Refuse a database that acknowledges before it has written.

    Only where `REQUIRE_DURABLE_DATABASE` is set (production).

    Runs with `migrate` and with `check --database default`.
    """
    if not settings.REQUIRE_DURABLE_DATABASE:
        return []
    return [fault for alias in databases or () for fault in _faults(alias)]


def _faults(alias: str) -> list[CheckMessage]:
    faults: list[CheckMessage] = []
    with connections[alias].cursor() as cursor:
        for name in DURABLE_SETTINGS:
            cursor.execute("SELECT current_setting(%s)", [name])
            (value,) = cursor.fetchone()
            if value in {"off", "local"}:
                hint = (
                    f"Set {name} = on in PostgreSQL: with {value}, answers that were thanked for may be lost."
                )
                faults.append(
                    Error(f"PostgreSQL runs with {name} = {value}.", hint=hint, id="feedback_site.E001")
                )
    return faults
