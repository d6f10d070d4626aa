"""Processes that use the servers, and what the tests ask of them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from feedback_site.embedded import (
    Servers,
)
from feedback_site.embedded.layout import PROJECT_ROOT, layout_of
from feedback_site.embedded.postgres import Postgres
from feedback_site.embedded.processes import command_line, wait_until
from feedback_site.embedded.valkey import Valkey

USE_UNTIL_TOLD = """
import sys
from feedback_site.embedded import running_servers
with running_servers(sys.argv[1], durable=False):
    print("ready", flush=True)
    sys.stdin.read()
"""
USE_UNTIL_THE_END = """
import sys, time
from feedback_site.embedded import ensure_servers
ensure_servers(sys.argv[1], kinds=frozenset({"valkey"}))
print("ready", flush=True)
time.sleep(float(sys.argv[2]))
"""
USE_AS_ORDINARY_USER = """
import os, pwd, sys
import psycopg, redis
from feedback_site.embedded import running_servers
if os.geteuid() == 0:
    ordinary = pwd.getpwnam("nobody")
    os.chown(os.path.dirname(sys.argv[1]), ordinary.pw_uid, ordinary.pw_gid)
    os.setgroups([])
    os.setgid(ordinary.pw_gid)
    os.setuid(ordinary.pw_uid)
with running_servers(sys.argv[1], durable=False) as servers:
    with psycopg.connect(servers.database_url) as connection:
        connection.execute("SELECT 1")
    print(os.geteuid(), os.stat(sys.argv[1] + "/postgres/data").st_uid)
"""


def pids(data_dir: Path) -> tuple[int, int]:
    """Return the pids of both servers, 0 for one that does not run."""
    layout = layout_of(data_dir)
    return Postgres(layout).pid, Valkey(layout).pid


def one(servers: Servers, query: str) -> object:
    """Return the single value of a query."""
    with psycopg.connect(servers.database_url) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def run(servers: Servers, statement: str) -> None:
    """Run a statement and commit."""
    with psycopg.connect(servers.database_url) as connection:
        connection.execute(statement.encode())


def kill(pid: int) -> None:
    """Kill a server outright and wait until it is gone."""
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not command_line(pid), seconds=5)


def python(script: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a Python process on the project."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=PROJECT_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def process_of_the_same_account(data_dir: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run something that PostgreSQL, looking at the pid alone, takes for a server of its own."""
    owner = layout_of(data_dir).cluster.stat().st_uid
    with subprocess.Popen(["/bin/sleep", "60"], user=None if owner == os.geteuid() else owner) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def another_user(data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    """Run another process that uses the servers."""
    with python(USE_UNTIL_TOLD, data_dir) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        if process.poll() is None:
            process.communicate(timeout=20)
