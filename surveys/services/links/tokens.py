"""Link tokens: derived from keys of their own, so that nothing that opens a questionnaire is ever stored."""

import base64
import hashlib
import hmac
import uuid
from functools import lru_cache

from django.conf import settings

from surveys.models import Invitation

_TOKEN_BYTES = 16
# Ids of keys fill a column of two bytes. Lower ones are from before keys
# had ids: positions in the list of keys, counted from its end.
_FIRST_ID, _BEYOND_IDS = 256, 32_768
# Purposes of their own: no token of an invitation is one of a code shown on site.
_CODE, _FORM = "on-site code", "on-site form"


def newest_key_id() -> int:
    """Return the id of the key for new links.

    It is worked out from the key itself, so that no id shifts when another key goes.
    """
    return _id_of(settings.TOKEN_KEYS[0])


def make_token(*, purpose: str, invitation_id: uuid.UUID, generation: int, key_id: int) -> str:
    """Return base64url(HMAC-SHA256(key, purpose|id|generation)[:16]): 22 characters, 128 bits."""
    return _derive(_key_of(key_id), purpose=purpose, row_id=invitation_id, generation=generation)


def _derive(key: str, *, purpose: str, row_id: uuid.UUID, generation: int) -> str:
    message = f"{purpose}|{row_id}|{generation}".encode()
    digest = hmac.new(key.encode(), message, hashlib.sha256).digest()[:_TOKEN_BYTES]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@lru_cache(maxsize=16)
def _id_of(key: str) -> int:
    digest = hashlib.sha256(b"surveys: id of a token key|" + key.encode()).digest()
    return _FIRST_ID + int.from_bytes(digest[:4]) % (_BEYOND_IDS - _FIRST_ID)


def _key_of(key_id: int) -> str:
    if key_id < _FIRST_ID:
        return str(settings.TOKEN_KEYS[::-1][key_id])
    for key in settings.TOKEN_KEYS:
        if _id_of(key) == key_id:
            return str(key)
    raise LookupError(key_id)


def hash_token(token: str) -> bytes:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).digest()


def token_of(invitation: Invitation) -> str:
    """Derive the token of an existing invitation. LookupError when its key is gone.

    Older invitations state the position of their key in a list that may have changed since: the key whose
    token they know is theirs.
    """
    if invitation.token_key_id < _FIRST_ID and invitation.token_hash:
        for key in settings.TOKEN_KEYS:
            token = _derive(
                key, purpose=invitation.purpose, row_id=invitation.id, generation=invitation.token_generation
            )
            if hmac.compare_digest(hash_token(token), bytes(invitation.token_hash)):
                return token
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
