"""Every task of the site: its name, its queue, and when it runs without being rung for.

Each run sweeps rows, so a lost or doubled one changes nothing. The name is written here alone.
"""

from dataclasses import dataclass

from celery.schedules import crontab

FORGET_OLD_COUNTS = "common.forget_old_counts"
FORGET_ENDED_SIGN_INS = "accounts.forget_ended_sign_ins"
ANCHOR_ACCESS_LOG = "accounts.anchor_access_log"
MASK_OLD_WORDS = "customers.mask_old_words"
RUN_IMPORTS = "service_events.run_imports"
PRUNE_WEBHOOK_DELIVERIES = "service_events.prune_webhook_deliveries"
DELIVER_MESSAGES = "delivery.deliver_messages"
MEASURE_CASE_LOG = "evaluations.measure_case_log"
REVIEW_IMPROVEMENTS = "improvements.review"
FOLLOW_COMPLAINTS = "voice.follow_events"
DECIDE_EVENTS = "surveys.decide_events"
APPLY_TRANSITIONS = "surveys.apply_transitions"
QUEUE_INVITATIONS = "surveys.queue_invitations"
CONSUME_TALLIES = "surveys.consume_tallies"
SETTLE_DRAFTS = "surveys.settle_drafts"
SWEEP_FILES = "surveys.sweep_files"
RUN_CAMPAIGNS = "nps.run_campaigns"
PREPARE_CAMPAIGNS = "nps.prepare_campaigns"
PLAN_VISITS = "visits.plan_visits"
MEASURE_VISITS = "visits.measure"
LOAD_PUBLISHED_DAYS = "service_events.load_published_days"
NOTE_HEARTBEAT = "operations.note_heartbeat"
RUN_EXPORTS = "dashboards.run_exports"
VERIFY_RECENT = "conservation.verify_recent"
VERIFY_EVERYTHING = "conservation.verify_everything"

# How often the sweeps that customers wait for look by themselves.
TICK_SECONDS = 3.0
QUEUE = "celery"


@dataclass(frozen=True, slots=True)
class ScheduledRun:
    """One line of the schedule.

    A run that found its worker busy for `expires` seconds is dropped: the next one has come by then.
    """

    title: str
    schedule: float | crontab
    expires: float | None = None
    is_of_everything: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """One task: the queue it waits in and its runs."""

    runs: tuple[ScheduledRun, ...]
    queue: str = QUEUE


def _each_tick(title: str) -> ScheduledRun:
    return ScheduledRun(title, TICK_SECONDS, expires=2 * TICK_SECONDS)


def _each(seconds: float, title: str, *, expires: float | None = None) -> ScheduledRun:
    return ScheduledRun(title, seconds, expires=expires or seconds)


def _nightly(hour: int, minute: int, title: str, *, is_of_everything: bool = False) -> ScheduledRun:
    return ScheduledRun(title, crontab(hour=str(hour), minute=str(minute)), is_of_everything=is_of_everything)


def _hourly(minute: int, title: str) -> ScheduledRun:
    return ScheduledRun(title, crontab(minute=str(minute)))


TASKS: dict[str, Task] = {
    FORGET_OLD_COUNTS: Task((_hourly(50, "forget counts of public forms"),)),
    FORGET_ENDED_SIGN_INS: Task((_nightly(3, 35, "forget ended sign-ins"),)),
    ANCHOR_ACCESS_LOG: Task((_hourly(5, "anchor the access log"),)),
    # Before the night's verification, which names what stands in clear.
    MASK_OLD_WORDS: Task((_nightly(2, 50, "mask words from before"),)),
    RUN_IMPORTS: Task((_each_tick("run imports"),)),
    PRUNE_WEBHOOK_DELIVERIES: Task((_nightly(3, 30, "prune webhook deliveries"),)),
    DELIVER_MESSAGES: Task((_each_tick("deliver messages"),)),
    MEASURE_CASE_LOG: Task(
        (
            _each(60.0, "measure case log"),
            _nightly(3, 45, "measure case log of all months", is_of_everything=True),
        )
    ),
    REVIEW_IMPROVEMENTS: Task((_each(60.0, "review improvements"),)),
    FOLLOW_COMPLAINTS: Task((_each(15.0, "follow complaints", expires=30.0),)),
    DECIDE_EVENTS: Task(
        (
            _each_tick("decide events"),
            _nightly(3, 10, "decide events missed by the window", is_of_everything=True),
        )
    ),
    APPLY_TRANSITIONS: Task(
        (
            _each_tick("apply transitions"),
            _nightly(3, 12, "apply transitions missed by the window", is_of_everything=True),
        )
    ),
    QUEUE_INVITATIONS: Task((_each_tick("queue due invitations"),)),
    CONSUME_TALLIES: Task((_each_tick("consume tallies"),)),
    SETTLE_DRAFTS: Task((_each(120.0, "settle unfinished responses"),)),
    SWEEP_FILES: Task((_hourly(25, "forget files that were not submitted"),)),
    RUN_CAMPAIGNS: Task((_each(15.0, "run NPS campaigns", expires=30.0),)),
    PREPARE_CAMPAIGNS: Task((_each(600.0, "prepare NPS campaigns"),)),
    PLAN_VISITS: Task(
        (
            _each(10.0, "plan return visits", expires=20.0),
            _nightly(3, 20, "plan return visits missed by the window", is_of_everything=True),
        )
    ),
    MEASURE_VISITS: Task(
        (
            _each(60.0, "measure return visits"),
            _nightly(3, 40, "measure return visits of all months", is_of_everything=True),
        )
    ),
    LOAD_PUBLISHED_DAYS: Task((_nightly(3, 15, "load published holidays"),)),
    NOTE_HEARTBEAT: Task((_each(5.0, "note that a worker is alive", expires=10.0),)),
    RUN_EXPORTS: Task((_each_tick("run exports"),)),
    VERIFY_RECENT: Task((_each(60.0, "verify what was written lately"),)),
    VERIFY_EVERYTHING: Task((_nightly(4, 10, "verify everything"),)),
}
