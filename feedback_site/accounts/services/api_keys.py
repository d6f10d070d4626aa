"""API keys: made once in clear, stored as a hash."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.models import ApiKey, Team

_PREFIX_BYTES, _SECRET_BYTES = 6, 32


def _hash(secret: str) -> bytes:
    # The secret has 256 random bits: a plain hash cannot be reversed, and a slow one would tax every call.
    return hashlib.sha256(secret.encode()).digest()


def create_api_key(
    *,
    name: str,
    grants: Sequence[Grant],
    team: Team | None = None,
    sources: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key and return it with its clear form `<prefix>.<secret>`, which is never shown again.

    The key sends events of `sources` only.
    """
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    key = ApiKey(
        name=name,
        prefix=secrets.token_hex(_PREFIX_BYTES),
        secret_hash=_hash(secret),
        grants=[grant.value for grant in grants],
        team=team,
        sources=list(sources),
        expires_at=expires_at,
    )
    key.full_clean()
    key.save()
    return key, f"{key.prefix}.{secret}"


def authenticate_api_key(*, credentials: str, at: datetime) -> ApiKey | None:
    """Return the usable key that `<prefix>.<secret>` belongs to."""
    prefix, _, secret = credentials.partition(".")
    key = ApiKey.objects.usable(at=at).select_related("team").filter(prefix=prefix).first()
    if key is None or not hmac.compare_digest(bytes(key.secret_hash), _hash(secret)):
        return None
    return key


def revoke_api_key(*, key: ApiKey, at: datetime) -> ApiKey:
    """End the key at once; revoking twice keeps the first moment."""
    ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=at)
    key.refresh_from_db()
    return key
