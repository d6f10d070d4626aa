"""The sites that are compared, and how each is run: one server, one set of options, one database server."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from django.db import connection

from feedback_site.embedded.layout import POSTGRES_PORT, layout_of
from feedback_site.embedded.urls import DATABASE_USER
from feedback_site.operations.processes import web_process
from feedback_site.operations.supervisor import PROJECT_ROOT, ProcessSpec

# Requests at work in each worker: more only queue for the GIL, since nothing there is collected into batches.
THREADS = 4


@dataclass
class Site:
    """One site: how its web server is started on a port, and what clients need.

    The paths that are left to answer at, and what is posted there.
    """

    name: str
    package: str
    python: Path = Path(sys.executable)
    paths: list[str] = field(default_factory=list)
    client_options: Sequence[str] = ()

    @property
    def is_ours(self) -> bool:
        """Whether this is the site that all of this is about."""
        return not self.package

    def web(self, port: int) -> ProcessSpec:
        """Return the web server with the application in it.

        Ours, or the peer with the threads that suit it.
        """
        spec = web_process(port)
        if self.is_ours:
            return spec
        argv = [str(self.python), *spec.argv[1:-1], "benchmarks.peers.wsgi:application"]
        argv[argv.index("--blocking-threads") + 1] = str(THREADS)
        # Our form of log lines, which peers do not have.
        place = argv.index("--log-config")
        del argv[place : place + 2]
        return ProcessSpec("web", argv, self._environment)

    def prepare(self, count: int) -> None:
        """Make the peer's database, with so many paths to answer at."""
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {self._database}")
        command = [str(self.python), "-m", f"{self.package}.prepare", str(count)]
        done = subprocess.run(
            command, cwd=PROJECT_ROOT, env=self._environment, stdout=subprocess.PIPE, check=True
        )
        made = json.loads(done.stdout)
        self.paths = made["paths"]
        self.client_options = ["--csrf", "--posted", "302", "--form", urlencode(made["form"])]

    def take(self, count: int) -> list[str]:
        """Return paths no one has answered at."""
        taken, self.paths = self.paths[:count], self.paths[count:]
        return taken

    @property
    def _database(self) -> str:
        return f"peer_{self.package.rpartition('.')[2]}"

    @property
    def _environment(self) -> dict[str, str]:
        return {
            "PATH": str(self.python.parent),
            "PYTHONWARNINGS": "ignore",
            "DJANGO_SETTINGS_MODULE": f"{self.package}.settings",
            "PEER_DATABASE_HOST": str(layout_of().postgres_sockets),
            "PEER_DATABASE_PORT": str(POSTGRES_PORT),
            "PEER_DATABASE_USER": DATABASE_USER,
            "PEER_DATABASE_NAME": self._database,
        }
