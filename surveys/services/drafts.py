"""Unfinished answers of forms of several screens: one statement reads them, one saves the screen that was left."""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from surveys.enums import ResponseMode
from surveys.questions import Answer
from surveys.services.statements import Statement, read_integer, read_text

MOST_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Draft:
    """What was answered so far, also on screens that are off the path now; `page` is the screen to go on with."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    page: int = 1
    language: str = ""


NOTHING_YET = Draft()


def read_draft(invitation_id: uuid.UUID) -> Draft | None:
    """Return the draft of an invitation, None before anything was saved."""
    rows = _READ.run(str(invitation_id))
    if not rows:
        return None
    answers, page, language = rows[0]
    return Draft(json.loads(answers), page, language)


def save_draft(
    *,
    invitation_id: uuid.UUID,
    answers: Mapping[str, Answer],
    keys: Iterable[str],
    page: int,
    seconds: Mapping[int, int],
    language: str,
    mode: ResponseMode = ResponseMode.WEB,
) -> bool:
    """Save what one screen says and return whether it could be: not when the link is answered, voided or at its end.

    `keys` are the names under which that screen's answers are stored: what is no longer answered there goes. Screens saved at the same
    time all stay. `seconds` spent, by screen, are added up; `page` is the screen to go on with, `mode` how this one was answered.
    """
    named = "{" + ",".join(json.dumps(key) for key in keys) + "}"
    spent = json.dumps({str(number): min(count, MOST_SECONDS) for number, count in seconds.items()})
    return bool(_SAVE.run(str(invitation_id), _to_json(answers), str(page), spent, language, named, mode.value))


def mark_sent(invitation_id: uuid.UUID) -> None:
    """Note that what was saved has become a response."""
    _SENT.run(str(invitation_id))


def _to_json(answers: Mapping[str, Any]) -> str:
    return json.dumps(answers, ensure_ascii=False)


_READ = Statement(
    "read_draft",
    "SELECT answers::text, page::integer, language FROM surveys_responsedraft WHERE invitation_id = $1::uuid",
    returns=[read_text, read_integer, read_text],
)
# The lock waits for an answer that is being stored, and then finds it: nothing is saved beside a response.
_SAVE = Statement(
    "save_draft",
    """
INSERT INTO surveys_responsedraft AS d (invitation_id, answers, page, seconds, language, state, saved_at, mode)
SELECT i.id, $2::jsonb, $3::smallint, $4::jsonb, $5, 'open', statement_timestamp(), $7
FROM surveys_invitation i
WHERE i.id = $1::uuid AND i.answered_at IS NULL AND i.voided_at IS NULL AND i.expires_at > statement_timestamp()
FOR SHARE
ON CONFLICT (invitation_id) DO UPDATE SET
    answers = (d.answers - $6::text[]) || excluded.answers,
    page = excluded.page,
    seconds = d.seconds || (
        SELECT coalesce(jsonb_object_agg(s.key, least(86400, s.value::integer + coalesce((d.seconds ->> s.key)::integer, 0))), '{}')
        FROM jsonb_each_text(excluded.seconds) s
    ),
    language = excluded.language,
    mode = excluded.mode,
    saved_at = excluded.saved_at
WHERE d.state = 'open'
RETURNING d.page::integer
""",
    returns=[read_integer],
)
_SENT = Statement(
    "mark_draft_sent",
    "UPDATE surveys_responsedraft SET state = 'sent' WHERE invitation_id = $1::uuid AND state = 'open'",
    returns=[],
)
