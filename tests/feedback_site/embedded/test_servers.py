"""The servers are shared, recover from whatever killed the last run, and stop with the last user."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from feedback_site.embedded import (
    EmbeddedServersUnavailable,
    Servers,
    ServersInUse,
    needed_servers,
    remove_data,
    running_servers,
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


def test_both_servers_answer_at_the_addresses_known_beforehand(data_dir: Path) -> None:
    with running_servers(data_dir, durable=False) as servers:
        encoding = one(servers, "SHOW server_encoding")
        pong = redis.Redis.from_url(servers.redis_url).ping()

    assert encoding == "UTF8"
    assert pong is True
    assert servers.celery_broker_url.startswith("redis+socket:///")


def test_a_commit_is_durable_unless_a_test_run_asks_otherwise(data_dir: Path) -> None:
    query = "SELECT concat_ws(' ', current_setting('fsync'), current_setting('synchronous_commit'))"

    with running_servers(data_dir, durable=False) as servers:
        of_tests = one(servers, query)
    with running_servers(data_dir) as servers:
        of_others = one(servers, query)
        options = redis.Redis.from_url(servers.redis_url).config_get("appendonly", "maxmemory-policy")

    assert of_tests == "off on"
    assert of_others == "on on"
    assert options == {"appendonly": "yes", "maxmemory-policy": "noeviction"}


def test_killed_servers_start_again_with_what_was_committed(data_dir: Path) -> None:
    with running_servers(data_dir) as servers:
        run(servers, "CREATE TABLE kept AS SELECT 7 AS n")
        redis.Redis.from_url(servers.redis_url).set("kept", "7")
        redis.Redis.from_url(servers.redis_url).execute_command("WAITAOF", 1, 0, 5000)
        before = pids(data_dir)
        for pid in before:
            kill(pid)

        with running_servers(data_dir) as again:
            kept = one(again, "SELECT n FROM kept")
            kept_by_valkey = redis.Redis.from_url(again.redis_url).get("kept")
            after = pids(data_dir)

    assert kept == 7
    assert kept_by_valkey == b"7"
    assert set(before).isdisjoint(after)


def test_a_pid_that_now_belongs_to_another_process_is_not_taken_for_a_server(data_dir: Path) -> None:
    layout = layout_of(data_dir)
    with running_servers(data_dir, durable=False):
        for pid in pids(data_dir):
            kill(pid)
        with process_of_the_same_account(data_dir) as bystander:
            postmaster = layout.cluster / "postmaster.pid"
            lines = postmaster.read_text().split("\n")
            postmaster.write_text("\n".join([str(bystander.pid), *lines[1:]]))
            (layout.postgres_sockets / ".s.PGSQL.5432.lock").write_text(f"{bystander.pid}\n")
            (layout.valkey / "server.pid").write_text(f"{bystander.pid}\n")
            assert pids(data_dir) == (0, 0)

            with running_servers(data_dir, durable=False) as servers:
                answer = one(servers, "SELECT 1")
            is_unharmed = bystander.poll() is None

    assert answer == 1
    assert is_unharmed


def test_the_servers_of_a_killed_run_are_adopted_and_then_stopped(data_dir: Path) -> None:
    with another_user(data_dir) as process:
        before = pids(data_dir)
        process.kill()
        process.wait()
    assert pids(data_dir) == before
    assert 0 not in before

    with running_servers(data_dir, durable=False):
        adopted = pids(data_dir)

    assert adopted == before
    assert pids(data_dir) == (0, 0)


def test_the_servers_run_until_their_last_user_leaves(data_dir: Path) -> None:
    with another_user(data_dir):
        with running_servers(data_dir, durable=False):
            shared = pids(data_dir)
        assert pids(data_dir) == shared
        assert 0 not in shared

    assert pids(data_dir) == (0, 0)


def test_two_processes_that_start_at_once_end_up_on_the_same_servers(new_data_dir: Callable[[str], Path]) -> None:
    data_dir = new_data_dir("data")
    first, second = python(USE_UNTIL_TOLD, data_dir), python(USE_UNTIL_TOLD, data_dir)
    for process in (first, second):
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"

    assert 0 not in pids(data_dir)
    for process in (first, second):
        process.communicate(timeout=20)
        assert process.returncode == 0
    assert pids(data_dir) == (0, 0)


def test_two_checkouts_run_side_by_side(data_dir: Path, new_data_dir: Callable[[str], Path]) -> None:
    here, there = data_dir, new_data_dir("there")

    with running_servers(here, durable=False) as ours, running_servers(there, durable=False) as theirs:
        redis.Redis.from_url(ours.redis_url).set("whose", "ours")
        run(ours, "CREATE TABLE ours ()")

        assert set(pids(here)).isdisjoint(pids(there))
        assert redis.Redis.from_url(theirs.redis_url).get("whose") is None
        assert one(theirs, "SELECT to_regclass('ours')") is None


def test_a_deep_data_folder_has_short_private_sockets(new_data_dir: Callable[[str], Path]) -> None:
    deep = new_data_dir("/".join(["a-rather-long-folder-name"] * 5))
    folder = layout_of(deep).postgres_sockets

    with running_servers(deep, durable=False) as servers:
        answer = one(servers, "SELECT 1")
        pong = redis.Redis.from_url(servers.redis_url).ping()
        mode = folder.stat().st_mode & 0o777

    assert (answer, pong) == (1, True)
    assert not folder.is_relative_to(deep)
    assert mode == 0o700


def test_a_socket_folder_prepared_by_somebody_else_is_refused(new_data_dir: Callable[[str], Path], tmp_path: Path) -> None:
    deep = new_data_dir("/".join(["a-rather-long-folder-name"] * 5))
    trap = layout_of(deep).valkey_sockets
    trap.symlink_to(tmp_path)

    try:
        with (
            pytest.raises(EmbeddedServersUnavailable, match="belongs to somebody else"),
            running_servers(deep, kinds=frozenset({"valkey"})),
        ):
            pass
    finally:
        trap.unlink()


def test_postgresql_never_runs_as_root(data_dir: Path) -> None:
    with running_servers(data_dir, kinds=frozenset({"postgres"}), durable=False):
        postgres, valkey = pids(data_dir)
        owner = Path(f"/proc/{postgres}").stat().st_uid if Path("/proc").exists() else os.geteuid()

    assert owner == layout_of(data_dir).cluster.stat().st_uid
    assert owner != 0
    assert valkey == 0


def test_an_ordinary_user_runs_the_servers_as_itself(new_data_dir: Callable[[str], Path]) -> None:
    data_dir = new_data_dir("data")
    with python(USE_AS_ORDINARY_USER, data_dir) as process:
        said, _ = process.communicate(timeout=30)

    user, owner = said.split()
    assert user == owner
    assert user != "0"


def test_a_process_that_ends_stops_the_servers_it_used_last(data_dir: Path) -> None:
    with python(USE_UNTIL_THE_END, data_dir, 0) as process:
        process.communicate(timeout=20)

    assert process.returncode == 0
    assert layout_of(data_dir).valkey.exists()
    assert pids(data_dir) == (0, 0)


def test_a_terminated_process_stops_the_servers_it_used_last(data_dir: Path) -> None:
    with python(USE_UNTIL_THE_END, data_dir, 60) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert pids(data_dir)[1]
        process.terminate()
        process.communicate(timeout=20)

    assert process.returncode == 128 + signal.SIGTERM
    assert pids(data_dir) == (0, 0)


def test_data_in_use_is_not_removed_and_idle_data_is(new_data_dir: Callable[[str], Path]) -> None:
    data_dir = new_data_dir("data")
    only_valkey = frozenset({"valkey"})
    with running_servers(data_dir, kinds=only_valkey):
        with pytest.raises(ServersInUse, match="in use"):
            remove_data(data_dir)
        assert pids(data_dir)[1]

    remove_data(data_dir)

    assert not layout_of(data_dir).valkey.exists()


def test_a_folder_that_was_there_before_is_never_removed(new_data_dir: Callable[[str], Path]) -> None:
    data_dir = new_data_dir("data")
    data_dir.mkdir(mode=0o711)
    treasure = data_dir / "thesis.txt"
    treasure.write_text("ten years of work")
    with running_servers(data_dir, kinds=frozenset({"valkey"})):
        pass

    with pytest.raises(ServersInUse, match="existed before"):
        remove_data(data_dir)

    assert treasure.read_text() == "ten years of work"
    treasure.unlink()
    (data_dir / ".feedback-site-data").touch()


def test_only_servers_without_an_address_are_needed() -> None:
    assert needed_servers({}) == {"postgres", "valkey"}
    assert needed_servers({"DATABASE_URL": "postgres://db/feedback"}) == {"valkey"}
    assert needed_servers({"DATABASE_URL_FILE": "/run/db", "REDIS_URL": "redis://r"}) == frozenset()
