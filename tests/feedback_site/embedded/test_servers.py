"""The servers answer at addresses known beforehand, privately, and each data folder has its own."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import redis

from feedback_site.embedded import (
    EmbeddedServersUnavailable,
    ServersInUse,
    needed_servers,
    remove_data,
    running_servers,
)
from feedback_site.embedded.layout import layout_of
from tests.factories.embedded.users import USE_AS_ORDINARY_USER, one, pids, python, run


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


def test_a_socket_folder_prepared_by_another_account_is_refused(
    new_data_dir: Callable[[str], Path], tmp_path: Path
) -> None:
    deep = new_data_dir("/".join(["a-rather-long-folder-name"] * 5))
    trap = layout_of(deep).valkey_sockets
    trap.symlink_to(tmp_path)

    try:
        with (
            pytest.raises(EmbeddedServersUnavailable, match="belongs to another account"),
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
