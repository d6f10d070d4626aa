"""Which account PostgreSQL runs as: it refuses root, so root lends it another one."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from feedback_site.embedded.exceptions import EmbeddedServersUnavailable

_CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """A system account and whether a process has to change into it."""

    name: str
    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        """True when we already are this account."""
        return self.uid == os.geteuid()

    def run(
        self,
        command: list[str],
        *,
        cwd: Path,
        timeout: float = 180,
    ) -> subprocess.CompletedProcess[str]:
        """Run `command` as this account and return what it said."""
        return subprocess.run(  # noqa: S603 - programs of the servers, or of every Unix
            command,
            cwd=cwd,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
            user=None if self.is_ours else self.uid,
            group=None if self.is_ours else self.gid,
            extra_groups=None if self.is_ours else [],
            umask=0o077,
        )


def account_for(folder: Path) -> Account:
    """Return the account PostgreSQL runs as: ours, or an unprivileged one when we are root.

    A folder that exists keeps its owner, whichever accounts were added to the machine since.
    """
    if os.geteuid() != 0:
        return _account(pwd.getpwuid(os.geteuid()))
    if folder.exists() and folder.stat().st_uid != 0:
        return _account(pwd.getpwuid(folder.stat().st_uid))
    for name in _CANDIDATES:
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    message = "PostgreSQL does not run as root, and there is no account `nobody` to lend it."
    raise EmbeddedServersUnavailable(message)


def refuse_closed_parents(account: Account, folder: Path, *, remedy: str) -> None:
    """Raise unless `account` can enter `folder` and everything above it.

    Modes of folders that are not ours stay as they are: opening a person's home is their choice.
    """
    if account.is_ours:
        return
    chain = [str(parent) for parent in reversed([folder, *folder.parents])]
    script = 'for f; do test -x "$f" || { echo "$f"; exit 1; }; done'
    try:
        tried = account.run(["/bin/sh", "-c", script, "sh", *chain], cwd=Path("/"))
    except (OSError, subprocess.SubprocessError) as error:
        message = f"PostgreSQL does not run as root, and changing to {account.name} failed: {error}"
        raise EmbeddedServersUnavailable(message) from error
    if tried.returncode:
        closed = tried.stdout.strip()
        message = (
            f"PostgreSQL runs as `{account.name}` because it refuses root, and that account "
            f"cannot enter {closed}.\nEither `chmod o+x {closed}`, or {remedy}."
        )
        raise EmbeddedServersUnavailable(message)


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _environment() -> dict[str, str]:
    """Ours without PG*: a PGHOST or PGDATA of the shell must not reach these servers."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}
