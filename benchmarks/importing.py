"""Importing 100,000 events by command: killed at a random moment, resumed.

And a workbook that wants to be 1,000 times its size.
"""

import csv
import os
import random
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import xlsxwriter

from benchmarks.table import Row, at_least, at_most
from feedback_site.common.exceptions import DomainError
from feedback_site.common.table_files import UPLOAD, open_table
from feedback_site.service_events.models import EventImport, ServiceEvent, ServiceEventTransition

SEED = 4
ROWS, ROWS_OF_WORKBOOK, CUSTOMERS = 100_000, 20_000, 60_000
_HEADINGS = (
    *(
        "source",
        "external_id",
        "kind",
        "channel",
        "team",
        "agent",
        "customer.external_id",
        "customer.name",
        "customer.phone",
    ),
    *(
        "customer.email",
        "customer.segment",
        "opened_at",
        "first_response_at",
        "completed_at",
        "is_resolved",
        "consent.survey",
    ),
)
_SAMPLING_SECONDS = 0.05
_MEGABYTE = 1_000_000


def measure_importing(data_dir: Path) -> list[Row]:
    """Return the figures of a CSV file that is killed and resumed, and of two workbooks.

    One is imported after it, one wants to be 1,000 times its size.
    """
    chance = random.Random(SEED)  # noqa: S311 - rows and moments, not secrets
    table, workbook = data_dir / "events.csv", data_dir / "events.xlsx"
    _write_files(table, workbook, chance)
    return [
        *_killed_and_resumed(table, chance),
        *_again_as_workbook(workbook),
        *_bomb(data_dir / "bomb.xlsx"),
    ]


def _killed_and_resumed(table: Path, chance: random.Random) -> list[Row]:
    stop_behind = chance.randrange(ROWS // 5, ROWS * 4 // 5)
    first = _Command(table)
    while first.position() < stop_behind and first.is_running():
        time.sleep(_SAMPLING_SECONDS)
    time.sleep(chance.uniform(0, 0.3))
    first.kill()
    stopped = first.position()
    second = _Command(table)
    said = second.wait()
    events = ServiceEvent.objects.filter(source="bench").count()
    completions = ServiceEventTransition.objects.filter(event__source="bench").count()
    seconds = first.seconds + second.seconds
    is_whole = events == completions == ROWS and f"read {ROWS}, imported {ROWS}, repeated 0, listed 0" in said
    return [
        at_least("events imported by command", ROWS / seconds, 1_000, "rows/s"),
        Row(f"{ROWS:,} rows, killed behind row {stopped:,} and resumed (seed {SEED})", f"{seconds:,.1f} s"),
        Row("lost, double", f"{ROWS - events:,}, {completions - events:,}", "0, 0", is_whole),
        at_most("largest memory of the command", max(first.largest, second.largest) / _MEGABYTE, 250, "MB"),
    ]


def _again_as_workbook(workbook: Path) -> list[Row]:
    command = _Command(workbook)
    said = command.wait()
    is_known = f"read {ROWS_OF_WORKBOOK}, imported 0, repeated {ROWS_OF_WORKBOOK}, listed 0" in said
    return [
        Row(
            f"the first {ROWS_OF_WORKBOOK:,} again from a workbook: new",
            "0" if is_known else said,
            "0",
            is_known,
        ),
        Row("known rows recognised", f"{ROWS_OF_WORKBOOK / command.seconds:,.0f} rows/s"),
        at_most(
            "largest memory of the command with the workbook's reader", command.largest / _MEGABYTE, 350, "MB"
        ),
    ]


def _bomb(path: Path) -> list[Row]:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 48_000_000)
    said, began = "read", time.monotonic()
    with _Sampler(os.getpid(), itself=False) as sampler, suppress(DomainError), path.open("rb") as stream:
        said = "refused"
        with open_table(stream, name=path.name, limits=UPLOAD):
            said = "read"
    return [
        Row(f"a bomb of {path.stat().st_size // 1000} kB", said, "refused", said == "refused"),
        at_most("refused within", time.monotonic() - began, 2, "s", digits=2),
        at_most(
            "largest memory of its reader (0: refused before one was started)",
            sampler.largest / _MEGABYTE,
            100,
            "MB",
        ),
    ]


class _Command:
    """`manage.py import_service_events` on a file, with the memory of it and its children watched."""

    def __init__(self, file: Path) -> None:
        self._began = time.monotonic()
        self._file = file
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "manage.py", "import_service_events", str(file)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._sampler = _Sampler(self._process.pid).__enter__()
        self.seconds = 0.0

    @property
    def largest(self) -> int:
        """The largest memory so far, in bytes."""
        return self._sampler.largest

    def is_running(self) -> bool:
        """Return whether it has not ended."""
        return self._process.poll() is None

    def position(self) -> int:
        """Return how many rows of the file are behind it."""
        latest = EventImport.objects.filter(file_name=self._file.name).order_by("-pk").first()
        return latest.position if latest else 0

    def kill(self) -> None:
        """End it without a warning."""
        self._process.send_signal(signal.SIGKILL)
        self.wait()

    def wait(self) -> str:
        """Wait for its end and return what it printed."""
        said, _errors = self._process.communicate()
        self.seconds = time.monotonic() - self._began
        self._sampler.__exit__()
        return said


class _Sampler:
    """Adds up the resident memory of a process and its children, again and again."""

    def __init__(self, pid: int, *, itself: bool = True) -> None:
        self._pid, self._itself = pid, itself
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.largest = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        own = _children(self._pid) if not self._itself else set()
        while not self._stopping.wait(_SAMPLING_SECONDS if self._itself else 0.001):
            pids = {self._pid} | _children(self._pid) if self._itself else _children(self._pid) - own
            self.largest = max(self.largest, sum(_resident(pid) for pid in pids))


def _children(pid: int) -> set[int]:
    with suppress(OSError):
        return {
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        }
    return set()


def _resident(pid: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1]) * os.sysconf(
            "SC_PAGE_SIZE"
        )
    return 0


def _write_files(table: Path, workbook: Path, chance: random.Random) -> None:
    book = xlsxwriter.Workbook(str(workbook), {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, _HEADINGS)
    with table.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_HEADINGS)
        for number, row in enumerate(_rows(chance), start=1):
            writer.writerow(row)
            if number <= ROWS_OF_WORKBOOK:
                sheet.write_row(number, 0, row)
    book.close()


def _rows(chance: random.Random) -> Iterator[Sequence[str]]:
    latest = datetime.now(UTC).replace(microsecond=0) - timedelta(
        days=30
    )  # too old to be asked: the import itself is measured
    kinds, channels, teams = (
        ("after_sales_repair", "complaint_handling"),
        ("phone", "on_site", "chat"),
        ("east-1", "east-2", "west-1"),
    )
    segments = ("new", "existing", "high_value")
    for number in range(ROWS):
        customer = chance.randrange(CUSTOMERS)
        opened = latest - timedelta(seconds=chance.randrange(60 * 86_400))
        yield (
            *(
                "bench",
                f"E-{number}",
                chance.choice(kinds),
                chance.choice(channels),
                chance.choice(teams),
                f"A{chance.randrange(80)}",
            ),
            *(
                f"C-{customer}",
                "王小明",
                f"+8612{customer:09d}",
                f"c-{customer}@example.com",
                segments[customer % 3],
            ),
            *(
                opened.isoformat(),
                (opened + timedelta(minutes=4)).isoformat(),
                (opened + timedelta(hours=2)).isoformat(),
            ),
            *(chance.choice("01"), chance.choice("0111")),
        )
