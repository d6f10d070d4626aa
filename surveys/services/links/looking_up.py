"""What a link leads to: one statement."""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime

from surveys.services.links.tokens import hash_token
from surveys.services.responses.statements import (
    SqlStatement,
    read_integer,
    read_moment,
    read_text,
    read_uuid,
)

TOKEN_PATTERN = r"[A-Za-z0-9_-]{22}"  # noqa: S105 - the shape of a token, not one
is_token = re.compile(TOKEN_PATTERN).fullmatch


@dataclass(frozen=True, slots=True)
class Link:
    """A known link at the moment it was looked up (`at`, by the database's clock)."""

    invitation_id: uuid.UUID
    version_id: int
    language: str
    purpose: str
    customer_id: uuid.UUID | None
    answered_at: datetime | None
    void_reason: str
    expires_at: datetime
    at: datetime
    question_set: str
    service_event_id: uuid.UUID | None

    @property
    def is_expired(self) -> bool:
        """Whether the link had ended when it was looked up."""
        return self.expires_at <= self.at


def find_link(token: str) -> Link | None:
    """Look a token up; None when it is malformed (without asking the database), unknown or revoked."""
    if not is_token(token):
        return None
    rows = _FIND.run(hash_token(token))
    return Link(*rows[0]) if rows else None


_FIND = SqlStatement(
    "find_link",
    """
SELECT id, version_id, language, purpose, customer_id, answered_at, void_reason, expires_at,
  clock_timestamp(),
    question_set, service_event_id
FROM surveys_invitation
WHERE token_hash = $1
""",
    returns=[
        read_uuid,
        read_integer,
        read_text,
        read_text,
        read_uuid,
        read_moment,
        read_text,
        read_moment,
        read_moment,
        read_text,
        read_uuid,
    ],
)
