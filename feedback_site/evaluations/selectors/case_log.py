"""What completed service events say of subjects and periods, counted by PostgreSQL."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Min, OuterRef, Subquery

from feedback_site.evaluations.enums import PeriodKind, SubjectKind
from feedback_site.evaluations.rules import Period, Subject, period_start
from feedback_site.evaluations.rules.periods import MONTHS
from feedback_site.service_events.enums import TransitionType
from feedback_site.service_events.models import ServiceEvent, ServiceEventTransition

# Cases are counted once per credited team, its local month or day, and colleague, channel or kind of service
# where asked. Then they are pooled: parents pool the cases of their subtree, the whole company those of all.
# Seconds are numeric, so that sums are exact whatever their order.
#
# Response times are those of the cases that stand completed, in the month of their latest
# completion. A case has one outcome, in the month of its first completion: a reopening
# after that is a repair that did not hold, whatever was said then and is said later, and it
# stays even where the case is then cancelled or superseded. Only a reopening can lead to a
# second completion, so a case without one has its first completion in the event itself.
_COUNTS_SQL = """
WITH RECURSIVE lineage(ancestor_id, team_id) AS (
    SELECT id, id FROM accounts_team
    UNION
    SELECT lineage.ancestor_id, child.id FROM accounts_team child JOIN lineage
      ON child.parent_id = lineage.team_id
), pools(pool_id, team_id) AS ({pools}), firsts AS (
    SELECT reopening.event_id, completion.at AS completed_at,
           bool_or((reopening.at, reopening.id) > (completion.at, completion.id)) AS has_failed
    FROM service_events_serviceeventtransition reopening
    JOIN LATERAL (
        SELECT fact.id, fact.at FROM service_events_serviceeventtransition fact
        WHERE fact.event_id = reopening.event_id AND fact.type = 'completed' ORDER BY fact.at, fact.id LIMIT 1
    ) completion ON true
    WHERE reopening.type = 'reopened'
    GROUP BY reopening.event_id, completion.at
), cases AS (
    SELECT event.credited_team_id AS team_id, {of} AS of_id, team.time_zone, event.status, event.completed_at,
           extract(epoch FROM event.first_response_at - event.opened_at) AS seconds,
           coalesce(first.completed_at, event.completed_at) AS first_completed_at,
           coalesce(first.has_failed, false) OR event.status = 'reopened' AS has_failed,
           event.is_resolved
    FROM service_events_serviceevent event
    JOIN accounts_team team ON team.id = event.credited_team_id
    LEFT JOIN firsts first ON first.event_id = event.id
    WHERE event.completed_at IS NOT NULL AND (%(since)s::timestamptz IS NULL
      OR event.completed_at >= %(since)s::timestamptz)
), counted AS (
    SELECT team_id, of_id, date_trunc('{unit}', completed_at AT TIME ZONE time_zone)::date AS start_on,
           count(*) AS completed,
           count(seconds) AS responded, sum(seconds) AS seconds, sum(seconds * seconds) AS squares,
           0 AS known, 0 AS resolved, 0 AS reopened
    FROM cases WHERE status = 'completed' GROUP BY 1, 2, 3
    UNION ALL
    SELECT team_id, of_id, date_trunc('{unit}', first_completed_at AT TIME ZONE time_zone)::date, 0, 0, 0, 0,
           count(*) FILTER (WHERE has_failed OR is_resolved IS NOT NULL), count(*) FILTER (WHERE is_resolved
             AND NOT has_failed),
           count(*) FILTER (WHERE has_failed)
    FROM cases WHERE status = 'completed' OR has_failed GROUP BY 1, 2, 3
)
SELECT pool_id, of_id, start_on, sum(completed)::bigint, sum(responded)::bigint, coalesce(sum(seconds), 0),
  coalesce(sum(squares), 0),
       sum(known)::bigint, sum(resolved)::bigint, sum(reopened)::bigint
FROM counted JOIN pools USING (team_id)
WHERE (%(first)s::date IS NULL OR start_on >= %(first)s::date) AND ({of_all} OR of_id IS NOT NULL)
GROUP BY pool_id, of_id, start_on ORDER BY pool_id, of_id, start_on
"""
_EACH = "SELECT id, id FROM accounts_team"
_SUBTREES = "SELECT ancestor_id, team_id FROM lineage"
_WHOLE = "SELECT NULL::bigint, id FROM accounts_team"
# Of each kind of subject: the column that tells one from another within a team, and what is pooled.
_SHAPES: dict[str, tuple[str, str]] = {
    SubjectKind.TEAM: ("NULL::bigint", _SUBTREES),
    SubjectKind.AGENT: ("event.agent_id", _EACH),
    SubjectKind.CHANNEL: ("event.channel_id", f"{_SUBTREES} UNION ALL {_WHOLE}"),
    SubjectKind.KIND: ("event.kind_id", f"{_SUBTREES} UNION ALL {_WHOLE}"),
    SubjectKind.WHOLE: ("NULL::bigint", _WHOLE),
}


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """Cases of a subject in a period, by the zones of the credited teams.

    `seconds` and `squares` sum the first response times and their squares.

    `completed` stand completed, by their latest completion. `known` are those whose outcome
    is known, by their first completion: `resolved` held, `reopened` were opened again later.
    """

    subject: Subject
    period: Period
    completed: int = 0
    responded: int = 0
    seconds: Decimal = Decimal(0)
    squares: Decimal = Decimal(0)
    known: int = 0
    resolved: int = 0
    reopened: int = 0


_SUMMED = [field.name for field in fields(CaseCounts) if field.name not in {"subject", "period"}]


def case_counts(
    *, subject_kind: str, period_kinds: Collection[str], first: date | None, since: datetime | None
) -> list[CaseCounts]:
    """Count cases per subject of a kind, and local period of these kinds.

    Counts the periods that begin at `first` or later; with None all.

    `since` must lie before the beginning of `first` in every zone: it keeps older events unread.
    """
    of, pools = _SHAPES[subject_kind]
    unit = PeriodKind.MONTH if MONTHS.keys() >= set(period_kinds) else PeriodKind.DAY
    sql = _COUNTS_SQL.format(of=of, pools=pools, unit=unit.value, of_all=of.startswith("NULL"))
    with connection.cursor() as cursor:
        cursor.execute(sql, {"first": first, "since": since})
        rows = [
            CaseCounts(Subject.of(subject_kind, team_id, of_id), Period(unit, start), *counts)
            for team_id, of_id, start, *counts in cursor.fetchall()
        ]
    return _summed(rows, period_kinds, first)


def _summed(
    rows: Iterable[CaseCounts], period_kinds: Collection[str], first: date | None
) -> list[CaseCounts]:
    """Add the cases of months or days up: sums of cases, never averages.

    A period that began before `first` was counted in part, and is left out.
    """
    summed: dict[tuple[Subject, Period], CaseCounts] = {}
    for row in rows:
        for kind in period_kinds:
            period = Period(str(kind), period_start(kind, row.period.start))
            if first is not None and period.start < first:
                continue
            known = summed.get((row.subject, period), CaseCounts(row.subject, period))
            sums = {name: getattr(known, name) + getattr(row, name) for name in _SUMMED}
            summed[row.subject, period] = replace(known, **sums)
    return list(summed.values())


def earliest_recent_completion(*, changed_since: datetime) -> datetime | None:
    """Return the first completion of all cases whose event changed lately.

    Imported history and late reopenings reach far back.
    """
    completions = (
        ServiceEventTransition.objects.filter(event=OuterRef("pk"), type=TransitionType.COMPLETED)
        .order_by("at")
        .values("at")
    )
    changed = ServiceEvent.objects.filter(updated_at__gte=changed_since).annotate(
        first_completed_at=Subquery(completions[:1])
    )
    earliest = changed.aggregate(last=Min("completed_at"), first=Min("first_completed_at"))
    return min((moment for moment in earliest.values() if moment is not None), default=None)
