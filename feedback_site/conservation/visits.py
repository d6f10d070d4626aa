"""What must hold of return visits."""

from django.utils.translation import gettext_lazy as _

from feedback_site.conservation.check import Check

VISITS_FOLLOW_THEIR_ATTEMPTS = Check(
    slug="visits_follow_their_attempts",
    sentence=_(
        "every return visit has a reason, as many attempts as it counts, and the outcome of the last one"
    ),
    sql="""
        SELECT visit.id AS key, visit.status || ' ' || visit.outcome || ', counts ' || visit.attempts_made ||
          ' attempts, has '
            || count(attempt.id) || ', the last ' || coalesce((array_agg(attempt.outcome
              ORDER BY attempt.number DESC))[1], '-') AS detail
        FROM visits_returnvisit visit
        LEFT JOIN visits_visitattempt attempt ON attempt.visit_id = visit.id
        GROUP BY visit.id
        HAVING count(attempt.id) <> visit.attempts_made
            OR coalesce(max(attempt.number), 0) <> visit.attempts_made
            OR (visit.status = 'open' AND bool_or(attempt.outcome NOT IN ('no_answer', 'call_later')))
            OR (visit.outcome IN ('verified_resolved', 'not_resolved', 'wrong_number')
                AND (array_agg(attempt.outcome ORDER BY attempt.number DESC))[1] IS DISTINCT
                  FROM visit.outcome)
            OR (visit.outcome = 'unreached'
                AND (array_agg(attempt.outcome ORDER BY attempt.number DESC))[1] NOT IN ('no_answer',
                  'call_later'))
        UNION ALL
        SELECT visit.id, 'no reason'
        FROM visits_returnvisit visit
        WHERE NOT EXISTS (SELECT FROM visits_visitsource source WHERE source.visit_id = visit.id)
    """,
)

VERDICTS_HAVE_THEIR_ANSWERS = Check(
    slug="verdicts_have_their_answers",
    sentence=_(
        "every verdict is based on the customer's answers to its call script, and no other visit has answers"
    ),
    sql="""
        SELECT visit.id AS key, coalesce(nullif(visit.outcome, ''), visit.status) || ', '
            || CASE WHEN response.invitation_id IS NULL THEN 'no answers'
              ELSE invitation.purpose || ' answers' END AS detail
        FROM visits_returnvisit visit
        LEFT JOIN surveys_invitation invitation ON invitation.id = visit.invitation_id
        LEFT JOIN surveys_response response ON response.invitation_id = visit.invitation_id
        WHERE (visit.outcome IN ('verified_resolved', 'not_resolved'))
            <> (response.invitation_id IS NOT NULL AND invitation.purpose = 'visit'
              AND invitation.origin = 'interview')
        UNION ALL
        SELECT invitation.id, 'an interview without a visit'
        FROM surveys_invitation invitation
        WHERE invitation.purpose = 'visit' AND NOT EXISTS (SELECT FROM visits_returnvisit visit
          WHERE visit.invitation_id = invitation.id)
    """,
)

# An escalation that was open when the visit ended goes on; else the visit opened one.
UNRESOLVED_CASES_ARE_ESCALATED = Check(
    slug="unresolved_cases_are_escalated",
    sentence=_(
        "every service event that a visit found not resolved was escalated, and escalations end as verified "
        "only by a good visit"
    ),
    sql="""
        SELECT visit.id AS key, 'not resolved, never escalated' AS detail
        FROM visits_returnvisit visit
        WHERE visit.outcome = 'not_resolved' AND NOT EXISTS (
            SELECT FROM visits_escalation escalation
            WHERE escalation.case_id = visit.case_id AND escalation.opened_at <= visit.closed_at
                AND (escalation.closed_at IS NULL OR escalation.closed_at >= visit.closed_at)
        )
        UNION ALL
        SELECT escalation.id, 'verified without a good visit'
        FROM visits_escalation escalation
        WHERE escalation.status = 'verified' AND NOT EXISTS (
            SELECT FROM visits_returnvisit visit
            WHERE visit.case_id = escalation.case_id AND visit.outcome = 'verified_resolved'
              AND visit.closed_at = escalation.closed_at
        )
    """,
)

# One case, one verdict: cases are counted one by one here, the measurement counts them by windows. A
# verdict of the last minutes may not be measured yet, so a team and month with one is left to the next run.
VERIFIED_RESOLUTION_EQUALS_CASES = Check(
    slug="verified_resolution_equals_cases",
    sentence=_(
        "the verified resolution rate counts every concluded service event once, team by team and month by "
        "month"
    ),
    sql="""
        WITH RECURSIVE pooled_into(team_id, pool_id) AS (
            SELECT id, id FROM accounts_team
            UNION
            SELECT pooled_into.team_id, team.parent_id
            FROM pooled_into
            JOIN accounts_team team ON team.id = pooled_into.pool_id
            WHERE team.parent_id IS NOT NULL
        ), ended AS (
            SELECT visit.credited_team_id AS team_id, team.time_zone, visit.outcome = 'verified_resolved' AS
              is_good, CASE
                WHEN visit.outcome = 'verified_resolved' THEN visit.closed_at
                ELSE (
                    SELECT CASE WHEN escalation.status = 'closed'
                      THEN least(escalation.closed_at, escalation.deadline_at)
                        WHEN escalation.deadline_at < now() THEN escalation.deadline_at END
                    FROM visits_escalation escalation
                    WHERE escalation.case_id = visit.case_id ORDER BY escalation.opened_at DESC LIMIT 1
                )
            END AS ended_at
            FROM visits_returnvisit visit
            JOIN accounts_team team ON team.id = visit.credited_team_id
            WHERE visit.outcome IN ('verified_resolved', 'not_resolved') AND NOT EXISTS (
                SELECT FROM visits_returnvisit later
                WHERE later.case_id = visit.case_id AND later.outcome IN ('verified_resolved', 'not_resolved')
                    AND (later.closed_at, later.id) > (visit.closed_at, visit.id)
            )
        ), counted AS (
            SELECT pooled_into.pool_id AS team_id, date_trunc('month', ended_at AT TIME ZONE time_zone)::date
              AS month,
                count(*) AS n, round(100.0 * count(*) FILTER (WHERE is_good) / count(*), 4) AS value,
                  max(ended_at) AS last_at
            FROM ended
            JOIN pooled_into ON pooled_into.team_id = ended.team_id
            WHERE ended_at IS NOT NULL
            GROUP BY 1, 2
        ), measured AS (
            SELECT measurement.team_id, measurement.period_start AS month, measurement.n, measurement.value
            FROM evaluations_measurement measurement
            JOIN evaluations_indicator indicator ON indicator.id = measurement.indicator_id
            WHERE indicator.slug = 'verified_resolution_rate' AND measurement.subject_kind = 'team'
            AND measurement.period_kind = 'month'
                AND measurement.source = 'return_visit' AND measurement.n > 0
        )
        SELECT concat_ws(' ', 'team', team_id, month) AS key, 'measured n ' || coalesce(measured.n, 0) ||
          ' value '
            || coalesce(measured.value::text, '-') || ', cases n ' || coalesce(counted.n, 0) || ' value '
            || coalesce(counted.value::text, '-') AS detail
        FROM counted
        FULL JOIN measured USING (team_id, month)
        WHERE (coalesce(counted.n, 0) <> coalesce(measured.n, 0) OR counted.value IS DISTINCT
          FROM measured.value)
            AND coalesce(counted.last_at < now() - interval '3 minutes', true)
    """,
)

VISIT_CHECKS = (
    VISITS_FOLLOW_THEIR_ATTEMPTS,
    VERDICTS_HAVE_THEIR_ANSWERS,
    UNRESOLVED_CASES_ARE_ESCALATED,
    VERIFIED_RESOLUTION_EQUALS_CASES,
)
