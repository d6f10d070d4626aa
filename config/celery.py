"""The task queue: a doorbell for work that PostgreSQL holds.

Its schedule, stated in `common.task_table`, finds what the bell missed.
"""

import os
from typing import Any

from celery import Celery

from feedback_site.common.task_table import TASKS, ScheduledRun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")


def _beat_entry(name: str, run: ScheduledRun) -> dict[str, Any]:
    entry: dict[str, Any] = {"task": name, "schedule": run.schedule}
    if run.expires is not None:
        entry["options"] = {"expires": run.expires}
    if run.is_of_everything:
        entry["kwargs"] = {"everything": True}
    return entry


app = Celery("feedback_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.task_routes = {name: {"queue": task.queue} for name, task in TASKS.items()}
app.conf.beat_schedule = {
    run.title: _beat_entry(name, run) for name, task in TASKS.items() for run in task.runs
}
