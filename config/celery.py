"""The task queue: a doorbell for work that PostgreSQL holds, plus one tick that finds what the bell missed."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("feedback_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# The only beat table. Every entry sweeps rows, so a lost or doubled tick changes nothing.
app.conf.beat_schedule = {
    "decide events": {"task": "surveys.decide_events", "schedule": 3.0},
    "queue due invitations": {"task": "surveys.queue_invitations", "schedule": 3.0},
    "deliver messages": {"task": "delivery.deliver_messages", "schedule": 3.0},
    "consume tallies": {"task": "surveys.consume_tallies", "schedule": 3.0},
    "measure case log": {"task": "evaluations.measure_case_log", "schedule": 60.0},
    "decide events missed by the window": {
        "task": "surveys.decide_events",
        "schedule": crontab(hour="3", minute="10"),
        "kwargs": {"everything": True},
    },
}
