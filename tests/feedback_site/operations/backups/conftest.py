from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from feedback_site.operations.backups.encryption import make_key

BACKED_UP_AT = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)


@pytest.fixture
def key_file(tmp_path, settings) -> Path:
    file = tmp_path / "key"
    settings.BACKUP_KEYS = [make_key(file)]
    return file


@pytest.fixture
def kept_files(tmp_path, settings) -> Path:
    """A folder of exports and one of anchors."""
    settings.EXPORT_DIR = tmp_path / "site" / "exports"
    settings.ACCESS_LOG_ANCHOR_DIR = str(tmp_path / "site" / "anchors")
    return tmp_path / "site"


@pytest.fixture
def store(tmp_path) -> Path:
    return tmp_path / "store"


@contextmanager
def empty_database() -> Iterator[None]:
    """Put an empty database where the test's own is, and take it away afterwards."""
    own = connection.settings_dict["NAME"]
    other = f"{own}_restored"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {other}")
        cursor.execute(f"CREATE DATABASE {other} TEMPLATE template0")
    connection.close()
    connection.settings_dict["NAME"] = other
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {other}")
