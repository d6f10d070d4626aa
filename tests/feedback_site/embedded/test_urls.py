"""Addresses are computed, and every library that reads them reads the same."""

from pathlib import Path

import environ
import psycopg.conninfo
import pytest
from kombu.utils.url import _parse_url as kombu_parse_url
from redis.connection import parse_url

from feedback_site.embedded.layout import PROJECT_ROOT, layout_of
from feedback_site.embedded.urls import celery_broker_url, database_url, redis_url


def test_libpq_and_django_read_the_same_database_address(tmp_path: Path) -> None:
    url = database_url(tmp_path / "with a space")
    folder = str(layout_of(tmp_path / "with a space").postgres_sockets)

    by_libpq = psycopg.conninfo.conninfo_to_dict(url)
    by_django = environ.Env.db_url_config(url)

    assert by_libpq == {"user": "postgres", "dbname": "feedback_site", "host": folder, "port": "5432"}
    assert by_django["OPTIONS"] == {"host": folder}
    assert by_django["NAME"] == "feedback_site"


def test_redis_and_celery_read_the_same_broker_address(tmp_path: Path) -> None:
    url = redis_url(tmp_path / "with a space", database=3)
    socket = str(layout_of(tmp_path / "with a space").valkey_socket)

    by_redis = parse_url(url)
    scheme, _host, _port, _user, _password, path, query = kombu_parse_url(
        celery_broker_url(url).removeprefix("redis+")
    )

    assert (by_redis["path"], by_redis["db"]) == (socket, 3)
    assert (scheme, f"/{path}", query["virtual_host"]) == ("socket", socket, "3")


@pytest.mark.parametrize("url", ["redis://:secret@broker:6379/2", "rediss://broker/0", "amqp://broker//"])
def test_an_address_that_celery_reads_already_is_left_alone(url: str) -> None:
    assert celery_broker_url(url) == url


def test_the_data_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DATA_DIR", raising=False)
    assert layout_of().data_dir == PROJECT_ROOT / ".local"

    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert layout_of().data_dir == tmp_path


@pytest.mark.parametrize("depth", range(1, 12))
def test_no_socket_path_is_ever_too_long(depth: int) -> None:
    layout = layout_of("/" + "/".join(["folder-of-20-letters"] * depth))

    assert len(str(layout.valkey_socket)) < 104
    assert len(str(layout.postgres_sockets / ".s.PGSQL.5432")) < 104


def test_two_deep_data_folders_have_different_sockets() -> None:
    deep = "/" + "/".join(["folder-of-20-letters"] * 8)

    assert layout_of(f"{deep}/a").valkey_socket != layout_of(f"{deep}/b").valkey_socket
    assert layout_of(f"{deep}/a").valkey_socket == layout_of(f"{deep}/a").valkey_socket
