"""Reads, checks and stores answers: one statement for a whole batch, truthful about every one of its rows.

The statement locks the invitations in the order of their ids, so two batches never wait for each other in a circle, and writes the
response, its pending tally and the invitation's state together. It commits before anybody says "thank you" (PostgreSQL's
`synchronous_commit=on`). The invitation is the idempotency key: the same answers again give the same receipt.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Self

from django.utils.translation import gettext as _

from surveys.enums import Metric, ResponseMode
from surveys.questions import Answer, CompiledQuestion, Fields, InvalidAnswer
from surveys.rules.conditions import Values, is_met
from surveys.services.background import background
from surveys.services.statements import Statement, read_moment, read_text

CONSUME_TALLIES = "surveys.consume_tallies"


class Outcome(StrEnum):
    """What became of one submission."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    DIFFERENT = "different"
    EXPIRED = "expired"
    VOIDED = "voided"
    UNKNOWN = "unknown"
    # The winner of a race committed after this statement began: its answers are not visible to us yet.
    UNSEEN = "unseen"


@dataclass(frozen=True)
class ReadAnswers:
    """One set of answers: `answers` by question key, or `errors` by question key (empty key: the form as a whole).

    `off_path` are answers to questions that other answers took out of the way. `scores` are the scores that count, by metric;
    `asides` what takes effect elsewhere, by question key: contacts, consents.
    """

    answers: Mapping[str, Answer]
    errors: Mapping[str, str]
    scores: Mapping[str, int] = field(default_factory=dict)
    off_path: Mapping[str, Answer] = field(default_factory=dict)
    asides: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class AnsweredForm:
    """A form as it came back: the hash of the link's token, and the version and rotating set that it says it shows.

    Whose it is, and whether that is what the link leads to, is found out where the answers are written.
    """

    token_hash: bytes
    version_id: int
    question_set: str


@dataclass(frozen=True)
class Submission:
    """Answers to one invitation, already checked against its questionnaire; the invitation is named by its id or by `form`.

    `answered_at` is when the customer answered where that was elsewhere and earlier; None: now.
    """

    invitation_id: uuid.UUID | None
    answers: Mapping[str, Answer]
    satisfaction: int | None
    nps: int | None
    language: str
    mode: str = ResponseMode.WEB.value
    answered_at: datetime | None = None
    ces: int | None = None
    off_path: Mapping[str, Answer] | None = None
    asides: Mapping[str, object] = field(default_factory=dict, repr=False)
    form: AnsweredForm | None = None

    @classmethod
    def of(
        cls,
        read: ReadAnswers,
        *,
        invitation_id: uuid.UUID | None = None,
        form: AnsweredForm | None = None,
        language: str,
        mode: ResponseMode = ResponseMode.WEB,
        answered_at: datetime | None = None,
    ) -> Self:
        """Return what was read as a submission."""
        return cls(
            invitation_id=invitation_id,
            answers=read.answers,
            satisfaction=read.scores.get(Metric.SATISFACTION),
            nps=read.scores.get(Metric.NPS),
            ces=read.scores.get(Metric.CES),
            off_path=read.off_path or None,
            asides=read.asides,
            language=language,
            mode=mode.value,
            answered_at=answered_at,
            form=form,
        )


@dataclass(frozen=True)
class Receipt:
    """What became of a submission, and when the answer that counts was given (None when there is none)."""

    outcome: Outcome
    received_at: datetime | None


def read_answers(
    questions: Sequence[CompiledQuestion], fields: Fields, *, facts: Values | None = None, question_set: str = ""
) -> ReadAnswers:
    """Check `fields` (name -> values as sent) against a questionnaire. Unknown names are ignored and never stored.

    `facts` are those of the event that conditions look at, `question_set` is the rotating set that was drawn.
    """
    asked = [question for question in questions if question.question_set in {"", question_set}]
    read = _Reading(fields, facts or {})
    for question in asked:
        read.take(question)
    end = next((question for question in asked if question.ends_all and question.key in read.answers), None)
    if end is not None:
        read.end_with(end, asked)
    if not read.answers and not read.errors:
        read.errors[""] = _("Please answer at least one question.")
    return ReadAnswers(read.answers, read.errors, read.scores, read.off_path, read.asides)


class _Reading:
    """Reads question after question: each may depend on those before it."""

    def __init__(self, fields: Fields, facts: Values) -> None:
        self._fields, self._facts = fields, facts
        self.answers: dict[str, Answer] = {}
        self.errors: dict[str, str] = {}
        self.off_path: dict[str, Answer] = {}
        self.scores: dict[str, int] = {}
        self.asides: dict[str, object] = {}

    def take(self, question: CompiledQuestion) -> None:
        """Read one question, or set aside what was answered before it left the path."""
        if not is_met(question.condition, answers=self.answers, facts=self._facts):
            self.off_path.update(_read_leniently(question, self._fields))
            return
        try:
            given = question.read(self._fields)
            aside = question.read_aside(self._fields) if given else None
        except InvalidAnswer as error:
            self.errors[question.key] = str(error)
            return
        self.answers.update(given)
        if aside is not None:
            self.asides[question.key] = aside
        score = given.get(question.key)
        if question.metric != Metric.NONE and isinstance(score, int):
            self.scores[question.metric] = score

    def end_with(self, end: CompiledQuestion, asked: Sequence[CompiledQuestion]) -> None:
        """Let the answer to `end`, which stands on the path, be the only one that counts; nothing else has to be right then."""
        self.off_path = {
            key: answer for question in asked if question is not end for key, answer in _read_leniently(question, self._fields).items()
        }
        self.answers = end.read(self._fields)
        self.errors, self.scores = {}, {}
        self.asides = {key: aside for key, aside in self.asides.items() if key == end.key}


def _read_leniently(question: CompiledQuestion, fields: Fields) -> dict[str, Answer]:
    """Return what was answered before the question left the path; what cannot be read is nobody's answer."""
    try:
        return question.read(fields)
    except InvalidAnswer:
        return {}


def hash_answers(answers: Mapping[str, Answer]) -> bytes:
    """Return the SHA-256 of the answers, whatever the order of their keys."""
    return hashlib.sha256(_to_json(answers).encode()).digest()


def submit_responses(batch: Sequence[Submission], *, at: datetime | None) -> list[Receipt]:
    """Store a batch and return one receipt per submission, in the same order. The first of an invitation wins; ids go before forms.

    `at` None: now, by the database's clock. One statement for those named by id and one for forms; another only for the losers of a
    race, who cannot see the winner's answers in the first. A form of another version or set than the link's is UNKNOWN.
    """
    receipts: dict[int, Receipt] = {}
    for statement, is_form in ((_SUBMIT, False), (_SUBMIT_FORMS, True)):
        waiting = [place for place, one in enumerate(batch) if (one.form is not None) is is_form]
        for _attempt in range(2):
            if waiting:
                receipts |= zip(waiting, _submit(statement, [batch[place] for place in waiting], at=at), strict=True)
                waiting = [place for place in waiting if receipts[place].outcome is Outcome.UNSEEN]
    if any(receipt.outcome is Outcome.ACCEPTED for receipt in receipts.values()):
        background.ring_soon(CONSUME_TALLIES)
    return [receipts[place] for place in range(len(batch))]


def _submit(statement: Statement, batch: Sequence[Submission], *, at: datetime | None) -> list[Receipt]:
    rows = statement.run(_to_json([_row(submission) for submission in batch]), _names(batch), at.isoformat() if at else "")
    return [Receipt(Outcome(outcome), received_at) for outcome, received_at in rows]


def _row(submission: Submission) -> dict[str, object]:
    row: dict[str, object] = {
        "answers": submission.answers,
        "answers_hash": hash_answers(submission.answers).hex(),
        "satisfaction": submission.satisfaction,
        "nps": submission.nps,
        "ces": submission.ces,
        "off_path": submission.off_path,
        "language": submission.language,
        "mode": submission.mode,
        "answered_at": submission.answered_at and submission.answered_at.isoformat(),
    }
    form = submission.form
    if form is None:
        return row | {"invitation_id": str(submission.invitation_id)}
    return row | {"token_hash": form.token_hash.hex(), "version_id": form.version_id, "question_set": form.question_set}


def _names(batch: Sequence[Submission]) -> str:
    """Return the ids or the hashes of tokens as PostgreSQL writes an array of them."""
    names = [rf'"\\x{one.form.token_hash.hex()}"' if one.form else str(one.invitation_id) for one in batch]
    return f"{{{','.join(names)}}}"


_to_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


# The batch travels as one JSON text: whatever is missing in it, the types stay the same, so it is prepared once. Ids come apart, so
# that their index is used. Stored answers are looked up only for links that were answered before: a join would make a plan from the
# time when the table was small, and read all of it for every answer.
_TEXT = """
WITH submitted AS MATERIALIZED (
    SELECT s.invitation_id, decode(s.token_hash, 'hex') AS token_hash, s.version_id, s.question_set, s.answers,
        decode(s.answers_hash, 'hex') AS answers_hash, s.satisfaction, s.nps, s.ces, s.off_path, s.language, s.mode,
        coalesce(s.answered_at, nullif($3, '')::timestamptz, clock_timestamp()) AS answered_at, s.place
    FROM ROWS FROM (
        json_to_recordset($1::json) AS (
            invitation_id uuid, token_hash text, version_id bigint, question_set text, answers jsonb, answers_hash text,
            satisfaction smallint, nps smallint, ces smallint, off_path jsonb, language text, mode text, answered_at timestamptz
        )
    ) WITH ORDINALITY AS s (
        invitation_id, token_hash, version_id, question_set, answers, answers_hash, satisfaction, nps, ces, off_path, language, mode,
        answered_at, place
    )
), locked AS MATERIALIZED (
    SELECT id, token_hash, version_id, question_set, answered_at, voided_at IS NOT NULL AS is_voided, expires_at
    FROM surveys_invitation WHERE {is_named} ORDER BY id FOR NO KEY UPDATE
), first AS MATERIALIZED (
    SELECT DISTINCT ON (l.id) l.id, s.answers, s.answers_hash, s.satisfaction, s.nps, s.ces, s.off_path, s.language, s.mode,
        s.answered_at, s.place
    FROM submitted s JOIN locked l ON {is_own}
    WHERE l.answered_at IS NULL AND NOT l.is_voided AND l.expires_at > s.answered_at
    ORDER BY l.id, s.place
), written AS (
    INSERT INTO surveys_response (
        invitation_id, answers, answers_hash, satisfaction, nps, ces, off_path, language, mode, submitted_at
    )
    SELECT id, answers, answers_hash, satisfaction, nps, ces, off_path, language, mode, answered_at FROM first
), pending AS (
    INSERT INTO surveys_pendingtally (response_id) SELECT id FROM first
), marked AS (
    UPDATE surveys_invitation i SET answered_at = f.answered_at FROM first f WHERE i.id = f.id
)
SELECT
    CASE
        WHEN l.id IS NULL THEN 'unknown'
        WHEN f.place = s.place THEN 'accepted'
        WHEN f.answers_hash = s.answers_hash THEN 'repeated'
        WHEN f.place IS NOT NULL THEN 'different'
        WHEN l.answered_at IS NOT NULL THEN coalesce((
            SELECT CASE WHEN r.answers_hash = s.answers_hash THEN 'repeated' ELSE 'different' END
            FROM surveys_response r WHERE r.invitation_id = l.id
        ), 'unseen')
        WHEN l.is_voided THEN 'voided'
        ELSE 'expired'
    END,
    coalesce(l.answered_at, f.answered_at)
FROM submitted s
LEFT JOIN locked l ON {is_own}
LEFT JOIN first f ON f.id = l.id
ORDER BY s.place
"""
_SUBMIT = Statement(
    "submit_responses",
    _TEXT.format(is_named="id = ANY($2::uuid[])", is_own="l.id = s.invitation_id"),
    returns=[read_text, read_moment],
)
_SUBMIT_FORMS = Statement(
    "submit_forms",
    _TEXT.format(
        is_named="token_hash = ANY($2::bytea[])",
        is_own="l.token_hash = s.token_hash AND l.version_id = s.version_id AND l.question_set = s.question_set",
    ),
    returns=[read_text, read_moment],
)
