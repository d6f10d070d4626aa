"""The servers are shared, recover from whatever killed the last run, and stop with the last user."""

import signal
from collections.abc import Callable
from pathlib import Path

import redis

from feedback_site.embedded import (
    running_servers,
)
from feedback_site.embedded.layout import layout_of
from tests.factories.embedded.users import (
    USE_UNTIL_THE_END,
    USE_UNTIL_TOLD,
    another_user,
    kill,
    one,
    pids,
    process_of_the_same_account,
    python,
    run,
)


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


def test_two_processes_that_start_at_once_end_up_on_the_same_servers(
    new_data_dir: Callable[[str], Path],
) -> None:
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
