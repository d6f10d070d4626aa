"""Identifiers of rows that are many or public."""

import uuid
from datetime import datetime

from uuid_utils.compat import uuid7 as _uuid7


def uuid7() -> uuid.UUID:
    """Return a time-ordered UUID (RFC 9562, version 7), so that new rows land at the end of the index."""
    return _uuid7()


def first_id_at(moment: datetime) -> uuid.UUID:
    """Return the lowest id that a row made at `moment` can have.

    Ids begin with 48 bits of milliseconds (RFC 9562, section 5.7).
    """
    return uuid.UUID(int=(int(moment.timestamp() * 1000) << 80) | (0x7 << 76) | (0b10 << 62))
