"""Unfinished answers of forms of several screens.

One statement reads them, one saves the screen that the customer left.
"""

import json
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from feedback_site.customers.services import unseal_texts
from feedback_site.questionnaires.questions import Answer
from surveys.enums import ResponseMode
from surveys.services.responses.statements import SqlStatement, read_integer, read_text
from surveys.services.responses.words import (
    DRAFT_WORDS,
    as_json,
    has_words,
    mask_answers,
    names_by_invitation,
)

# A page that was left open for days says nothing about how long a screen takes.
MOST_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Draft:
    """What a customer has answered so far, also on screens that are off the path now.

    `page` is the screen to go on with.
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    page: int = 1
    language: str = ""


NOTHING_YET = Draft()


def read_draft(invitation_id: uuid.UUID) -> Draft | None:
    """Return the draft of an invitation as the customer wrote it, None before anything was saved."""
    rows = _READ.run(str(invitation_id))
    if not rows:
        return None
    answers, page, language, sealed = rows[0]
    return Draft({**json.loads(answers), **unseal_texts(sealed)}, page, language)


def save_draft(
    *,
    invitation_id: uuid.UUID,
    answers: Mapping[str, Answer],
    keys: Iterable[str],
    page: int,
    seconds: Mapping[int, int],
    language: str,
    mode: ResponseMode = ResponseMode.WEB,
    words: Collection[str] | None = None,
) -> bool:
    """Save what one screen says, and return whether it could be saved.

    It cannot when the link is answered, voided or at its end.

    `keys` are the names under which that screen's answers are stored: what is no longer answered there goes.
    Screens saved at the same time all stay. `seconds` spent, by screen, are added up; `page` is the screen to
    go on with, `mode` how this one was answered. `words` are the names of what is written freely: it is
    masked, and sealed where that changed it; None: any text is.
    """
    names = names_by_invitation([invitation_id]).get(invitation_id, []) if has_words(answers, words) else []
    stored = mask_answers(answers, words=words, names=names)
    named = "{" + ",".join(json.dumps(key) for key in keys) + "}"
    spent = json.dumps({str(number): min(count, MOST_SECONDS) for number, count in seconds.items()})
    parameters = (
        _to_json(stored.answers),
        str(page),
        spent,
        language,
        named,
        mode.value,
        as_json(stored.sealed),
    )
    return bool(_SAVE.run(str(invitation_id), *parameters))


def mark_sent(invitation_id: uuid.UUID) -> None:
    """Note that what was saved has become a response."""
    _SENT.run(str(invitation_id))


def _to_json(answers: Mapping[str, Any]) -> str:
    return json.dumps(answers, ensure_ascii=False)


_READ = SqlStatement(
    "read_draft",
    f"""
SELECT d.answers::text, d.page::integer, d.language, (
    SELECT json_agg(json_build_array(t.id, t.field, encode(t.content_sealed, 'hex')))::text
    FROM customers_sealedtext t WHERE t.subject_kind = '{DRAFT_WORDS}'
      AND t.subject_id = d.invitation_id::text
)
FROM surveys_responsedraft d WHERE d.invitation_id = $1::uuid
""",  # noqa: S608 - a constant of ours
    returns=[read_text, read_integer, read_text, read_text],
)
# The lock waits for an answer that is being stored, and then finds it: nothing is saved beside a response.
_SAVE = SqlStatement(
    "save_draft",
    f"""
WITH saved AS (
INSERT INTO surveys_responsedraft AS d (invitation_id, answers, page, seconds, language, state, saved_at,
  mode)
SELECT i.id, $2::jsonb, $3::smallint, $4::jsonb, $5, 'open', statement_timestamp(), $7
FROM surveys_invitation i
WHERE i.id = $1::uuid AND i.answered_at IS NULL AND i.voided_at IS NULL
  AND i.expires_at > statement_timestamp()
FOR SHARE
ON CONFLICT (invitation_id) DO UPDATE SET
    answers = (d.answers - $6::text[]) || excluded.answers,
    page = excluded.page,
    seconds = d.seconds || (
        SELECT coalesce(jsonb_object_agg(s.key, least(86400, s.value::integer + coalesce((d.seconds ->>
          s.key)::integer, 0))), '{{}}')
        FROM jsonb_each_text(excluded.seconds) s
    ),
    language = excluded.language,
    mode = excluded.mode,
    saved_at = excluded.saved_at
WHERE d.state = 'open'
RETURNING d.invitation_id, d.page::integer
), sealed AS (
    SELECT t.id, t.field, decode(t.content, 'hex') AS content
    FROM json_to_recordset($8::json) AS t (id uuid, field text, content text)
), kept AS (
    INSERT INTO customers_sealedtext AS t (id, subject_kind, subject_id, field, content_sealed, created_at)
    SELECT s.id, '{DRAFT_WORDS}', d.invitation_id::text, s.field, s.content, statement_timestamp()
      FROM saved d CROSS JOIN sealed s
    ON CONFLICT (subject_kind, subject_id, field) DO UPDATE SET
        id = excluded.id, content_sealed = excluded.content_sealed, created_at = excluded.created_at
), gone AS (
    DELETE FROM customers_sealedtext t USING saved d
    WHERE t.subject_kind = '{DRAFT_WORDS}' AND t.subject_id = d.invitation_id::text
      AND t.field = ANY($6::text[])
        AND t.field NOT IN (SELECT field FROM sealed)
)
SELECT page FROM saved
""",  # noqa: S608 - a constant of ours
    returns=[read_integer],
)
_SENT = SqlStatement(
    "mark_draft_sent",
    "UPDATE surveys_responsedraft SET state = 'sent' WHERE invitation_id = $1::uuid AND state = 'open'",
    returns=[],
)
