"""What return visits found about cases, counted by PostgreSQL."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Min, Q

from visits.enums import VERDICTS
from visits.models import Escalation, ReturnVisit

# A case counts by its last verdict, once: verified when that was given, not verified when
# its escalation ran out of time or was closed without proof. Cases are counted by credited
# team and local month, then pooled upwards: parents pool the cases of their subtree.
_COUNTS_SQL = """
WITH RECURSIVE lineage(ancestor_id, team_id) AS (
    SELECT id, id FROM accounts_team
    UNION
    SELECT lineage.ancestor_id, child.id FROM accounts_team child JOIN lineage
      ON child.parent_id = lineage.team_id
), verdicts AS (
    SELECT case_id, credited_team_id, outcome, closed_at,
           row_number() OVER (PARTITION BY case_id ORDER BY closed_at DESC, id DESC) AS from_newest,
           count(*) FILTER (WHERE outcome = 'not_resolved') OVER (PARTITION BY case_id) AS failures
    FROM visits_returnvisit
    WHERE outcome IN ('verified_resolved', 'not_resolved')
      AND (%(since)s::timestamptz IS NULL OR case_id IN (
          SELECT case_id FROM visits_returnvisit
          WHERE outcome IN ('verified_resolved', 'not_resolved') AND closed_at >= %(since)s::timestamptz
      ))
), escalations AS (
    SELECT DISTINCT ON (case_id) case_id, status, closed_at, deadline_at
    FROM visits_escalation ORDER BY case_id, opened_at DESC, id DESC
), cases AS (
    SELECT team.id AS team_id, team.time_zone, verdict.closed_at, verdict.failures, verdict.outcome =
      'verified_resolved' AS is_verified,
           CASE
               WHEN verdict.outcome = 'verified_resolved' THEN verdict.closed_at
               WHEN escalation.status = 'closed' THEN least(escalation.closed_at, escalation.deadline_at)
               WHEN escalation.deadline_at < %(at)s THEN escalation.deadline_at
           END AS concluded_at
    FROM verdicts verdict
    JOIN accounts_team team ON team.id = verdict.credited_team_id
    LEFT JOIN escalations escalation ON escalation.case_id = verdict.case_id
    WHERE verdict.from_newest = 1
), counted AS (
    SELECT team_id, date_trunc('month', coalesce(concluded_at, closed_at) AT TIME ZONE time_zone)::date AS
      month,
           count(*) FILTER (WHERE concluded_at IS NOT NULL AND is_verified) AS verified,
           count(*) FILTER (WHERE concluded_at IS NOT NULL AND NOT is_verified) AS not_verified,
           count(*) FILTER (WHERE is_verified AND failures = 0) AS at_first_visit,
           count(*) FILTER (WHERE concluded_at IS NULL) AS in_repair
    FROM cases GROUP BY team_id, month
)
SELECT lineage.ancestor_id, month, sum(verified)::bigint, sum(not_verified)::bigint,
  sum(at_first_visit)::bigint, sum(in_repair)::bigint
FROM counted JOIN lineage USING (team_id)
WHERE %(first_month)s::date IS NULL OR month >= %(first_month)s::date
GROUP BY lineage.ancestor_id, month ORDER BY lineage.ancestor_id, month
"""


@dataclass(frozen=True, slots=True)
class VerifiedCounts:
    """Concluded cases of a team's subtree in a local month.

    `in_repair` are those whose escalation is still in time.
    """

    team_id: int
    month: date
    verified: int
    not_verified: int
    verified_at_first_visit: int
    in_repair: int

    @property
    def concluded(self) -> int:
        """The cases that count."""
        return self.verified + self.not_verified


def verified_counts(
    *, first_month: date | None, since: datetime | None, at: datetime
) -> list[VerifiedCounts]:
    """Count cases per team (subtrees pooled) and local month from `first_month` on; None counts everything.

    `since` must lie before any verdict on a case that is concluded
    in `first_month` or later: it keeps older visits unread.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS_SQL, {"first_month": first_month, "since": since, "at": at})
        return [VerifiedCounts(*row) for row in cursor.fetchall()]


def earliest_escalation(*, due_from: datetime) -> datetime | None:
    """Return when the first of the escalations was opened that have their deadline at this moment or later.

    How long a repair may take, and on which days, differs by company and team.
    """
    due = Escalation.objects.filter(deadline_at__gte=due_from)
    earliest: datetime | None = due.aggregate(earliest=Min("opened_at"))["earliest"]
    return earliest


def earliest_verdict_of_changed_cases(*, changed_since: datetime) -> datetime | None:
    """Return the first verdict ever given on a case that changed lately.

    A new verdict takes the case out of an older month.
    """
    visits = ReturnVisit.objects.filter(outcome__in=VERDICTS)
    changed = Q(case_id__in=visits.filter(closed_at__gte=changed_since).values("case_id")) | Q(
        case_id__in=Escalation.objects.filter(closed_at__gte=changed_since).values("case_id")
    )
    earliest: datetime | None = visits.filter(changed).aggregate(earliest=Min("closed_at"))["earliest"]
    return earliest
