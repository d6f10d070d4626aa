"""How often one caller may use a form.

Counted in PostgreSQL, under a keyed hash that changes with each window.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection

from feedback_site.common.client_address import network_of
from feedback_site.common.models import RateCount

_COUNT = """
    INSERT INTO common_ratecount (key, ends_at, count) VALUES (%s, %s, 1)
    ON CONFLICT (key) DO UPDATE SET count = common_ratecount.count + 1
    RETURNING count
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` uses within a window; windows follow each other on the clock. 0 sets no limit."""

    most: int
    window: timedelta


def count_use(*, form: str, address: str, limits: Sequence[Limit], at: datetime) -> Limit | None:
    """Count one use of `form` from an IP address.

    Returns the limit that it passes, None while it is within all of them.

    Call it outside a transaction that may be taken back. The
    address is not stored and cannot be told from the hash.
    """
    passed = None
    for limit in limits:
        if limit.most and _count(form, address, limit, at) > limit.most:
            passed = passed or limit
    return passed


def forget_old_counts(*, at: datetime) -> int:
    """Delete the counts of windows that are over and return how many."""
    return RateCount.objects.filter(ends_at__lt=at).delete()[0]


def _count(form: str, address: str, limit: Limit, at: datetime) -> int:
    seconds = int(limit.window.total_seconds())
    window = int(at.timestamp()) // seconds
    text = f"rate|{form}|{network_of(address)}|{seconds}|{window}"
    key = hmac.new(settings.BLIND_INDEX_KEYS[0].encode(), text.encode(), hashlib.sha256).digest()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key, datetime.fromtimestamp((window + 1) * seconds, UTC)])
        (count,) = cursor.fetchone()
    return int(count)
