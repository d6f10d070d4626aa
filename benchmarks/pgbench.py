"""The yardstick: how many one-row inserts the same database server commits durably."""

import re
import subprocess
from pathlib import Path

from django.db import connection

from benchmarks.table import Row
from feedback_site.embedded.binaries import postgres_bin
from feedback_site.embedded.layout import POSTGRES_PORT, layout_of
from feedback_site.embedded.urls import DATABASE_NAME, DATABASE_USER

CLIENTS, SECONDS = 16, 5
_SCRIPT = (
    "INSERT INTO bench_row (body) VALUES ('one row, about as long as a short answer to a questionnaire "
    "is');\n"
)
_RATE = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)


def measure_inserts(*, data_dir: Path) -> list[Row]:
    """Return the rate as a row."""
    return [Row(f"pgbench, one-row inserts, {CLIENTS} clients", f"{insert_rate(data_dir=data_dir):,.0f} /s")]


def insert_rate(*, data_dir: Path, seconds: int = SECONDS) -> float:
    """Run pgbench with one insert a transaction and return the inserts a second."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS bench_row (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body "
            "text NOT NULL)"
        )
    script = data_dir / "insert.sql"
    script.write_text(_SCRIPT, encoding="utf-8")
    server = ["-h", str(layout_of().postgres_sockets), "-p", str(POSTGRES_PORT), "-U", DATABASE_USER]
    command = [
        postgres_bin() / "pgbench",
        "-n",
        "-M",
        "prepared",
        "-c",
        str(CLIENTS),
        "-j",
        "2",
        "-T",
        str(seconds),
        "-f",
        str(script),
    ]
    done = subprocess.run([*command, *server, DATABASE_NAME], capture_output=True, text=True, check=True)
    found = _RATE.search(done.stdout)
    if found is None:
        message = f"pgbench printed no rate: {done.stdout}"
        raise ValueError(message)
    return float(found[1])
