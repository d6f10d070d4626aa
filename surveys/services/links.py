"""What a link leads to: one statement, whether the questionnaire is known to this process or not."""

import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from surveys.services.statements import run
from surveys.services.tokens import hash_token

TOKEN_PATTERN = r"[A-Za-z0-9_-]{22}"  # noqa: S105 - the shape of a token, not one


@dataclass(frozen=True)
class Link:
    """A known link at the moment it was looked up (`at`, by the database's clock)."""

    invitation_id: uuid.UUID
    version_id: int
    document: dict[str, Any] | None
    language: str
    purpose: str
    customer_id: uuid.UUID | None
    answered_at: datetime | None
    void_reason: str
    expires_at: datetime
    at: datetime

    @property
    def is_expired(self) -> bool:
        """Whether the link had ended when it was looked up."""
        return self.expires_at <= self.at


def find_link(token: str, *, known_versions: Sequence[int]) -> Link | None:
    """Look a token up; None when it is malformed (without asking the database), unknown or revoked.

    `document` comes along only for versions outside `known_versions`, so that a process that has just started needs one statement too.
    """
    if not re.fullmatch(TOKEN_PATTERN, token):
        return None
    rows = run(_FIND, {"token_hash": hash_token(token), "known": list(known_versions)})
    if not rows:
        return None
    invitation_id, version_id, document, *rest = rows[0]
    return Link(invitation_id, version_id, json.loads(document) if document else None, *rest)


_FIND = """
SELECT i.id, i.version_id, v.document::text, i.language, i.purpose, i.customer_id, i.answered_at, i.void_reason, i.expires_at,
    clock_timestamp()
FROM surveys_invitation i
LEFT JOIN surveys_questionnaireversion v ON v.id = i.version_id AND i.version_id <> ALL (%(known)s::bigint[])
WHERE i.token_hash = %(token_hash)s
"""
