"""Files in the format of age: with the private key this site reads them, and the `age` program does too."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import pyrage
from django.utils.translation import gettext as _
from pyrage import x25519

from feedback_site.common.exceptions import DomainError


def recipients_of(keys: Sequence[str]) -> list[x25519.Recipient]:
    """Return those whom a backup is encrypted for, by their public keys (`age1...`)."""
    if not keys:
        raise DomainError(
            _(
                "Say whom backups are encrypted for: put a public key into BACKUP_KEYS. "
                "`manage.py backup_key FILE` makes a pair."
            )
        )
    try:
        return [x25519.Recipient.from_str(key) for key in keys]
    except pyrage.RecipientError as error:
        raise DomainError(_("BACKUP_KEYS holds what is no public key of age (age1...).")) from error


def make_key(file: Path) -> str:
    """Write a new private key into a file that only its owner reads, and return the public key."""
    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    try:
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(f"# public key: {public}\n{identity}\n", encoding="ascii")
    except FileExistsError as error:
        raise DomainError(
            _("%(file)s exists: name a new file, so that no key is overwritten.") % {"file": file}
        ) from error
    return public


def read_key(file: Path) -> x25519.Identity:
    """Return the private key in a file, as `backup_key` and `age-keygen` write it."""
    try:
        lines = file.read_text(encoding="ascii").split()
        return x25519.Identity.from_str(next(word for word in lines if word.startswith("AGE-SECRET-KEY-")))
    except (OSError, ValueError, StopIteration, pyrage.IdentityError) as error:
        raise DomainError(_("%(file)s holds no private key of a backup.") % {"file": file}) from error


def encrypt(source: IO[bytes], target: Path, recipients: Sequence[x25519.Recipient]) -> str:
    """Encrypt what comes from `source` into a file, a piece at a time, and return the file's SHA-256."""
    target.touch(mode=0o600, exist_ok=False)
    with target.open("wb") as file:
        digested = _Digested(file)
        pyrage.encrypt_io(source, digested, list(recipients))
        return digested.hexdigest()


def decrypt(source: Path, target: Any, key: x25519.Identity) -> None:
    """Decrypt a file into `target`, a piece at a time."""
    with source.open("rb") as file:
        try:
            pyrage.decrypt_io(file, target, [key])
        except (pyrage.DecryptError, OSError) as error:
            # Content that does not decrypt is an OSError without a number, unlike those of files and pipes.
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise DomainError(
                _("%(file)s cannot be decrypted: it was made for another key, or it was changed.")
                % {"file": source}
            ) from error


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


class _Digested:
    """Writes into a file and works out the SHA-256 on the way."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    def write(self, piece: bytes) -> int:
        self._digest.update(piece)
        return self._file.write(piece)

    def flush(self) -> None:
        self._file.flush()

    def hexdigest(self) -> str:
        return self._digest.hexdigest()
