"""Where everything of one data folder lies; computed from the path alone, nothing is started."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from feedback_site.embedded.exceptions import EmbeddedServersUnavailable
from feedback_site.embedded.postgres_folder import postgres_folder

PROJECT_ROOT = Path(__file__).resolve().parents[2]
# sun_path holds 104 bytes on macOS and 108 on Linux, the closing zero included.
LONGEST_SOCKET_PATH = 103
POSTGRES_PORT = 5432
POSTGRES_SOCKET = f".s.PGSQL.{POSTGRES_PORT}"
VALKEY_SOCKET = "valkey.sock"
# Lies in folders that this project made, so that removing one cannot hit other files of a person.
MARKER = ".feedback-site-data"


@dataclass(frozen=True, slots=True)
class DataLayout:
    """Folders and files of the embedded servers below one data folder."""

    data_dir: Path

    @property
    def postgres(self) -> Path:
        """Everything that belongs to the account PostgreSQL runs as.

        Outside the data folder where it cannot enter that.
        """
        return postgres_folder(self.data_dir)

    @property
    def postgres_programs(self) -> Path:
        """Where PostgreSQL's programs are copied to when its account cannot enter their own folder."""
        return self.postgres / "programs"

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.postgres / "data"

    @property
    def postgres_sockets(self) -> Path:
        """Folder of PostgreSQL's socket: the host of its URL."""
        return self._sockets(self.postgres / "run", POSTGRES_SOCKET, "pg")

    @property
    def valkey(self) -> Path:
        """Valkey's working directory."""
        return self.data_dir / "valkey"

    @property
    def valkey_sockets(self) -> Path:
        """Folder of Valkey's socket."""
        return self._sockets(self.valkey, VALKEY_SOCKET, "vk")

    @property
    def valkey_socket(self) -> Path:
        """Path of Valkey's socket."""
        return self.valkey_sockets / VALKEY_SOCKET

    def _sockets(self, preferred: Path, socket_name: str, suffix: str) -> Path:
        if len(os.fsencode(preferred / socket_name)) <= LONGEST_SOCKET_PATH:
            return preferred
        name = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:16]
        return _temporary_root() / f"feedback-{os.getuid()}-{name}-{suffix}"


def layout_of(data_dir: Path | str | None = None) -> DataLayout:
    """Return the layout of a data folder (default: `DATA_DIR`, else `.local` in the project)."""
    chosen = data_dir or os.environ.get("DATA_DIR") or PROJECT_ROOT / ".local"
    return DataLayout(Path(chosen).expanduser().resolve())


def make_data_dir(folder: Path) -> None:
    """Create `folder` and what is missing above it; what exists keeps its mode.

    As root the account of PostgreSQL must be able to pass through, but not to look around.
    """
    missing = [entry for entry in (folder, *folder.parents) if not entry.exists()]
    for entry in reversed(missing):
        entry.mkdir(exist_ok=True)
        entry.chmod(0o711 if os.geteuid() == 0 else 0o700)
        (entry / MARKER).touch()


def make_private_folder(folder: Path, *, owner: int, group: int) -> None:
    """Create `folder` for its owner alone, or check that an existing one is just that.

    A socket folder may lie in a temporary directory that all accounts can write to: one that a
    stranger prepared is refused.
    """
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        _refuse_foreign_folder(folder, owner=owner)
    else:
        if owner != os.geteuid():
            os.chown(folder, owner, group)


def _refuse_foreign_folder(folder: Path, *, owner: int) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
        message = f"{folder} belongs to another account (expected a folder of user {owner})."
        raise EmbeddedServersUnavailable(message)
    if stat.S_IMODE(found.st_mode) & 0o077:
        folder.chmod(0o700)


def _temporary_root() -> Path:
    """Return /tmp where there is one: TMPDIR differs between shells, the URL must not."""
    shared = Path("/tmp")  # noqa: S108 - the folder made in it is private and its owner is checked
    return shared if shared.is_dir() else Path(tempfile.gettempdir())
