"""What completed service events say of teams and months, counted by PostgreSQL."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Min, OuterRef, Subquery

from feedback_site.evaluations.enums import PeriodKind
from feedback_site.evaluations.rules import Period, periods_of
from feedback_site.service_events.enums import TransitionType
from feedback_site.service_events.models import ServiceEvent, ServiceEventTransition

# Cases are counted once per credited team and local month, then pooled upwards: parents pool
# the cases of their subtree. Seconds are numeric, so that sums are exact whatever their order.
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
), firsts AS (
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
    SELECT event.credited_team_id AS team_id, team.time_zone, event.status, event.completed_at,
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
    SELECT team_id, date_trunc('month', completed_at AT TIME ZONE time_zone)::date AS month, count(*) AS
      completed,
           count(seconds) AS responded, sum(seconds) AS seconds, sum(seconds * seconds) AS squares,
           0 AS known, 0 AS resolved, 0 AS reopened
    FROM cases WHERE status = 'completed' GROUP BY 1, 2
    UNION ALL
    SELECT team_id, date_trunc('month', first_completed_at AT TIME ZONE time_zone)::date, 0, 0, 0, 0,
           count(*) FILTER (WHERE has_failed OR is_resolved IS NOT NULL), count(*) FILTER (WHERE is_resolved
             AND NOT has_failed),
           count(*) FILTER (WHERE has_failed)
    FROM cases WHERE status = 'completed' OR has_failed GROUP BY 1, 2
)
SELECT lineage.ancestor_id, month, sum(completed)::bigint, sum(responded)::bigint, coalesce(sum(seconds), 0),
  coalesce(sum(squares), 0),
       sum(known)::bigint, sum(resolved)::bigint, sum(reopened)::bigint
FROM counted JOIN lineage USING (team_id)
WHERE %(first_month)s::date IS NULL OR month >= %(first_month)s::date
GROUP BY lineage.ancestor_id, month ORDER BY lineage.ancestor_id, month
"""


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """Cases of a team's subtree in a local period.

    `seconds` and `squares` sum the first response times and their squares.

    `completed` stand completed, by their latest completion. `known` are those whose outcome
    is known, by their first completion: `resolved` held, `reopened` were opened again later.
    """

    team_id: int
    period: Period
    completed: int = 0
    responded: int = 0
    seconds: Decimal = Decimal(0)
    squares: Decimal = Decimal(0)
    known: int = 0
    resolved: int = 0
    reopened: int = 0


_SUMMED = [field.name for field in fields(CaseCounts) if field.name not in {"team_id", "period"}]


def case_counts(*, first_month: date | None, since: datetime | None) -> list[CaseCounts]:
    """Count cases per team (subtrees pooled), local month and quarter.

    Counts from `first_month` on; with None everything.

    `first_month` must begin a quarter, or its quarter would be counted in part. `since` must
    lie before the beginning of `first_month` in every zone: it keeps older events unread.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS_SQL, {"first_month": first_month, "since": since})
        months = [
            CaseCounts(team_id, Period(PeriodKind.MONTH, month), *counts)
            for team_id, month, *counts in cursor.fetchall()
        ]
    return months + _quarters(months)


def _quarters(months: Iterable[CaseCounts]) -> list[CaseCounts]:
    """Add the cases of months up: sums of cases, never averages of months."""
    quarters: dict[tuple[int, Period], CaseCounts] = {}
    for row in months:
        _month, quarter = periods_of(row.period.start)
        known = quarters.get((row.team_id, quarter), CaseCounts(row.team_id, quarter))
        sums = {name: getattr(known, name) + getattr(row, name) for name in _SUMMED}
        quarters[row.team_id, quarter] = replace(known, **sums)
    return list(quarters.values())


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
