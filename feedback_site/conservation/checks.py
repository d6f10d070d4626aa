"""The checks: each a sentence that must hold and a query of the rows (`key`, `detail`) that break it."""

from django.utils.translation import gettext_lazy as _

from feedback_site.conservation.access_log import broken_seals
from feedback_site.conservation.campaigns import CAMPAIGN_CHECKS
from feedback_site.conservation.case_log import CASE_LOG_CHECKS
from feedback_site.conservation.check import Check
from feedback_site.conservation.keys import KEYS_ARE_THERE
from feedback_site.conservation.ledger import STATE_OF_EVENTS
from feedback_site.conservation.on_site import ON_SITE_ANSWERS_BY_THEIR_CODE
from feedback_site.conservation.recent import Scope
from feedback_site.conservation.subjects import SUBJECTS_EQUAL_CASES, figures_equal_facts
from feedback_site.conservation.visits import VISIT_CHECKS
from feedback_site.conservation.voice import VOICE_CHECKS
from feedback_site.conservation.words import WORDS_ARE_MASKED

EVENTS_IN_ONE_STATE = Check(
    slug="events_in_one_state",
    scope=Scope.CASES,
    sentence=_("every service event is in exactly one state of the ledger"),
    sql=f"""
        SELECT event_id AS key, count(state) || ' states' AS detail
        FROM ({STATE_OF_EVENTS}) ledger
        GROUP BY event_id
        HAVING count(*) <> 1 OR count(state) <> 1
    """,  # noqa: S608 - constant text
)

# An answer collected elsewhere may come before the event's completion: it becomes the decision then.
DECISIONS_WITH_ONE_OUTCOME = Check(
    slug="decisions_with_one_outcome",
    scope=Scope.CASES,
    sentence=_(
        "every decision is an invitation to that event or a reason, never both, and every invitation to an "
        "event was decided"
    ),
    sql="""
        SELECT decision.service_event_id AS key, 'invitation ' || coalesce(decision.invitation_id::text, '-')
            || ', reason ' || coalesce(nullif(decision.reason, ''), '-') AS detail
        FROM surveys_eventdecision decision
        LEFT JOIN surveys_invitation invitation ON invitation.id = decision.invitation_id
        WHERE (decision.invitation_id IS NULL) = (decision.reason = '')
            OR (decision.invitation_id IS NOT NULL AND invitation.service_event_id IS DISTINCT
              FROM decision.service_event_id)
        UNION ALL
        SELECT invitation.id, 'this invitation has no decision'
        FROM surveys_invitation invitation
        WHERE invitation.purpose = 'survey' AND invitation.service_event_id IS NOT NULL
          AND invitation.voided_at IS NULL
            AND NOT EXISTS (SELECT FROM surveys_eventdecision decision
              WHERE decision.invitation_id = invitation.id)
            AND (
                invitation.origin <> 'imported'
                OR EXISTS (SELECT FROM surveys_eventdecision decision
                  WHERE decision.service_event_id = invitation.service_event_id)
            )
    """,
)

# A fall-back to another channel is a first message too, after one that failed or was suppressed.
INVITATIONS_WITH_ONE_FIRST_MESSAGE = Check(
    slug="invitations_with_one_first_message",
    scope=Scope.CASES,
    sentence=_(
        "every invitation that was handed to delivery has exactly one first message, every other none"
    ),
    sql="""
        SELECT invitation.id AS key, count(message.id) || ' first messages, '
            || count(message.id) FILTER (WHERE message.status IN ('failed', 'suppressed')) ||
              ' of them failed or suppressed' AS detail
        FROM surveys_invitation invitation
        LEFT JOIN delivery_message message
            ON message.subject_kind = 'invitation' AND message.subject_id = invitation.id
              AND message.step = 'first'
        WHERE invitation.voided_at IS NULL
        GROUP BY invitation.id, invitation.is_queued
        HAVING (count(message.id) > 0) <> invitation.is_queued
            OR count(message.id) FILTER (WHERE message.status NOT IN ('failed', 'suppressed')) > 1
    """,
)

RESPONSES_OF_ANSWERED_INVITATIONS = Check(
    slug="responses_of_answered_invitations",
    scope=Scope.CASES,
    sentence=_("every answered invitation has its response, and every response an answered invitation"),
    sql="""
        SELECT invitation.id AS key,
            CASE WHEN response.invitation_id IS NULL THEN 'answered without a response'
              ELSE 'a response, not answered' END AS detail
        FROM surveys_invitation invitation
        LEFT JOIN surveys_response response ON response.invitation_id = invitation.id
        WHERE (invitation.answered_at IS NULL) <> (response.invitation_id IS NULL)
    """,
)

ANSWERS_FROM_ELSEWHERE_HAVE_A_SOURCE = Check(
    slug="answers_from_elsewhere_have_a_source",
    scope=Scope.CASES,
    sentence=_(
        "every invitation made for an imported response has that response, and the response its original "
        "number"
    ),
    sql="""
        SELECT invitation.id AS key,
            CASE WHEN response.invitation_id IS NULL THEN 'imported without a response'
              ELSE 'imported from nowhere' END AS detail
        FROM surveys_invitation invitation
        LEFT JOIN surveys_response response ON response.invitation_id = invitation.id
        LEFT JOIN surveys_responsesource source ON source.response_id = invitation.id
        WHERE invitation.origin = 'imported' AND (response.invitation_id IS NULL
          OR source.response_id IS NULL)
    """,
)

# One row per response and measure, without the responses that still wait for the tally.
_COUNTED_ANSWERS = """
    SELECT invitation.purpose, invitation.belongs_on AS day, invitation.credited_team_id AS team_id,
      invitation.survey_id,
        invitation.kind_id, invitation.channel_id, invitation.segment_id, invitation.agent_id, answer.measure,
          answer.value
    FROM surveys_response response
    JOIN surveys_invitation invitation ON invitation.id = response.invitation_id
    LEFT JOIN surveys_onsiteanswer on_site ON on_site.response_id = response.invitation_id
    CROSS JOIN LATERAL (
        VALUES (true, 'response', 0), (true, 'satisfaction', response.satisfaction), (true, 'nps',
          response.nps),
            (true, 'ces', response.ces), (false, 'on_site', 0), (false, 'on_site_csat',
              response.satisfaction),
            (false, 'on_site_nps', response.nps), (false, 'on_site_ces', response.ces)
    ) answer(is_main, measure, value)
    WHERE answer.value IS NOT NULL AND answer.is_main = coalesce(on_site.is_counted, true)
        AND NOT EXISTS (SELECT FROM surveys_pendingtally pending
          WHERE pending.response_id = response.invitation_id)
"""

TALLIES_EQUAL_RESPONSES = Check(
    slug="tallies_equal_responses",
    scope=Scope.DAYS,
    sentence=_("tallies equal what the counted responses say, cell by cell"),
    sql=f"""
        SELECT cell AS key, 'tally ' || sum(tallied) || ', responses ' || sum(counted) AS detail
        FROM (
            SELECT concat_ws(' ', purpose, day, 'team', team_id, 'survey', coalesce(survey_id, 0), 'kind',
              coalesce(kind_id, 0),
                'channel', coalesce(channel_id, 0), 'segment', coalesce(segment_id, 0), measure, value) AS
                  cell,
                count AS tallied, 0 AS counted
            FROM surveys_responsetally
            UNION ALL
            SELECT concat_ws(' ', purpose, day, 'team', team_id, 'survey', coalesce(survey_id, 0), 'kind',
              coalesce(kind_id, 0),
                'channel', coalesce(channel_id, 0), 'segment', coalesce(segment_id, 0), measure, value),
                0, 1
            FROM ({_COUNTED_ANSWERS}) answer
        ) cells
        GROUP BY cell
        HAVING sum(tallied) <> sum(counted)
    """,  # noqa: S608 - constant text
)

AGENT_TALLIES_EQUAL_RESPONSES = Check(
    slug="agent_tallies_equal_responses",
    scope=Scope.DAYS,
    sentence=_("agents' tallies equal what the counted responses say, cell by cell"),
    sql=f"""
        SELECT cell AS key, 'tally ' || sum(tallied) || ', responses ' || sum(counted) AS detail
        FROM (
            SELECT concat_ws(' ', purpose, day, 'team', team_id, 'agent', agent_id, measure, value) AS cell,
              count AS tallied, 0 AS counted
            FROM surveys_agenttally
            UNION ALL
            SELECT concat_ws(' ', purpose, day, 'team', team_id, 'agent', agent_id, measure, value), 0, 1
            FROM ({_COUNTED_ANSWERS}) answer
            WHERE agent_id IS NOT NULL
        ) cells
        GROUP BY cell
        HAVING sum(tallied) <> sum(counted)
    """,  # noqa: S608 - constant text
)

# One row per response and question that feeds an indicator,
# read from the answers by the published document alone.
_FED_INDICATORS = """
    SELECT day, team_id, indicator_id, slug, value
    FROM (
        SELECT invitation.belongs_on AS day, invitation.credited_team_id AS team_id, indicator.id AS
          indicator_id, indicator.slug,
            CASE
                WHEN question ->> 'feeds' = 'rating' THEN (response.answers ->> (question ->> 'key'))::int
                WHEN question ->> 'type' = 'yes_no'
                  THEN (response.answers ->> (question ->> 'key') = 'yes')::int
                WHEN question ->> 'type' = 'ces' THEN ((response.answers ->> (question ->> 'key'))::int >=
                  5)::int
                WHEN question ->> 'type' = 'csat' THEN (
                    (response.answers ->> (question ->> 'key'))::int >= coalesce((question -> 'settings' ->>
                      'points')::int, 5) - 1
                )::int
                ELSE (
                    SELECT (option ->> 'fulfils')::boolean::int
                      FROM jsonb_array_elements(question -> 'options') option
                    WHERE option ->> 'key' = response.answers ->> (question ->> 'key')
                )
            END AS value
        FROM surveys_response response
        JOIN surveys_invitation invitation ON invitation.id = response.invitation_id
        JOIN questionnaires_questionnaireversion version ON version.id = invitation.version_id
        CROSS JOIN LATERAL jsonb_array_elements(version.document -> 'questions') question
        JOIN evaluations_indicator indicator ON indicator.slug = question ->> 'indicator'
        WHERE invitation.purpose = 'survey' AND question ->> 'feeds' IS NOT NULL
            AND NOT EXISTS (SELECT FROM surveys_onsiteanswer o WHERE o.response_id = response.invitation_id
              AND NOT o.is_counted)
            AND NOT EXISTS (SELECT FROM surveys_pendingtally pending
              WHERE pending.response_id = response.invitation_id)
    ) fed
    WHERE value IS NOT NULL
"""

INDICATOR_TALLIES_EQUAL_RESPONSES = Check(
    slug="indicator_tallies_equal_responses",
    scope=Scope.DAYS,
    sentence=_("indicators' tallies equal what the counted responses say, cell by cell"),
    sql=f"""
        SELECT cell AS key, 'tally ' || sum(tallied) || ', responses ' || sum(counted) AS detail
        FROM (
            SELECT concat_ws(' ', day, 'team', team_id, 'indicator', indicator_id, value) AS cell, count AS
              tallied, 0 AS counted
            FROM surveys_indicatortally
            UNION ALL
            SELECT concat_ws(' ', day, 'team', team_id, 'indicator', indicator_id, value), 0, 1
            FROM ({_FED_INDICATORS}) fed
        ) cells
        GROUP BY cell
        HAVING sum(tallied) <> sum(counted)
    """,  # noqa: S608 - constant text
)

# Rows of (slug, day, team_id, value, count); a share is counted as 1 and 0 and stated in
# percent. A parent pools the cases of its subtree. Values are stored with four decimals.
_MEASUREMENTS_EQUAL = """
    WITH RECURSIVE pooled_into(team_id, pool_id) AS (
        SELECT id, id FROM accounts_team
        UNION
        SELECT pooled_into.team_id, team.parent_id
        FROM pooled_into
        JOIN accounts_team team ON team.id = pooled_into.pool_id
        WHERE team.parent_id IS NOT NULL
    ), rated AS (
        SELECT indicator.slug, pooled_into.pool_id AS team_id, period.kind, date_trunc(period.kind,
          answer.day)::date AS start_on,
            sum(answer.count) AS n,
            sum(answer.value * answer.count * CASE indicator.unit WHEN 'percent' THEN 100 ELSE 1 END)::numeric
                / nullif(sum(answer.count), 0) AS value
        FROM ({answers}) answer
        JOIN evaluations_indicator indicator ON indicator.slug = answer.slug
        JOIN pooled_into ON pooled_into.team_id = answer.team_id
        CROSS JOIN (VALUES ('month'), ('quarter')) period(kind)
        GROUP BY 1, 2, 3, 4
    ), measured AS (
        SELECT indicator.slug, measurement.team_id, measurement.period_kind AS kind, measurement.period_start
          AS start_on, measurement.n,
            measurement.value
        FROM evaluations_measurement measurement
        JOIN evaluations_indicator indicator ON indicator.id = measurement.indicator_id
        WHERE measurement.source = 'survey' AND measurement.subject_kind = 'team'
            AND measurement.period_kind IN ('month', 'quarter')
            AND indicator.slug <> 'net_promoter_score'
    )
    SELECT concat_ws(' ', slug, 'team', team_id, kind, start_on) AS key, 'measured n ' || coalesce(measured.n,
      0) || ' value '
        || coalesce(measured.value::text, '-') || ', answers n ' || coalesce(rated.n, 0) || ' value '
        || coalesce(round(rated.value, 4)::text, '-') AS detail
    FROM rated
    FULL JOIN measured USING (slug, team_id, kind, start_on)
    WHERE coalesce(rated.n, 0) <> coalesce(measured.n, 0)
      OR abs(coalesce(rated.value, 0) - coalesce(measured.value, 0)) > 0.0001
"""

# A quarter has too many answers to count each minute: then the
# tallies stand for them, which other checks compare with the answers.
MEASUREMENTS_EQUAL_RESPONSES = Check(
    slug="measurements_equal_responses",
    sentence=_(
        "what surveys measured equals the mean and number of the counted answers, by indicator, team, month "
        "and quarter"
    ),
    sql=_MEASUREMENTS_EQUAL.format(
        answers=f"""
            SELECT 'customer_satisfaction' AS slug, day, team_id, value, 1 AS count
              FROM ({_COUNTED_ANSWERS}) counted
            WHERE purpose = 'survey' AND measure = 'satisfaction'
            UNION ALL
            SELECT slug, day, team_id, value, 1 FROM ({_FED_INDICATORS}) fed
        """  # noqa: S608 - constant text
    ),
    recent_sql=_MEASUREMENTS_EQUAL.format(
        answers="""
            SELECT 'customer_satisfaction' AS slug, day, team_id, value, count FROM surveys_responsetally
            WHERE purpose = 'survey' AND measure = 'satisfaction'
            UNION ALL
            SELECT indicator.slug, tally.day, tally.team_id, tally.value, tally.count
            FROM surveys_indicatortally tally JOIN evaluations_indicator indicator
              ON indicator.id = tally.indicator_id
        """
    ),
)

SUBJECTS_EQUAL_RESPONSES = Check(
    slug="subjects_equal_responses",
    sentence=_(
        "the satisfaction of every agent, channel, service type and period asked for equals the mean and "
        "number of the counted answers"
    ),
    sql=figures_equal_facts(
        slug="customer_satisfaction",
        source="survey",
        facts=f"""
            SELECT day, team_id, agent_id, channel_id, kind_id, value, 1 AS count,
                NULL::timestamptz AS changed_at, NULL AS only_kind
            FROM ({_COUNTED_ANSWERS}) answer
            WHERE purpose = 'survey' AND measure = 'satisfaction'
        """,  # noqa: S608 - constant text
    ),
    recent_sql=figures_equal_facts(
        slug="customer_satisfaction",
        source="survey",
        facts="""
            SELECT day, team_id, NULL::bigint AS agent_id, channel_id, kind_id, value, count,
                NULL::timestamptz AS changed_at, NULL AS only_kind
            FROM surveys_responsetally
            WHERE purpose = 'survey' AND measure = 'satisfaction'
            UNION ALL
            SELECT day, team_id, agent_id, NULL, NULL, value, count, NULL, 'agent'
            FROM surveys_agenttally
            WHERE purpose = 'survey' AND measure = 'satisfaction'
        """,
    ),
)

# Email may leave twice when a worker dies between sending and
# noting it, an SMS never; what was noted as accepted is noted once.
MESSAGES_SENT_ONCE = Check(
    slug="messages_sent_once",
    scope=Scope.CASES,
    sentence=_("no message was sent twice, and every message sent has the sending attempt that was accepted"),
    sql="""
        SELECT message.id AS key, message.status || ', ' || count(attempt.id) FILTER (WHERE attempt.outcome =
          'accepted')
            || ' accepted, ' || count(attempt.id) FILTER (WHERE attempt.outcome = 'uncertain') ||
              ' uncertain attempts' AS detail
        FROM delivery_message message
        LEFT JOIN delivery_messageattempt attempt ON attempt.message_id = message.id
        GROUP BY message.id, message.status, message.channel
        HAVING count(attempt.id) FILTER (WHERE attempt.outcome = 'accepted') <> (message.status = 'sent')::int
            OR (message.channel = 'sms' AND count(attempt.id) FILTER (WHERE attempt.outcome IN ('accepted',
              'uncertain')) > 1)
        UNION ALL
        SELECT min(id::text)::uuid, count(*) || ' messages of ' || concat_ws(' ', subject_kind, subject_id,
          step, channel)
        FROM delivery_message
        GROUP BY subject_kind, subject_id, step, channel
        HAVING count(*) > 1
    """,
)

SENDING_IS_LEASED = Check(
    slug="sending_is_leased",
    sentence=_("every message being sent is held by one sending process"),
    sql="""
        SELECT id AS key, 'sending without a lease' AS detail
        FROM delivery_message
        WHERE status = 'sending' AND (lease_id IS NULL OR claimed_until IS NULL)
    """,
)

REPLAYED_STAYS_HERE = Check(
    slug="replayed_stays_here",
    scope=Scope.CASES,
    sentence=_("no message about historical data was sent"),
    sql="""
        SELECT message.id AS key, CASE WHEN message.is_local_only THEN 'attempt ' || attempt.code
          ELSE 'may leave' END AS detail
        FROM delivery_message message
        JOIN surveys_invitation invitation ON message.subject_kind = 'invitation'
          AND invitation.id = message.subject_id
        LEFT JOIN service_events_serviceevent event ON event.id = invitation.service_event_id
        LEFT JOIN delivery_messageattempt attempt ON attempt.message_id = message.id
          AND attempt.code <> 'local'
        WHERE (invitation.is_replayed OR event.is_replayed) AND (NOT message.is_local_only
          OR attempt.id IS NOT NULL)
    """,
)

ACCESS_LOG_IS_WHOLE = Check(
    slug="access_log_is_whole",
    sentence=_("the access log's chain is whole: no entry was changed, removed or slipped in"),
    rows=broken_seals,
)

CHECKS = (
    EVENTS_IN_ONE_STATE,
    DECISIONS_WITH_ONE_OUTCOME,
    INVITATIONS_WITH_ONE_FIRST_MESSAGE,
    RESPONSES_OF_ANSWERED_INVITATIONS,
    ANSWERS_FROM_ELSEWHERE_HAVE_A_SOURCE,
    TALLIES_EQUAL_RESPONSES,
    AGENT_TALLIES_EQUAL_RESPONSES,
    INDICATOR_TALLIES_EQUAL_RESPONSES,
    MEASUREMENTS_EQUAL_RESPONSES,
    SUBJECTS_EQUAL_RESPONSES,
    ON_SITE_ANSWERS_BY_THEIR_CODE,
    MESSAGES_SENT_ONCE,
    SENDING_IS_LEASED,
    REPLAYED_STAYS_HERE,
    *CASE_LOG_CHECKS,
    SUBJECTS_EQUAL_CASES,
    *CAMPAIGN_CHECKS,
    *VISIT_CHECKS,
    *VOICE_CHECKS,
    ACCESS_LOG_IS_WHOLE,
    KEYS_ARE_THERE,
    WORDS_ARE_MASKED,
)
