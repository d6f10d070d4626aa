"""What the database says of the site, read once per scrape.

Each figure uses an index, so that a long history costs no more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from surveys.services.decisions.deciding import WINDOW

TIMEOUT_SECONDS = 3
# The spans that "lately" is told for, by the value of the label `last`.
SPANS = {"10m": timedelta(minutes=10), "1h": timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows that wait for work: how many, and when the oldest became due."""

    count: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class QueuedMessages:
    """Unfinished messages of one status and channel. `overdue` of them are past their deadline."""

    status: str
    channel: str
    count: int
    due: int
    overdue: int
    oldest_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class SentMessages:
    """What became of messages within one of `SPANS`. Only messages with a deadline can be in time or late."""

    in_time: int
    late: int
    without_deadline: int
    missed: int


@dataclass(frozen=True, slots=True)
class Figures:
    """One reading of the database, by its clock."""

    at: datetime
    queue: Sequence[QueuedMessages]
    undecided: Waiting
    to_queue: Waiting
    pending_tallies: Waiting
    sent: Mapping[str, SentMessages]
    answers_last_minute: int
    completions_last_minute: int
    connections: Mapping[str, int] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)


@transaction.atomic
def read_figures() -> Figures:
    """Read all figures. Raises `OperationalError` when one of them takes longer than `TIMEOUT_SECONDS`."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{TIMEOUT_SECONDS}s'")
    ((at,),) = _run("SELECT clock_timestamp()")
    longest = max(SPANS.values())
    sent = _run(
        _SENT,
        {f"since_{name}": at - span for name, span in SPANS.items()} | {"since": at - longest, "at": at},
    )
    ((answers, completions),) = _run(_LAST_MINUTE, {"since": at - timedelta(minutes=1), "at": at})
    return Figures(
        at=at,
        queue=[QueuedMessages(*row) for row in _run(_QUEUE, {"at": at})],
        undecided=_waiting(_UNDECIDED, {"since": at - WINDOW}),
        to_queue=_waiting(_TO_QUEUE, {"at": at}),
        pending_tallies=_waiting(_PENDING_TALLIES),
        sent={name: SentMessages(*counts) for name, *counts in sent},
        answers_last_minute=answers,
        completions_last_minute=completions,
        connections=dict(_run(_CONNECTIONS)),
        rows=dict(_run(_ROWS)),
    )


def _waiting(statement: str, parameters: Mapping[str, Any] | None = None) -> Waiting:
    ((count, oldest_at),) = _run(statement, parameters)
    return Waiting(count, oldest_at)


def _run(statement: str, parameters: Mapping[str, Any] | None = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


# Two halves, so that each is found by its own partial index.
_QUEUE = """
SELECT status, channel, count(*), count(*) FILTER (WHERE due_at <= %(at)s), count(*) FILTER (WHERE deadline_at
  < %(at)s),
    min(due_at) FILTER (WHERE due_at <= %(at)s)
FROM (
    SELECT status, channel, due_at, deadline_at FROM delivery_message WHERE status = 'queued'
    UNION ALL
    SELECT status, channel, due_at, deadline_at FROM delivery_message WHERE status = 'sending'
) unfinished
GROUP BY status, channel
"""
# What the sweep that decides looks at: completions recorded within its window.
_UNDECIDED = """
SELECT count(*), min(completion.recorded_at)
FROM service_events_serviceeventtransition completion
JOIN service_events_serviceevent event ON event.id = completion.event_id AND event.status = 'completed'
WHERE completion.type = 'completed' AND completion.recorded_at >= %(since)s
    AND NOT EXISTS (SELECT FROM surveys_eventdecision decision
      WHERE decision.service_event_id = completion.event_id)
"""
_TO_QUEUE = """
SELECT count(*), min(due_at) FROM surveys_invitation
WHERE NOT is_queued AND voided_at IS NULL AND due_at <= %(at)s AND origin = 'sent' AND customer_id IS NOT NULL
  AND purpose <> 'open'
"""
_PENDING_TALLIES = """
SELECT count(*), min(response.submitted_at)
FROM surveys_pendingtally pending JOIN surveys_response response
  ON response.invitation_id = pending.response_id
"""
# Nothing says when a message was given up as missed, but it
# is at the end of the time in which it might be sent.
_SENT = """
WITH sent AS (
    SELECT sent_at AS ended_at, deadline_at, is_late, FALSE AS is_missed FROM delivery_message
    WHERE status = 'sent' AND NOT is_local_only AND sent_at > %(since)s
    UNION ALL
    SELECT send_until, deadline_at, FALSE, TRUE FROM delivery_message
    WHERE status = 'missed' AND send_until > %(since)s AND send_until <= %(at)s
)
SELECT span.name,
    count(sent.ended_at) FILTER (WHERE NOT is_missed AND deadline_at IS NOT NULL AND NOT is_late),
    count(sent.ended_at) FILTER (WHERE NOT is_missed AND is_late),
    count(sent.ended_at) FILTER (WHERE NOT is_missed AND deadline_at IS NULL),
    count(sent.ended_at) FILTER (WHERE is_missed)
FROM (VALUES ('10m', %(since_10m)s::timestamptz), ('1h', %(since_1h)s::timestamptz)) AS span (name, since)
LEFT JOIN sent ON sent.ended_at > span.since
GROUP BY span.name
"""
_LAST_MINUTE = """
SELECT
    (SELECT count(*) FROM surveys_response WHERE submitted_at > %(since)s AND submitted_at <= %(at)s),
    (SELECT count(*) FROM service_events_serviceeventtransition
        WHERE type = 'completed' AND recorded_at > %(since)s AND recorded_at <= %(at)s)
"""
_CONNECTIONS = """
SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1
"""
# The planner's estimates: counting a million rows takes longer than a scrape may.
_ROWS = """
SELECT relname, greatest(reltuples, 0)::bigint FROM pg_class
WHERE oid IN ('service_events_serviceevent'::regclass, 'surveys_invitation'::regclass,
  'surveys_response'::regclass,
    'delivery_message'::regclass)
"""
