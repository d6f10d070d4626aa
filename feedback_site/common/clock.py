"""The one clock: that of the database, so that servers whose clocks differ still agree on what is due."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from django.db import connection

Clock = Callable[[], datetime]


def database_now() -> datetime:
    """Return the database's present moment, with its zone.

    Views, API and tasks read it once and hand it to services as `at`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    return cast("datetime", now)


def clock_from(at: datetime) -> Clock:
    """Return a clock that says `at` now, and later that plus what has passed."""
    began = time.monotonic()
    return lambda: at + timedelta(seconds=time.monotonic() - began)
