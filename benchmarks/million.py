"""A long history written straight into the tables.

Events with all that follows from them, true to every conservation check.

The rows are the benchmark's, so the services' own work is not measured
here; keys are UUIDv7 of their time, as the services make them.
"""

# ruff: noqa: S608 - statements are made of names and numbers that this module made

from django.db import connection, transaction

from benchmarks.invitations import Ground

DAYS = 180
# Of ten events nine are asked, and of ten who are asked four answer.
_ASKED = "number %% 10 <> 0"
_ANSWERED = "number %% 10 IN (1, 2, 3, 4)"

# Spread over the days before now; the last ones ended a moment ago, so there is something recent too.
_HISTORY = """
    CREATE TEMP TABLE history AS
    SELECT number, uuidv7(age) AS event_id, uuidv7(age) AS transition_id, uuidv7(age) AS invitation_id,
      uuidv7(age) AS message_id,
        uuidv7(age) AS attempt_id, now() + age AS ended_at, (now() + age + interval '1 minute') AS sent_at,
        least(now(), now() + age + (number %% 97) * interval '20 minutes') AS answered_at,
        ((now() + age) AT TIME ZONE 'Asia/Shanghai')::date AS day,
        (%(teams)s::bigint[])[1 + number %% cardinality(%(teams)s::bigint[])] AS team_id, 1 + (number * 7) %%
          5 AS rating
    FROM (
        SELECT number, -interval '2 minutes' - (%(count)s - number) * (%(days)s * interval '1 day' /
          %(count)s) AS age
        FROM generate_series(1, %(count)s) number
    ) numbered
"""
_STATEMENTS = (
    """
    INSERT INTO service_events_serviceevent (id, source, external_id, kind_id, channel_id, team_id,
      credited_team_id, customer_id, status,
        opened_at, completed_at, priority, is_complaint, complexity, area, product_line, attributes, body,
          content_hash, is_replayed,
        recorded_at, updated_at)
    SELECT event_id, 'bench', 'M-' || number, %(kind)s, %(channel)s, team_id, team_id, %(customer)s,
      'completed',
        ended_at - interval '1 hour', ended_at, 'routine', FALSE, '', '', '', '{}', '{}', '\\x00', FALSE,
          ended_at, ended_at
    FROM history
    """,
    """
    INSERT INTO service_events_serviceeventtransition (id, event_id, type, at, details, recorded_at)
    SELECT transition_id, event_id, 'completed', ended_at, '{}', ended_at FROM history
    """,
    f"""
    INSERT INTO surveys_invitation (id, purpose, origin, survey_id, version_id, service_event_id, customer_id,
      team_id, credited_team_id,
        kind_id, channel_id, language, token_hash, token_key_id, token_generation, invited_at, belongs_on,
          due_at, deadline_at, send_until,
        expires_at, is_in_headline, is_replayed, is_queued, answered_at, void_reason)
    SELECT invitation_id, 'survey', 'sent', %(survey)s, %(version)s, event_id, %(customer)s, team_id, team_id,
      %(kind)s, %(channel)s,
        'zh-hans', sha256(uuid_send(invitation_id)), 0, 1, ended_at, day, ended_at, ended_at + interval
          '10 minutes',
        ended_at + interval '1 day', ended_at + interval '14 days', TRUE, FALSE, TRUE, CASE WHEN {_ANSWERED}
          THEN answered_at END, ''
    FROM history WHERE {_ASKED}
    """,
    f"""
    INSERT INTO surveys_eventdecision (service_event_id, completion_id, survey_id, invitation_id, reason,
      decided_at)
    SELECT event_id, transition_id, %(survey)s, CASE WHEN {_ASKED} THEN invitation_id END,
        CASE WHEN {_ASKED} THEN '' ELSE 'no_consent' END, ended_at
    FROM history
    """,
    f"""
    INSERT INTO delivery_message (id, subject_kind, subject_id, step, channel, team_id, status, end_reason,
      due_at, deadline_at, send_until,
        attempt_count, sent_at, is_late, late_cause, is_local_only, queued_at)
    SELECT message_id, 'invitation', invitation_id, 'first', 'sms', team_id, 'sent', '', ended_at, ended_at +
      interval '10 minutes',
        ended_at + interval '1 day', 1, sent_at, FALSE, '', FALSE, ended_at
    FROM history WHERE {_ASKED}
    """,
    f"""
    INSERT INTO delivery_messageattempt (id, message_id, lease_id, attempted_at, outcome, code, provider_id)
    SELECT attempt_id, message_id, attempt_id, sent_at, 'accepted', '200', '' FROM history WHERE {_ASKED}
    """,
    f"""
    INSERT INTO surveys_response (invitation_id, answers, answers_hash, satisfaction, language, mode,
      submitted_at)
    SELECT invitation_id, jsonb_build_object('satisfaction', rating), '\\x00', rating, 'zh-hans', 'web',
      answered_at
    FROM history WHERE {_ANSWERED}
    """,
    f"""
    INSERT INTO surveys_responsetally (purpose, day, team_id, survey_id, kind_id, channel_id, measure, value,
      count)
    SELECT 'survey', day, team_id, %(survey)s, %(kind)s, %(channel)s, measure, value, count(*)
    FROM history CROSS JOIN LATERAL (VALUES ('response', 0), ('satisfaction', rating)) answer(measure, value)
    WHERE {_ANSWERED} GROUP BY day, team_id, measure, value
    """,
    f"""
    WITH RECURSIVE pooled_into(team_id, pool_id) AS (
        SELECT id, id FROM accounts_team
        UNION
        SELECT pooled_into.team_id, team.parent_id FROM pooled_into
        JOIN accounts_team team ON team.id = pooled_into.pool_id WHERE team.parent_id IS NOT NULL
    )
    INSERT INTO evaluations_measurement (id, indicator_id, subject_kind, team_id, period_kind, period_start,
      value, n, source, evidence, measured_at)
    SELECT uuidv7(), (SELECT id FROM evaluations_indicator
      WHERE slug = 'customer_satisfaction'), 'team', pool_id, period.kind,
        date_trunc(period.kind, day)::date, round(avg(rating), 4), count(*), 'survey', '{{}}', now()
    FROM history JOIN pooled_into USING (team_id) CROSS JOIN (VALUES ('month'), ('quarter')) period(kind)
    WHERE {_ANSWERED} GROUP BY pool_id, period.kind, date_trunc(period.kind, day)
    """,
)


def write_history(ground: Ground, *, count: int) -> None:
    """Write `count` completed events of the last 180 days with all that follows from them.

    Decisions, invitations, messages, answers, tallies and measurements.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(id) FROM accounts_team t WHERE NOT EXISTS (SELECT FROM accounts_team c WHERE "
            "c.parent_id = t.id)"
        )
        (teams,) = cursor.fetchone()
        cursor.execute("SELECT min(id) FROM service_events_servicekind")
        (kind,) = cursor.fetchone()
        cursor.execute("SELECT min(id) FROM service_events_servicechannel")
        (channel,) = cursor.fetchone()
    names = {
        "count": count,
        "days": DAYS,
        "teams": teams,
        "kind": kind,
        "channel": channel,
        "survey": ground.survey.pk,
        "version": ground.version_id,
        "customer": ground.customers[0].pk,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        # Foreign keys are true by construction; checking them for millions of rows is not what is measured.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in (_HISTORY, *_STATEMENTS):
            cursor.execute(statement, names)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE history")
        cursor.execute("VACUUM ANALYZE")
