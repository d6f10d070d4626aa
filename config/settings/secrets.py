"""Secrets of a checkout: made at random once, kept in the data folder, overruled by the environment."""

import hashlib
import hmac
import json
import os
import secrets
from contextlib import suppress
from pathlib import Path

from feedback_site.embedded.layout import make_data_dir

FILE_NAME = "secrets.json"
NAMES = (
    "SECRET_KEY",
    "TOKEN_KEYS",
    "FIELD_ENCRYPTION_KEYS",
    "BLIND_INDEX_KEYS",
    "ACCESS_LOG_KEYS",
    "SMS_GATEWAY_SECRET",
)
_RANDOM_BYTES = 48


def local_secrets(data_dir: Path) -> dict[str, str]:
    """Return the secrets kept in `data_dir`, making them at the first call.

    Processes that race for it agree on one set.
    """
    file = data_dir / FILE_NAME
    if not file.exists():
        _make(file)
    kept: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    # A checkout from before a secret had a name: all processes derive the same one, and write nothing.
    return {name: kept.get(name) or _derived(kept["SECRET_KEY"], name) for name in NAMES}


def _derived(secret_key: str, name: str) -> str:
    return hmac.new(secret_key.encode(), f"secret of a checkout|{name}".encode(), hashlib.sha256).hexdigest()


def _make(file: Path) -> None:
    make_data_dir(file.parent)
    draft = file.with_name(f".{FILE_NAME}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(
        json.dumps({name: secrets.token_urlsafe(_RANDOM_BYTES) for name in NAMES}, indent=2), encoding="utf-8"
    )
    # A link, unlike a rename, leaves the file of the process that was first.
    with suppress(FileExistsError):
        os.link(draft, file)
    draft.unlink()
