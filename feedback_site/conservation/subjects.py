"""The checks of what is measured of more than teams by month and quarter.

Each figure on record that the indicator's settings ask for is counted again from the single facts.
"""

from django.utils.translation import gettext_lazy as _

from feedback_site.conservation.case_log import LATELY
from feedback_site.conservation.check import Check

# `facts` are (day, team_id, agent_id, channel_id, kind_id, value, count, changed_at, only_kind); the last is
# the one kind of subject that a fact counts for, or null. Without a team a figure is about the whole company;
# a colleague is measured in what they did for one team, all else with the teams below. What was touched in
# the last minutes may not be measured yet: it is left to the next run.
_FIGURES_EQUAL_FACTS = """
    WITH RECURSIVE pooled_into(team_id, pool_id) AS (
        SELECT id, id FROM accounts_team
        UNION
        SELECT pooled_into.team_id, team.parent_id
        FROM pooled_into
        JOIN accounts_team team ON team.id = pooled_into.pool_id
        WHERE team.parent_id IS NOT NULL
    ), measured AS (
        SELECT measurement.*,
            (period_start + CASE period_kind WHEN 'day' THEN interval '1 day'
                WHEN 'week' THEN interval '7 days' WHEN 'month' THEN interval '1 month'
                WHEN 'quarter' THEN interval '3 months' WHEN 'half_year' THEN interval '6 months'
                ELSE interval '1 year' END)::date AS period_end
        FROM evaluations_measurement measurement
        JOIN evaluations_indicator indicator ON indicator.id = measurement.indicator_id
        WHERE indicator.slug = '{slug}' AND measurement.source = '{source}'
            AND NOT (subject_kind = 'team' AND period_kind IN ('month', 'quarter'))
            AND (subject_kind = 'team' OR subject_kind = ANY(indicator.more_subject_kinds))
            AND (period_kind IN ('month', 'quarter') OR period_kind = ANY(indicator.more_period_kinds))
            AND period_start >= ({since})::date
    ), facts AS ({facts}), counted AS (
        SELECT measured.id, sum(facts.count) AS n, max(facts.changed_at) AS changed_at,
            sum(facts.value * facts.count)::numeric / nullif(sum(facts.count), 0) AS value
        FROM measured
        JOIN facts ON facts.day >= measured.period_start AND facts.day < measured.period_end
            AND (facts.only_kind IS NULL OR facts.only_kind = measured.subject_kind)
            AND (measured.agent_id IS NULL OR measured.agent_id = facts.agent_id)
            AND (measured.channel_id IS NULL OR measured.channel_id = facts.channel_id)
            AND (measured.kind_id IS NULL OR measured.kind_id = facts.kind_id)
            AND CASE measured.subject_kind WHEN 'agent' THEN measured.team_id = facts.team_id
                ELSE measured.team_id IS NULL OR EXISTS (SELECT FROM pooled_into
                  WHERE pooled_into.team_id = facts.team_id AND pooled_into.pool_id = measured.team_id) END
        GROUP BY measured.id
    )
    SELECT concat_ws(' ', subject_kind, 'team ' || team_id, 'agent ' || agent_id, 'channel ' || channel_id,
          'kind ' || kind_id, period_kind, period_start) AS key,
        'measured n ' || measured.n || ' value ' || coalesce(measured.value::text, '-') || ', counted n '
          || coalesce(counted.n, 0) || ' value ' || coalesce(round(counted.value, 4)::text, '-') AS detail
    FROM measured
    LEFT JOIN counted USING (id)
    WHERE (coalesce(counted.n, 0) <> measured.n
          OR abs(coalesce(counted.value, 0) - coalesce(measured.value, 0)) > 0.0001)
        AND coalesce(counted.changed_at < now() - interval '3 minutes', true)
"""
_OUTCOMES = """
    SELECT (first_completed_at AT TIME ZONE team.time_zone)::date AS day, told.team_id, told.agent_id,
        told.channel_id, told.kind_id, told.updated_at AS changed_at, NULL AS only_kind, 1 AS count,
        CASE WHEN last_reopened_at >= first_completed_at AND (status <> 'completed'
              OR last_reopened_at > first_completed_at) THEN 0
            WHEN status = 'completed' THEN 100 * is_resolved::int END AS value
    FROM (
        SELECT event.id, event.credited_team_id AS team_id, event.agent_id, event.channel_id, event.kind_id,
            event.status, event.is_resolved, event.updated_at,
            min(fact.at) FILTER (WHERE fact.type = 'completed') AS first_completed_at,
            max(fact.at) FILTER (WHERE fact.type = 'reopened') AS last_reopened_at
        FROM service_events_serviceevent event
        JOIN service_events_serviceeventtransition fact ON fact.event_id = event.id
        WHERE event.completed_at >= {since}
        GROUP BY event.id
    ) told
    JOIN accounts_team team ON team.id = told.team_id
    WHERE first_completed_at IS NOT NULL
"""
# An outcome that is not known is no case.
_KNOWN_OUTCOMES = f"SELECT * FROM ({_OUTCOMES}) outcome WHERE value IS NOT NULL"  # noqa: S608 - constant text
_ALWAYS = "'-infinity'::timestamptz"


def figures_equal_facts(*, slug: str, source: str, facts: str, since: str = _ALWAYS) -> str:
    """Return the SQL that counts an indicator's figures of subjects again from `facts`."""
    return _FIGURES_EQUAL_FACTS.format(slug=slug, source=source, facts=facts, since=since)


def _resolution_equals(since: str) -> str:
    facts = _KNOWN_OUTCOMES.format(since=since)
    return figures_equal_facts(slug="resolution_rate", source="case_log", facts=facts, since=since)


SUBJECTS_EQUAL_CASES = Check(
    slug="subjects_equal_cases",
    sentence=_(
        "the resolution rate of every agent, channel, service type and period asked for equals the service "
        "events counted one by one"
    ),
    sql=_resolution_equals(_ALWAYS),
    recent_sql=_resolution_equals(LATELY),
)
