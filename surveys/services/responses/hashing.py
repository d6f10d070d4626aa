"""What tells answers from others: a keyed hash.

Without the key, what a mask covers cannot be tried out.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping

from django.conf import settings

from feedback_site.questionnaires.questions import Answer

to_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_PURPOSE = b"answers|"


def hash_answers(answers: Mapping[str, Answer]) -> bytes:
    """Return the keyed SHA-256 of the answers as they were given, whatever the order of their keys."""
    return _keyed(settings.BLIND_INDEX_KEYS[0], to_json(answers).encode())


def hashes_of(answers: Mapping[str, Answer]) -> list[bytes]:
    """Return all hashes under which the same answers may be on record.

    By each key, and without one, as it was once.
    """
    written = to_json(answers).encode()
    return [*(_keyed(key, written) for key in settings.BLIND_INDEX_KEYS), hashlib.sha256(written).digest()]


def _keyed(key: str, written: bytes) -> bytes:
    return hmac.digest(key.encode(), _PURPOSE + written, hashlib.sha256)
