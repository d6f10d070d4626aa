"""The command is killed in the middle of a file, twice.

The third run ends it, nothing is missing and nothing double.
"""

import csv
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from feedback_site.customers.models import Consent, Customer, CustomerTeam
from feedback_site.service_events.models import (
    EventImport,
    EventImportProblem,
    ServiceEvent,
    ServiceEventTransition,
)
from tests.factories.service_events.imports import HEADINGS, row
from tests.journeys.database import url_of

ROWS, CUSTOMERS = 3_000, 700
WRONG = {17, 499, 500, 501, 1_234, 2_999}  # the lines of rows that name no kind of service


@pytest.fixture
def file(organisation, tmp_path) -> Path:
    """3,000 events of 700 customers, a few rows wrong."""
    lines = [HEADINGS]
    for number in range(ROWS):
        line = row(number).replace(f"C-{number}", f"C-{number % CUSTOMERS}")
        lines.append(line.replace("after_sales_repair", "gardening") if number + 2 in WRONG else line)
    path = tmp_path / "events.csv"
    path.write_text("\n".join(lines), "utf-8")
    return path


def start(file: Path, *options: str) -> subprocess.Popen[str]:
    address = url_of(connection.settings_dict, connection.settings_dict["NAME"])
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "manage.py", "import_service_events", str(file), *options],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "LANG": "C",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill_behind(process: subprocess.Popen[str], position: int, *, after: float) -> int:
    """Kill the process a moment after it has passed `position`; return where it stopped."""
    deadline = time.monotonic() + 60
    while EventImport.objects.filter(position__gte=position).count() == 0:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.005)
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    return EventImport.objects.get().position


@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_killed_goes_on_where_it_was(file, tmp_path):
    chance = random.Random(4)  # noqa: S311 - moments, not secrets
    report = tmp_path / "listed.csv"

    first = kill_behind(start(file), 500, after=chance.uniform(0, 0.1))
    second = kill_behind(start(file), first + 500, after=chance.uniform(0, 0.1))
    said, asides = start(file, "--report", str(report)).communicate()

    good = ROWS - len(WRONG)
    assert 0 < first < second < ROWS
    assert asides.strip() == f"An interrupted import goes on after row {second}."
    assert said.splitlines()[-1] == f"read {ROWS}, imported {good}, repeated 0, listed {len(WRONG)}"
    with report.open(encoding="utf-8-sig", newline="") as listed:
        assert [int(line) for line, _reason in list(csv.reader(listed))[1:]] == sorted(WRONG)
    assert ServiceEvent.objects.count() == ServiceEventTransition.objects.count() == good
    assert Customer.objects.count() == Consent.objects.count() == CustomerTeam.objects.count() == CUSTOMERS
    event_import = EventImport.objects.get()
    assert (event_import.status, event_import.position, EventImportProblem.objects.count()) == (
        "done",
        ROWS,
        len(WRONG),
    )
