"""What each client did and was told, line by line as it happened: the only witness besides the database."""

import json
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

INVOKE, OK, FAIL, UNKNOWN = "invoke", "ok", "fail", "unknown"


@dataclass(frozen=True)
class Entry:
    """One line. `invoke` opens an attempt; `ok` and `fail` end the operation, `unknown` only the attempt."""

    at: float
    client: str
    kind: str
    op: str
    detail: dict[str, Any] = field(default_factory=dict)


class Journal:
    """The journal of one client; written through to a file, so that it outlives the harness."""

    def __init__(self, folder: Path, client: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.client = client
        self.entries: list[Entry] = []
        self._file = (folder / f"{client}.jsonl").open("a", encoding="utf-8")
        self._lock = threading.Lock()
        self.acknowledged = 0

    def write(self, kind: str, op: str, **detail: Any) -> None:
        entry = Entry(time.monotonic(), self.client, kind, op, detail)
        with self._lock:
            self.entries.append(entry)
            self.acknowledged += kind == OK
            self._file.write(json.dumps([entry.at, kind, op, detail], ensure_ascii=False) + "\n")
            self._file.flush()

    def close(self) -> None:
        self._file.close()


@dataclass
class Operation:
    """One operation with all its attempts.

    What was asked, and how it ended (`unknown` when no one ever said).
    """

    op: str
    asked: dict[str, Any]
    invoked_at: float
    ended: str = UNKNOWN
    ended_at: float = 0.0
    told: dict[str, Any] = field(default_factory=dict)
    last_invoked_at: float = 0.0
    unknowns: int = 0
    statuses: set[int] = field(default_factory=set)


def operations(journals: Iterable[Journal]) -> list[Operation]:
    """Put the lines of each operation together, in the order in which they were first invoked."""
    found: dict[tuple[str, str], Operation] = {}
    for journal in journals:
        for entry in journal.entries:
            key = (journal.client, entry.op)
            if entry.kind == INVOKE:
                operation = found.setdefault(key, Operation(entry.op, entry.detail, entry.at))
                operation.last_invoked_at = entry.at
                continue
            operation = found[key]
            operation.unknowns += entry.kind == UNKNOWN
            operation.statuses |= {entry.detail["status"]} if "status" in entry.detail else set()
            if entry.kind in {OK, FAIL}:
                operation.ended, operation.ended_at, operation.told = entry.kind, entry.at, entry.detail
    return sorted(found.values(), key=lambda operation: operation.invoked_at)


def recoveries(journals: Iterable[Journal], faults: Iterable[float]) -> list[float]:
    """Return for each fault how long it took until requests were acknowledged again.

    By the fault's monotonic moment, the seconds until something that was asked after it was acknowledged.
    """
    done = [operation for operation in operations(journals) if operation.ended == OK]
    return [_first_after(done, at) - at for at in faults]


def _first_after(done: list[Operation], at: float) -> float:
    return min(
        (operation.ended_at for operation in done if operation.last_invoked_at >= at), default=float("inf")
    )


def longest(journals: Iterable[Journal]) -> float:
    """Return the seconds of the slowest single attempt, answered or not."""
    return max((seconds for journal in journals for seconds in _attempts(journal)), default=0.0)


def _attempts(journal: Journal) -> Iterator[float]:
    begun: dict[str, float] = {}
    for entry in journal.entries:
        if entry.kind == INVOKE:
            begun[entry.op] = entry.at
        else:
            yield entry.at - begun[entry.op]
