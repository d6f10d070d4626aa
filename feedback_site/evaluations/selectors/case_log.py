"""What completed service events say of teams and months, counted by PostgreSQL."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Min

from feedback_site.evaluations.enums import PeriodKind
from feedback_site.evaluations.rules import Period, periods_of
from feedback_site.service_events.models import ServiceEvent

# Cases are counted once per credited team and local month, then pooled upwards: parents pool the cases of their subtree.
# Seconds are numeric, so that sums are exact whatever their order.
_COUNTS_SQL = """
WITH RECURSIVE lineage(ancestor_id, team_id) AS (
    SELECT id, id FROM accounts_team
    UNION
    SELECT lineage.ancestor_id, child.id FROM accounts_team child JOIN lineage ON child.parent_id = lineage.team_id
), cases AS (
    SELECT event.credited_team_id AS team_id,
           date_trunc('month', event.completed_at AT TIME ZONE team.time_zone)::date AS month,
           extract(epoch FROM event.first_response_at - event.opened_at) AS seconds,
           event.is_resolved
    FROM service_events_serviceevent event JOIN accounts_team team ON team.id = event.credited_team_id
    WHERE event.status = 'completed' AND (%(since)s::timestamptz IS NULL OR event.completed_at >= %(since)s::timestamptz)
), counted AS (
    SELECT team_id, month, count(*) AS completed, count(seconds) AS responded, sum(seconds) AS seconds, sum(seconds * seconds) AS squares,
           count(is_resolved) AS known, count(*) FILTER (WHERE is_resolved) AS resolved
    FROM cases GROUP BY team_id, month
)
SELECT lineage.ancestor_id, month, sum(completed)::bigint, sum(responded)::bigint, coalesce(sum(seconds), 0), coalesce(sum(squares), 0),
       sum(known)::bigint, sum(resolved)::bigint
FROM counted JOIN lineage USING (team_id)
WHERE %(first_month)s::date IS NULL OR month >= %(first_month)s::date
GROUP BY lineage.ancestor_id, month ORDER BY lineage.ancestor_id, month
"""


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """Completed cases of a team's subtree in a local period; `seconds` and `squares` sum the first response times and their squares."""

    team_id: int
    period: Period
    completed: int
    responded: int
    seconds: Decimal
    squares: Decimal
    known: int
    resolved: int


def case_counts(*, first_month: date | None, since: datetime | None) -> list[CaseCounts]:
    """Count completed cases per team (subtrees pooled), local month and quarter from `first_month` on; None counts everything.

    `first_month` must begin a quarter, or its quarter would be counted in part. `since` must lie before the beginning of `first_month`
    in every zone: it keeps older events unread.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS_SQL, {"first_month": first_month, "since": since})
        months = [CaseCounts(team_id, Period(PeriodKind.MONTH, month), *counts) for team_id, month, *counts in cursor.fetchall()]
    return months + _quarters(months)


def _quarters(months: Iterable[CaseCounts]) -> list[CaseCounts]:
    """Add the cases of months up: sums of cases, never averages of months."""
    quarters: dict[tuple[int, Period], CaseCounts] = {}
    for row in months:
        _month, quarter = periods_of(row.period.start)
        known = quarters.get((row.team_id, quarter), CaseCounts(row.team_id, quarter, 0, 0, Decimal(0), Decimal(0), 0, 0))
        quarters[row.team_id, quarter] = CaseCounts(
            row.team_id,
            quarter,
            known.completed + row.completed,
            known.responded + row.responded,
            known.seconds + row.seconds,
            known.squares + row.squares,
            known.known + row.known,
            known.resolved + row.resolved,
        )
    return list(quarters.values())


def earliest_recent_completion(*, changed_since: datetime) -> datetime | None:
    """Return when the oldest case was completed whose event changed lately: imported history reaches far back."""
    completed = ServiceEvent.objects.filter(updated_at__gte=changed_since)
    earliest: datetime | None = completed.aggregate(earliest=Min("completed_at"))["earliest"]
    return earliest
