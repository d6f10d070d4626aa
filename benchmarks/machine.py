"""On what was measured."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from django.db import connection

from benchmarks.table import Row

SETTINGS = [
    "fsync",
    "full_page_writes",
    "max_connections",
    "max_wal_size",
    "shared_buffers",
    "synchronous_commit",
    "wal_level",
    "work_mem",
]
PACKAGES = ("django", "psycopg", "granian", "celery", "redis")


def describe_machine() -> list[Row]:
    """Return the machine and the versions."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (postgres,) = cursor.fetchone()
        cursor.execute(
            "SELECT string_agg(name || ' ' || current_setting(name), ', ' ORDER BY name) FROM "
            "unnest(%s::text[]) AS name",
            [SETTINGS],
        )
        (settings,) = cursor.fetchone()
    return [
        Row("machine", f"{_cpu()}, {os.cpu_count()} cores, {_memory()} GB, Linux {platform.release()}"),
        Row("commit", _commit()),
        Row(
            "Python",
            f"{platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        ),
        Row("PostgreSQL", f"{postgres} ({settings})"),
    ]


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return " ".join(line.partition(":")[2].split())
    return platform.machine()


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3)


def _commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607 - git from PATH
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or "unknown"
