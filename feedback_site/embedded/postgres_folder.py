"""Where PostgreSQL's own files lie: in the data folder, or where its account can reach them.

PostgreSQL refuses root, so root lends it another account, which cannot enter a folder
such as `/root`. Modes of folders that are not ours stay as they are; the cluster of
such a checkout then lies below `/var/lib`, and a file in the data folder says where.
"""

import hashlib
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path

from feedback_site.embedded.account import Account, account_for
from feedback_site.embedded.exceptions import EmbeddedServersUnavailable

POINTER = "postgres-folder"
# The second is for systems without the first, or with one that nothing can be written to.
OUTSIDE = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - the folder made in it is private and its owner is checked
_NAME = "feedback-site"


def postgres_folder(data_dir: Path) -> Path:
    """Return where PostgreSQL's files of a data folder lie; nothing is made."""
    if os.geteuid() != 0:
        return data_dir / "postgres"
    with suppress(OSError):
        return Path((data_dir / POINTER).read_text(encoding="utf-8").strip())
    return _first_choice(data_dir)


def settle_postgres_folder(data_dir: Path) -> Path:
    """Decide once for a data folder that exists, write the decision down, and return the folder."""
    folder = postgres_folder(data_dir)
    pointer = data_dir / POINTER
    if folder.parent == data_dir:
        return folder
    if pointer.exists():
        # Asked again: another process may have written it since the question above.
        return postgres_folder(data_dir)
    folder = _make_folder_outside(data_dir)
    draft = data_dir / f"{POINTER}.{os.getpid()}"
    draft.write_text(f"{folder}\n", encoding="utf-8")
    try:
        # A process that settled it at the same moment was first where the link exists.
        os.link(draft, pointer)
    except FileExistsError:
        folder.rmdir()
    finally:
        draft.unlink()
    return postgres_folder(data_dir)


def remove_postgres_folder(data_dir: Path) -> None:
    """Delete PostgreSQL's files of a data folder, wherever they lie."""
    shutil.rmtree(postgres_folder(data_dir), ignore_errors=True)
    (data_dir / POINTER).unlink(missing_ok=True)


def can_enter(account: Account, folder: Path) -> bool:
    """Tell by their modes whether `account` can pass through a folder and all above it.

    One that is missing will be made open.
    """
    return account.is_ours or all(
        _lets_pass(account, found.stat()) for found in (folder, *folder.parents) if found.exists()
    )


def _lets_pass(account: Account, found: os.stat_result) -> bool:
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def _first_choice(data_dir: Path) -> Path:
    inside = data_dir / "postgres"
    # A cluster stays where it is: one that became unreachable is an error to be told, not an empty database.
    if (inside / "data" / "PG_VERSION").exists() or can_enter(account_for(inside), data_dir):
        return inside
    return _outside() / _name_of(data_dir)


def _make_folder_outside(data_dir: Path) -> Path:
    """Make a folder that no other data folder has, such as a removed checkout at the same path."""
    home = _outside()
    home.mkdir(mode=0o711, exist_ok=True)
    found = home.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0:
        message = f"{home} belongs to another user, so PostgreSQL's files cannot lie there."
        raise EmbeddedServersUnavailable(message)
    home.chmod(0o711)
    account = account_for(home / _name_of(data_dir))
    number = 1
    while True:
        folder = home / (_name_of(data_dir) if number == 1 else f"{_name_of(data_dir)}-{number}")
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            number += 1
            continue
        os.chown(folder, account.uid, account.gid)
        return folder


def _outside() -> Path:
    for base in OUTSIDE:
        if base.is_dir() and os.access(base, os.W_OK | os.X_OK):
            return base / _NAME
    places = ", ".join(str(base) for base in OUTSIDE)
    message = (
        f"PostgreSQL's account cannot enter this folder, and nothing can be written to {places}. Set "
        "DATA_DIR to a folder it can enter."
    )
    raise EmbeddedServersUnavailable(message)


def _name_of(data_dir: Path) -> str:
    return hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
