"""The embedded PostgreSQL: created, started, adopted, stopped."""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from feedback_site.embedded.account import Account, account_for, refuse_closed_parents
from feedback_site.embedded.binaries import copied_postgres_bin, postgres_bin
from feedback_site.embedded.exceptions import EmbeddedServersUnavailable
from feedback_site.embedded.layout import (
    POSTGRES_PORT,
    POSTGRES_SOCKET,
    DataLayout,
    make_private_folder,
)
from feedback_site.embedded.postgres_folder import can_enter
from feedback_site.embedded.processes import is_server, read_pid, send_signal, tail, wait_until
from feedback_site.embedded.urls import DATABASE_NAME, DATABASE_USER

_SETTINGS = {
    "listen_addresses": "''",
    "port": str(POSTGRES_PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    # Two cores carry the web and the worker as well: a parallel scan would take from them, and
    # containers give too little /dev/shm for one.
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "min_wal_size": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    # Statements and key details carry personal data; a log of errors does not need them.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
    "synchronous_commit": "on",
}
_DURABLE = {"fsync": "on", "full_page_writes": "on"}
_FAST = {"fsync": "off", "full_page_writes": "off"}
_LARGEST_LOG = 8 * 1024 * 1024


@dataclass(frozen=True)
class Postgres:
    """One PostgreSQL on one data folder. `durable=False` trades crash safety for speed."""

    layout: DataLayout
    durable: bool = True

    @cached_property
    def account(self) -> Account:
        """Whom the server runs as."""
        return account_for(self.layout.postgres)

    @property
    def pid(self) -> int:
        """Pid of the running server, 0 when none runs, whatever the pid file claims."""
        pid = read_pid(self._pid_file)
        return pid if self._is_ours(pid) else 0

    def start(self, *, alone: bool) -> None:
        """Make the server run and its database exist; adopt one that runs already.

        `alone` says that no other person uses it, which permits a restart for changed settings.
        """
        self._prepare_folders()
        if alone and self.pid and self._settings_differ():
            self.stop()
        if not self._is_adopted():
            self._create_cluster()
            self._write_settings()
            self._disown_stale_pid()
            self._launch()
        self._create_database()

    def stop(self) -> None:
        """Stop the server fast: connections are dropped, everything committed is kept."""
        pid = self.pid
        if not pid:
            return
        for number, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
            send_signal(pid, number)
            if wait_until(lambda: not self._is_ours(pid), seconds=seconds):
                return

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.layout.postgres / "server.log"

    @cached_property
    def _programs(self) -> Path:
        """Folder of the programs, for the account that runs them."""
        folder = postgres_bin()
        return (
            folder if can_enter(self.account, folder) else copied_postgres_bin(self.layout.postgres_programs)
        )

    @property
    def _pid_file(self) -> Path:
        return self.layout.cluster / "postmaster.pid"

    @property
    def _settings_file(self) -> Path:
        return self.layout.cluster / "postgresql.auto.conf"

    @property
    def _settings(self) -> str:
        sockets = str(self.layout.postgres_sockets).replace("'", "''")
        wanted = {
            **_SETTINGS,
            **(_DURABLE if self.durable else _FAST),
            "unix_socket_directories": f"'\"{sockets}\"'",
        }
        return "".join(f"{name} = {value}\n" for name, value in wanted.items())

    def _is_ours(self, pid: int) -> bool:
        return is_server(pid, programs=("postgres",), folder=self.layout.cluster)

    def _settings_differ(self) -> bool:
        return self._settings_file.read_text() != self._settings

    def _prepare_folders(self) -> None:
        owner = {"owner": self.account.uid, "group": self.account.gid}
        refuse_closed_parents(
            self.account,
            self.layout.postgres.parent,
            remedy="move the data with DATA_DIR=/some/open/folder",
        )
        make_private_folder(self.layout.postgres, **owner)
        make_private_folder(self.layout.postgres_sockets, **owner)

    def _create_cluster(self) -> None:
        """Run initdb in another folder and rename it when it is whole: a killed initdb leaves nothing."""
        if (self.layout.cluster / "PG_VERSION").exists():
            return
        draft = self.layout.postgres / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        self._run(
            "initdb",
            "--pgdata",
            str(draft),
            "--username",
            DATABASE_USER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            *([] if self.durable else ["--no-sync"]),
        )
        draft.rename(self.layout.cluster)

    def _write_settings(self) -> None:
        if not self._settings_file.exists() or self._settings_differ():
            self._settings_file.write_text(self._settings)
            os.chown(self._settings_file, self.account.uid, self.account.gid)

    def _is_adopted(self) -> bool:
        """Wait for a server that runs already to accept connections, or to finish stopping."""
        if not self.pid:
            return False
        wait_until(lambda: not self.pid or self._is_ready(), seconds=60)
        if self._is_ready():
            return True
        self.stop()
        return False

    def _disown_stale_pid(self) -> None:
        """Let PostgreSQL clean up after a killed run even where its pid lives on as another's.

        The pid file keeps its shared memory key, by which PostgreSQL finds backends that
        survived; only the pid is exchanged for one that is certainly dead.
        """
        recorded = read_pid(self._pid_file)
        if recorded:
            ended = subprocess.Popen(["/bin/sh", "-c", ":"])
            ended.wait()
            lines = self._pid_file.read_text().split("\n")
            self._pid_file.write_text("\n".join([str(ended.pid), *lines[1:]]))
        for name in (POSTGRES_SOCKET, f"{POSTGRES_SOCKET}.lock"):
            (self.layout.postgres_sockets / name).unlink(missing_ok=True)

    def _launch(self) -> None:
        if self.log.exists() and self.log.stat().st_size > _LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".old.log"))
        arguments = ("start", "-w", "-t", "120", "-s", "-l", str(self.log))
        # Backends of a killed server need a moment to notice; until then a start is refused.
        if not wait_until(lambda: self._pg_ctl(*arguments), seconds=10):
            message = f"PostgreSQL did not start. {self.log} ends with:\n{tail(self.log)}"
            raise EmbeddedServersUnavailable(message)

    def _pg_ctl(self, *arguments: str) -> bool:
        program = str(self._programs / "pg_ctl")
        command = [program, "-D", str(self.layout.cluster), *arguments]
        return self.account.run(command, cwd=self.layout.postgres).returncode == 0

    def _is_ready(self) -> bool:
        program = str(self._programs / "pg_isready")
        command = [program, "-q", "-t", "2", *self._address]
        return self.account.run(command, cwd=self.layout.postgres).returncode == 0

    def _create_database(self) -> None:
        query = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE_NAME}'"  # noqa: S608 - a constant
        found = self._run("psql", *self._address, *self._login, "-Atc", query, "postgres")
        if not found.strip():
            self._run("createdb", *self._address, *self._login, DATABASE_NAME)

    @property
    def _address(self) -> tuple[str, ...]:
        return ("-h", str(self.layout.postgres_sockets), "-p", str(POSTGRES_PORT))

    @property
    def _login(self) -> tuple[str, ...]:
        return ("-U", DATABASE_USER)

    def _run(self, program: str, *arguments: str) -> str:
        command = [str(self._programs / program), *arguments]
        done = self.account.run(command, cwd=self.layout.postgres)
        if done.returncode:
            message = f"{program} failed:\n{(done.stderr or done.stdout).strip()}"
            raise EmbeddedServersUnavailable(message)
        return done.stdout
