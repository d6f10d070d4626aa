"""Identifiers of rows that are many or public."""

import uuid

from uuid_utils.compat import uuid7 as _uuid7


def uuid7() -> uuid.UUID:
    """Return a time-ordered UUID (RFC 9562, version 7), so that new rows land at the end of the index."""
    return _uuid7()
