"""The check of what service events measure.

The resolution rate is recounted case by case from the facts on record.
"""

from django.utils.translation import gettext_lazy as _

from feedback_site.conservation.check import Check

# Each fact of a case is read in its order: the measurement reads the first completion only of cases that were
# reopened. A month with a change of the last minutes may not be measured yet, so it is left to the next run.
_RESOLUTION_EQUALS = """
    WITH RECURSIVE pooled_into(team_id, pool_id) AS (
        SELECT id, id FROM accounts_team
        UNION
        SELECT pooled_into.team_id, team.parent_id
        FROM pooled_into
        JOIN accounts_team team ON team.id = pooled_into.pool_id
        WHERE team.parent_id IS NOT NULL
    ), told AS (
        SELECT event.id, event.credited_team_id AS team_id, event.status, event.is_resolved, event.updated_at,
            min(fact.at) FILTER (WHERE fact.type = 'completed') AS first_completed_at,
            max(fact.at) FILTER (WHERE fact.type = 'reopened') AS last_reopened_at
        FROM service_events_serviceevent event
        JOIN service_events_serviceeventtransition fact ON fact.event_id = event.id
        WHERE event.completed_at >= {since}
        GROUP BY event.id
    ), outcomes AS (
        SELECT told.team_id, date_trunc('month', first_completed_at AT TIME ZONE team.time_zone)::date AS
          month, told.updated_at,
            CASE WHEN last_reopened_at >= first_completed_at AND (status <> 'completed'
              OR last_reopened_at > first_completed_at) THEN false
                WHEN status = 'completed' THEN is_resolved END AS is_good
        FROM told
        JOIN accounts_team team ON team.id = told.team_id
        WHERE first_completed_at IS NOT NULL
    ), counted AS (
        SELECT pooled_into.pool_id AS team_id, month, count(is_good) AS n, count(*) FILTER (WHERE is_good) AS
          good,
            max(updated_at) AS changed_at
        FROM outcomes
        JOIN pooled_into ON pooled_into.team_id = outcomes.team_id
        GROUP BY 1, 2
    ), measured AS (
        SELECT measurement.team_id, measurement.period_start AS month, measurement.n, measurement.value
        FROM evaluations_measurement measurement
        JOIN evaluations_indicator indicator ON indicator.id = measurement.indicator_id
        WHERE indicator.slug = 'resolution_rate' AND measurement.subject_kind = 'team'
            AND measurement.period_kind = 'month'
          AND measurement.source = 'case_log'
            AND measurement.n > 0
    )
    SELECT concat_ws(' ', 'team', team_id, month) AS key, 'measured n ' || coalesce(measured.n, 0) ||
      ' value '
        || coalesce(measured.value::text, '-') || ', cases n ' || coalesce(counted.n, 0) || ' value '
        || coalesce(round(100.0 * counted.good / nullif(counted.n, 0), 4)::text, '-') AS detail
    FROM counted
    FULL JOIN measured USING (team_id, month)
    WHERE (coalesce(counted.n, 0) <> coalesce(measured.n, 0)
            OR round(100.0 * counted.good / nullif(counted.n, 0), 4) IS DISTINCT FROM measured.value)
        AND coalesce(counted.changed_at < now() - interval '3 minutes', true)
        AND month >= ({since})::date
        AND EXISTS (SELECT FROM evaluations_indicator WHERE slug = 'resolution_rate')
"""
# What was touched lately: whole months, from the one before the earliest completion among it.
LATELY = """(
    SELECT date_trunc('month', min(at)) - interval '1 month' FROM service_events_serviceeventtransition
    WHERE event_id = ANY(%(events)s::uuid[]) AND type = 'completed'
)"""

RESOLUTION_RATE_EQUALS_CASES = Check(
    slug="resolution_rate_equals_cases",
    sentence=_(
        "the resolution rate counts every service event once, in the month of its first completion, and as "
        "not "
        "resolved once it was reopened"
    ),
    sql=_RESOLUTION_EQUALS.format(since="'-infinity'::timestamptz"),
    recent_sql=_RESOLUTION_EQUALS.format(since=LATELY),
)

CASE_LOG_CHECKS = (RESOLUTION_RATE_EQUALS_CASES,)
