"""The task queue: a doorbell for work that PostgreSQL holds,
plus one tick that finds what the bell missed.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("feedback_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

TICK_SECONDS = 3.0
# A tick that found its worker busy is worthless by the time the next one comes.
TICK = {"schedule": TICK_SECONDS, "options": {"expires": 2 * TICK_SECONDS}}

# The only beat table. Every entry sweeps rows, so a lost or doubled tick changes nothing.
app.conf.beat_schedule = {
    "decide events": {"task": "surveys.decide_events", **TICK},
    "apply transitions": {"task": "surveys.apply_transitions", **TICK},
    "queue due invitations": {"task": "surveys.queue_invitations", **TICK},
    "deliver messages": {"task": "delivery.deliver_messages", **TICK},
    "consume tallies": {"task": "surveys.consume_tallies", **TICK},
    "settle unfinished responses": {
        "task": "surveys.settle_drafts",
        "schedule": 120.0,
        "options": {"expires": 120.0},
    },
    "forget files that were not submitted": {"task": "surveys.sweep_files", "schedule": crontab(minute="25")},
    "run NPS campaigns": {"task": "nps.run_campaigns", "schedule": 15.0, "options": {"expires": 30.0}},
    "prepare NPS campaigns": {
        "task": "nps.prepare_campaigns",
        "schedule": 600.0,
        "options": {"expires": 600.0},
    },
    "plan return visits": {"task": "visits.plan_visits", "schedule": 10.0, "options": {"expires": 20.0}},
    "measure return visits": {"task": "visits.measure", "schedule": 60.0, "options": {"expires": 60.0}},
    "measure case log": {
        "task": "evaluations.measure_case_log",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "review improvements": {"task": "improvements.review", "schedule": 60.0, "options": {"expires": 60.0}},
    "run exports": {"task": "dashboards.run_exports", **TICK},
    "run imports": {"task": "service_events.run_imports", **TICK},
    "note that a worker is alive": {
        "task": "operations.note_heartbeat",
        "schedule": 5.0,
        "options": {"expires": 10.0},
    },
    "verify what was written lately": {
        "task": "conservation.verify_recent",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    # Before the night's verification, which names what stands in clear.
    "mask words from before": {
        "task": "customers.mask_old_words",
        "schedule": crontab(hour="2", minute="50"),
    },
    "verify everything": {
        "task": "conservation.verify_everything",
        "schedule": crontab(hour="4", minute="10"),
    },
    "decide events missed by the window": {
        "task": "surveys.decide_events",
        "schedule": crontab(hour="3", minute="10"),
        "kwargs": {"everything": True},
    },
    "apply transitions missed by the window": {
        "task": "surveys.apply_transitions",
        "schedule": crontab(hour="3", minute="12"),
        "kwargs": {"everything": True},
    },
    "prune webhook deliveries": {
        "task": "service_events.prune_webhook_deliveries",
        "schedule": crontab(hour="3", minute="30"),
    },
    "forget counts of public forms": {"task": "common.forget_old_counts", "schedule": crontab(minute="50")},
    "follow complaints": {"task": "voice.follow_events", "schedule": 15.0, "options": {"expires": 30.0}},
    "forget ended sign-ins": {
        "task": "accounts.forget_ended_sign_ins",
        "schedule": crontab(hour="3", minute="35"),
    },
    "anchor the access log": {"task": "accounts.anchor_access_log", "schedule": crontab(minute="5")},
    "load published holidays": {
        "task": "visits.load_published_days",
        "schedule": crontab(hour="3", minute="15"),
    },
    "plan return visits missed by the window": {
        "task": "visits.plan_visits",
        "schedule": crontab(hour="3", minute="20"),
        "kwargs": {"everything": True},
    },
    "measure case log of all months": {
        "task": "evaluations.measure_case_log",
        "schedule": crontab(hour="3", minute="45"),
        "kwargs": {"everything": True},
    },
    "measure return visits of all months": {
        "task": "visits.measure",
        "schedule": crontab(hour="3", minute="40"),
        "kwargs": {"everything": True},
    },
}
