"""The one clock: that of the database, so that servers whose clocks differ still agree on what is due."""

from datetime import datetime
from typing import cast

from django.db import connection


def database_now() -> datetime:
    """Return the database's present moment, with its zone.
    Edges read it once and hand it to services as `at`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    return cast("datetime", now)
