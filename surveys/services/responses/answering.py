"""Reads, checks and stores answers: one statement for a whole batch, truthful about every one of its rows.

The statement locks the invitations in the order of their ids, so two batches never wait for
each other in a circle, and writes the response, its pending tally and the invitation's state
together. It commits before a page says "thank you" (PostgreSQL's `synchronous_commit=on`).
The invitation is the idempotency key: the same answers again give the same receipt.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Self

from feedback_site.common.task_table import CONSUME_TALLIES
from feedback_site.questionnaires.enums import Metric
from feedback_site.questionnaires.questions import Answer
from feedback_site.questionnaires.questions.contact import ContactGiven
from feedback_site.questionnaires.walk import ReadAnswers
from surveys.enums import ResponseMode
from surveys.services.responses.answer_statements import NAMED, SUBMIT, SUBMIT_FORMS
from surveys.services.responses.background import background
from surveys.services.responses.hashing import hashes_of, to_json
from surveys.services.responses.statements import SqlStatement
from surveys.services.responses.words import ANSWERS, OFF_PATH, mask_answers, open_name, speech_of


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


@dataclass(frozen=True, slots=True)
class AnsweredForm:
    """A form as it came back.

    The hash of the link's token, and the version and rotating set that it says it shows.

    Whose it is, and whether that is what the link leads to, is found out where the answers are written.
    """

    token_hash: bytes
    version_id: int
    question_set: str


@dataclass(frozen=True)
class Submission:
    """Answers to one invitation, already checked against its questionnaire.

    The invitation is named by its id or by `form`.

    `answered_at` is when the customer answered where that was
    elsewhere and earlier; None: now. `words` as in `ReadAnswers`.
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
    words: frozenset[str] | None = None

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
            words=read.words,
        )


@dataclass(frozen=True)
class Receipt:
    """What became of a submission, and when the answer that counts was given (None when there is none)."""

    outcome: Outcome
    received_at: datetime | None


def submit_responses(batch: Sequence[Submission], *, at: datetime | None) -> list[Receipt]:
    """Store a batch and return one receipt per submission, in the same order.

    The first of an invitation wins; ids go before forms.

    `at` None: now, by the database's clock. One statement for those named by id and one for
    forms; another only for the losers of a race, who cannot see the winner's answers in the
    first, and for those who may have written their own name, which the first does not store and
    gives the name to be masked. A form of another version or set than the link's is UNKNOWN.
    """
    receipts: dict[int, Receipt] = {}
    names: dict[int, list[str]] = {}
    for statement, is_form in ((SUBMIT, False), (SUBMIT_FORMS, True)):
        waiting = [place for place, one in enumerate(batch) if (one.form is not None) is is_form]
        for _attempt in range(3):
            if waiting:
                found = _submit(statement, [(batch[place], names.get(place)) for place in waiting], at=at)
                replies = dict(zip(waiting, found, strict=True))
                named = {place: reply for place, reply in replies.items() if isinstance(reply, _Named)}
                names |= {place: open_name(reply.customer_id, reply.sealed) for place, reply in named.items()}
                receipts |= {place: reply for place, reply in replies.items() if isinstance(reply, Receipt)}
                waiting = [place for place in waiting if _is_to_be_asked_again(receipts.get(place))]
    if any(receipt.outcome is Outcome.ACCEPTED for receipt in receipts.values()):
        background.ring_soon(CONSUME_TALLIES)
    return [receipts[place] for place in range(len(batch))]


def _is_to_be_asked_again(receipt: Receipt | None) -> bool:
    """Whether a submission has no receipt yet, or lost a race to one that could not be seen."""
    return receipt is None or receipt.outcome is Outcome.UNSEEN


@dataclass(frozen=True, slots=True)
class _Named:
    """Nothing was stored yet: what was written may hold this customer's name."""

    customer_id: uuid.UUID
    sealed: bytes


def _submit(
    statement: SqlStatement, batch: Sequence[tuple[Submission, list[str] | None]], *, at: datetime | None
) -> list[Receipt | _Named]:
    written = [_row(submission, names) for submission, names in batch]
    invitations = _names([submission for submission, _people in batch])
    rows = statement.run(to_json(written), invitations, at.isoformat() if at else "")
    return [
        _Named(customer_id, sealed) if outcome == NAMED else Receipt(Outcome(outcome), received_at)
        for outcome, received_at, customer_id, sealed in rows
    ]


def _names_given(submission: Submission) -> list[str]:
    contacts = (aside for aside in submission.asides.values() if isinstance(aside, ContactGiven))
    return [contact.name for contact in contacts if contact.name]


def _row(submission: Submission, names: list[str] | None) -> dict[str, object]:
    """Return a submission as the statement reads it; `names` None: the customer's name is not known yet."""
    people = [*(names or ()), *_names_given(submission)]
    stored = mask_answers(submission.answers, words=submission.words, names=people, prefix=ANSWERS)
    aside = mask_answers(submission.off_path or {}, words=submission.words, names=people, prefix=OFF_PATH)
    hashes = [one.hex() for one in hashes_of(submission.answers)]
    row: dict[str, object] = {
        "answers": stored.answers,
        "answers_hash": hashes[0],
        "known_hashes": hashes,
        "speech": speech_of((submission.answers, submission.off_path), submission.words)
        if names is None
        else None,
        "sealed": [new.as_row() for new in (*stored.sealed, *aside.sealed)] or None,
        "satisfaction": submission.satisfaction,
        "nps": submission.nps,
        "ces": submission.ces,
        "off_path": aside.answers or None,
        "language": submission.language,
        "mode": submission.mode,
        "answered_at": submission.answered_at and submission.answered_at.isoformat(),
    }
    form = submission.form
    if form is None:
        return row | {"invitation_id": str(submission.invitation_id)}
    return row | {
        "token_hash": form.token_hash.hex(),
        "version_id": form.version_id,
        "question_set": form.question_set,
    }


def _names(batch: Sequence[Submission]) -> str:
    """Return the ids or the hashes of tokens as PostgreSQL writes an array of them."""
    names = [rf'"\\x{one.form.token_hash.hex()}"' if one.form else str(one.invitation_id) for one in batch]
    return f"{{{','.join(names)}}}"
