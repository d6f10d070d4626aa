"""The statement that stores answers.

It writes response, what masking changed in it, pending tally and the invitation's state together.
"""

from surveys.services.responses.statements import SqlStatement, read_moment, read_text, read_uuid
from surveys.services.responses.words import RESPONSE_WORDS

# What becomes of a submission that may hold the customer's own name: nothing is
# written for its invitation, and the sealed name comes back. Of a Chinese name the
# mask shows the first character (they begin at 11904): few texts hold that one.
NAMED = "named"

# The batch travels as one JSON text: whatever is missing in it, the types stay the
# same, so it is prepared once. Ids come apart, so that their index is used. Stored
# answers are looked up only for links that were answered before: a join would make a
# plan from the time when the table was small, and read all of it for every answer.
_TEXT = """
WITH submitted AS MATERIALIZED (
    SELECT s.invitation_id, decode(s.token_hash, 'hex') AS token_hash, s.version_id, s.question_set,
      s.answers,
        decode(s.answers_hash, 'hex') AS answers_hash, s.satisfaction, s.nps, s.ces, s.off_path, s.language,
          s.mode,
        coalesce(s.answered_at, nullif($3, '')::timestamptz, clock_timestamp()) AS answered_at, s.place,
          s.known_hashes, s.sealed,
        s.speech
    FROM ROWS FROM (
        json_to_recordset($1::json) AS (
            invitation_id uuid, token_hash text, version_id bigint, question_set text, answers jsonb,
              answers_hash text,
            satisfaction smallint, nps smallint, ces smallint, off_path jsonb, language text, mode text,
              answered_at timestamptz,
            known_hashes text[], sealed json, speech text
        )
    ) WITH ORDINALITY AS s (
        invitation_id, token_hash, version_id, question_set, answers, answers_hash, satisfaction, nps, ces,
          off_path, language, mode,
        answered_at, known_hashes, sealed, speech, place
    )
), locked AS MATERIALIZED (
    SELECT id, customer_id, token_hash, version_id, question_set, answered_at, voided_at IS NOT NULL AS
      is_voided, expires_at
    FROM surveys_invitation WHERE {is_named} ORDER BY id FOR NO KEY UPDATE
), named AS MATERIALIZED (
    SELECT DISTINCT ON (l.id) l.id, c.id AS customer_id, c.name_sealed
    FROM submitted s JOIN locked l ON {is_own} JOIN customers_customer c ON c.id = l.customer_id
    WHERE s.speech IS NOT NULL AND l.answered_at IS NULL AND c.name_sealed IS NOT NULL
        AND (ascii(c.name_mask) < 11904 OR strpos(s.speech, left(c.name_mask, 1)) > 0)
), first AS MATERIALIZED (
    SELECT DISTINCT ON (l.id) l.id, s.answers, s.answers_hash, s.satisfaction, s.nps, s.ces, s.off_path,
      s.language, s.mode,
        s.answered_at, s.place, s.sealed
    FROM submitted s JOIN locked l ON {is_own}
    WHERE l.answered_at IS NULL AND NOT l.is_voided AND l.expires_at > s.answered_at AND NOT EXISTS (SELECT
      FROM named n WHERE n.id = l.id)
    ORDER BY l.id, s.place
), written AS (
    INSERT INTO surveys_response (
        invitation_id, answers, answers_hash, satisfaction, nps, ces, off_path, language, mode, submitted_at
    )
    SELECT id, answers, answers_hash, satisfaction, nps, ces, off_path, language, mode, answered_at FROM first
), sealed AS (
    INSERT INTO customers_sealedtext (id, subject_kind, subject_id, field, content_sealed, created_at)
    SELECT t.id, '{words}', f.id::text, t.field, decode(t.content, 'hex'), f.answered_at
    FROM first f CROSS JOIN LATERAL json_to_recordset(f.sealed) AS t (id uuid, field text, content text)
    WHERE f.sealed IS NOT NULL
), pending AS (
    INSERT INTO surveys_pendingtally (response_id) SELECT id FROM first
), marked AS (
    UPDATE surveys_invitation i SET answered_at = f.answered_at FROM first f WHERE i.id = f.id
)
SELECT
    CASE
        WHEN l.id IS NULL THEN 'unknown'
        WHEN n.id IS NOT NULL THEN '{named}'
        WHEN f.place = s.place THEN 'accepted'
        WHEN f.answers_hash = s.answers_hash THEN 'repeated'
        WHEN f.place IS NOT NULL THEN 'different'
        WHEN l.answered_at IS NOT NULL THEN coalesce((
            SELECT CASE WHEN encode(r.answers_hash, 'hex') = ANY(s.known_hashes) THEN 'repeated'
              ELSE 'different' END
            FROM surveys_response r WHERE r.invitation_id = l.id
        ), 'unseen')
        WHEN l.is_voided THEN 'voided'
        ELSE 'expired'
    END,
    coalesce(l.answered_at, f.answered_at), n.customer_id, n.name_sealed
FROM submitted s
LEFT JOIN locked l ON {is_own}
LEFT JOIN first f ON f.id = l.id
LEFT JOIN named n ON n.id = l.id
ORDER BY s.place
"""
_RETURNED = (read_text, read_moment, read_uuid, bytes)
SUBMIT = SqlStatement(
    "submit_responses",
    _TEXT.format(
        words=RESPONSE_WORDS, named=NAMED, is_named="id = ANY($2::uuid[])", is_own="l.id = s.invitation_id"
    ),
    returns=_RETURNED,
)
SUBMIT_FORMS = SqlStatement(
    "submit_forms",
    _TEXT.format(
        words=RESPONSE_WORDS,
        named=NAMED,
        is_named="token_hash = ANY($2::bytea[])",
        is_own=(
            "l.token_hash = s.token_hash AND l.version_id = s.version_id AND l.question_set = s.question_set"
        ),
    ),
    returns=_RETURNED,
)
