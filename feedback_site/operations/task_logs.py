"""Every line that a task logs bears the task's id, and the id of the request whose bell it answers."""

from typing import Any

from celery.signals import before_task_publish, task_failure, task_postrun, task_prerun
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from feedback_site.operations.counters import count_failed_task

_HEADER = "request_id"


def connect() -> None:
    """Listen to the task queue's signals; connecting again changes nothing."""
    for signal, receiver in (
        (before_task_publish, _pass_on_request),
        (task_prerun, _bind),
        (task_postrun, _unbind),
        (task_failure, _count),
    ):
        signal.connect(receiver, weak=False, dispatch_uid=f"{__name__}.{receiver.__name__}")


def _pass_on_request(headers: dict[str, Any] | None = None, **_: Any) -> None:
    request_id = get_contextvars().get("request_id")
    if request_id and headers is not None:
        headers[_HEADER] = request_id


def _bind(task_id: str, task: Any, **_: Any) -> None:
    clear_contextvars()
    bind_contextvars(task_id=task_id, task=task.name)
    request_id = getattr(task.request, _HEADER, None)
    if request_id:
        bind_contextvars(request_id=request_id)


def _unbind(**_: Any) -> None:
    clear_contextvars()


def _count(sender: Any, **_: Any) -> None:
    count_failed_task(sender.name)
