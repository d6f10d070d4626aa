"""A database of the journeys' own: several processes work on it, so nothing can be rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlencode

from django.core.management import call_command
from django.db import connection

from tests.plugins.quick_databases import connected_to, migrated_database


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """Make a migrated database, let Django's connection point at it for the block, yield its URL, drop it."""
    settings: dict[str, Any] = connection.settings_dict
    migrated = migrated_database()
    _maintain(
        f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{migrated}"'
    )
    try:
        with connected_to(name):
            call_command("migrate", verbosity=0, interactive=False)
            yield url_of(settings, name)
    finally:
        _maintain(f'DROP DATABASE "{name}" WITH (FORCE)')


def _maintain(*statements: str) -> None:
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def url_of(settings: dict[str, Any], name: str) -> str:
    """Return the address as other processes read it; a socket's folder travels as `?host=`."""
    user, password = quote(settings["USER"]), quote(settings["PASSWORD"])
    login = f"{user}:{password}@" if password else f"{user}@"
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    host = settings["OPTIONS"].get("host")
    options = f"?{urlencode({'host': host})}" if host else ""
    return f"postgres://{login}{settings['HOST']}{port}/{name}{options}"
