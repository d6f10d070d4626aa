"""The embedded Valkey: started, adopted, stopped."""

import os
import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from feedback_site.embedded.binaries import valkey_server
from feedback_site.embedded.exceptions import EmbeddedServersUnavailable
from feedback_site.embedded.layout import DataLayout, make_private_folder
from feedback_site.embedded.processes import is_server, read_pid, send_signal, tail, wait_until

_PROGRAMS = ("valkey-server", "redis-server")
# Room for the parallel runs of the test suite, sixteen each.
_DATABASES = 256


@dataclass(frozen=True)
class Valkey:
    """One Valkey on one data folder. `durable=False` keeps nothing on disk."""

    layout: DataLayout
    durable: bool = True

    @property
    def pid(self) -> int:
        """Pid of the running server, 0 when none runs, whatever the pid file claims."""
        pid = read_pid(self._pid_file)
        return pid if self._is_ours(pid) else 0

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.layout.valkey / "server.log"

    def start(self) -> None:
        """Make the server run; adopt one that runs already."""
        for folder in {self.layout.valkey, self.layout.valkey_sockets}:
            make_private_folder(folder, owner=os.geteuid(), group=os.getegid())
        if self.pid:
            if wait_until(lambda: self._answers() or not self.pid, seconds=30) and self.pid:
                return
            self.stop()
        self._launch()

    def stop(self) -> None:
        """Stop the server; it writes what it holds first."""
        pid = self.pid
        if not pid:
            return
        for number, seconds in ((signal.SIGTERM, 15), (signal.SIGKILL, 5)):
            send_signal(pid, number)
            if wait_until(lambda: not self._is_ours(pid), seconds=seconds):
                return

    @property
    def _pid_file(self) -> Path:
        return self.layout.valkey / "server.pid"

    def _is_ours(self, pid: int) -> bool:
        return is_server(pid, programs=_PROGRAMS, folder=self.layout.valkey_socket)

    def _launch(self) -> None:
        self._pid_file.unlink(missing_ok=True)
        if not self.durable:
            shutil.rmtree(self.layout.valkey / "appendonlydir", ignore_errors=True)
        done = subprocess.run(  # noqa: S603 - programs of the servers, or of every Unix
            [str(valkey_server()), *self._arguments],
            cwd=self.layout.valkey,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            umask=0o077,
        )
        if done.returncode or not wait_until(self._answers, seconds=30):
            said = "\n".join([done.stdout.strip(), tail(self.log)])
            message = f"Valkey did not start. {self.log} ends with:\n{said}"
            raise EmbeddedServersUnavailable(message)

    @property
    def _arguments(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.layout.valkey_socket),
            "unixsocketperm": "700",
            "dir": str(self.layout.valkey),
            "pidfile": str(self._pid_file),
            "logfile": str(self.log),
            "daemonize": "yes",
            "appendonly": "yes" if self.durable else "no",
            "save": "",
            "maxmemory-policy": "noeviction",
            "databases": str(_DATABASES),
            # The command line is how a later run recognises this process.
            "set-proc-title": "no",
        }
        return [part for name, value in options.items() for part in (f"--{name}", value)]

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(self.layout.valkey_socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
