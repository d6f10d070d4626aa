"""What web and worker processes count in memory: replies by status, tasks that failed.

With `PROMETHEUS_MULTIPROC_DIR` set (`feedback_site.operations.processes` sets it) the
processes of one machine share their counts through files there.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from django.conf import settings

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
if FOLDER_VARIABLE in os.environ:
    # The library opens its files there at the first import, and does not make the folder.
    Path(os.environ[FOLDER_VARIABLE]).mkdir(parents=True, exist_ok=True)

from prometheus_client import CollectorRegistry, Counter, Metric  # noqa: E402 - the folder comes first
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402 - the folder comes first

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_own = CollectorRegistry()
_replies = Counter(
    "feedback_replies",
    "Replies since the start, by surface, method and status.",
    ["surface", "method", "status"],
    registry=_own,
)
_failed_tasks = Counter(
    "feedback_failed_tasks", "Tasks that ended in an error since the start.", ["task"], registry=_own
)
# Looking a child up by its labels costs more than counting.
_children: dict[tuple[str, str, int], Counter] = {}


def count_reply(surface: str, method: str | None, status: int) -> None:
    """Count one reply of `surface` (answer, api, staff, other)."""
    key = (surface, method if method in _METHODS else "other", status)
    child = _children.get(key)
    if child is None:
        child = _children[key] = _replies.labels(*key)
    child.inc()


def surface_of(path: str) -> str:
    """Return the surface that a path belongs to; customers' addresses count their own."""
    if path.startswith("/api/"):
        return "api"
    return "staff" if path.startswith(f"/{settings.ADMIN_PATH}") else "other"


def count_failed_task(task: str) -> None:
    """Count a task that ended in an error."""
    _failed_tasks.labels(task).inc()


def read_counters() -> Iterable[Metric]:
    """Return the counts of all processes that share the folder, else of this one."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if not folder:
        return _own.collect()
    shared = CollectorRegistry()
    MultiProcessCollector(shared, path=folder)  # type: ignore[no-untyped-call] # the library types only part of itself
    return shared.collect()


def clear_counters(folder: Path) -> None:
    """Forget what earlier runs counted; before any process of this run has started."""
    for file in folder.glob("*.db"):
        with suppress(FileNotFoundError):
            file.unlink()
