"""Link tokens: derived from keys of their own, so that nothing that opens a questionnaire is ever stored."""

import base64
import hashlib
import hmac
import uuid

from django.conf import settings

from surveys.models import Invitation

_TOKEN_BYTES = 16
# Purposes of their own: no token of an invitation is one of a code shown on site.
_CODE, _FORM = "on-site code", "on-site form"


def newest_key_id() -> int:
    """Return the id of the key for new links. `TOKEN_KEYS` is newest first; ids count from the oldest, so they never shift."""
    return len(settings.TOKEN_KEYS) - 1


def make_token(*, purpose: str, invitation_id: uuid.UUID, generation: int, key_id: int) -> str:
    """Return base64url(HMAC-SHA256(key, purpose|id|generation)[:16]): 22 characters, 128 bits."""
    key = list(reversed(settings.TOKEN_KEYS))[key_id]
    message = f"{purpose}|{invitation_id}|{generation}".encode()
    digest = hmac.new(key.encode(), message, hashlib.sha256).digest()[:_TOKEN_BYTES]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_token(token: str) -> bytes:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).digest()


def token_of(invitation: Invitation) -> str:
    """Derive the token of an existing invitation."""
    return make_token(
        purpose=invitation.purpose,
        invitation_id=invitation.id,
        generation=invitation.token_generation,
        key_id=invitation.token_key_id,
    )


def link_of(invitation: Invitation) -> str:
    """Return the address that the customer is sent."""
    return f"{settings.PUBLIC_BASE_URL}/r/{token_of(invitation)}/"


def on_site_token(*, link_id: uuid.UUID, key_id: int, is_form: bool) -> str:
    """Derive the token of a code that is shown on site, or of the form that the code leads to."""
    return make_token(purpose=_FORM if is_form else _CODE, invitation_id=link_id, generation=1, key_id=key_id)
