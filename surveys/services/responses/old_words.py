"""Masking the words of answers that were stored before words were masked.

The one time that a response is changed after it was written.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import pgtrigger
from django.db import transaction

from feedback_site.customers.services import keep_sealed, names_of, texts_as_written
from feedback_site.customers.services.old_words import Walked, looked_at
from feedback_site.questionnaires.services.questionnaires import questionnaire_of
from feedback_site.questionnaires.walk import word_names
from surveys.models import OpenResponse, Response, ResponseDraft
from surveys.services.open_questionnaires.answering import TICKET
from surveys.services.responses.hashing import hash_answers, to_json
from surveys.services.responses.words import (
    ANSWERS,
    DRAFT_WORDS,
    OFF_PATH,
    OPEN_WORDS,
    RESPONSE_WORDS,
    Masked,
    holds_personal_data,
    mask_answers,
)


@transaction.atomic
def mask_responses(after: object | None, limit: int, at: datetime) -> Walked:
    """Mask a batch of responses.

    Their hashes become keyed ones: an open hash would let the masks be guessed.
    """
    rows = _batch(Response.objects.select_related("invitation__customer"), after, limit)
    changed: list[Response] = []
    for row in rows:
        words, names = _words_of(row.invitation.version_id), names_of(row.invitation.customer)
        if _mask(row, RESPONSE_WORDS, words, names, at):
            changed.append(row)
    with pgtrigger.ignore("surveys.Response:facts_are_only_added"):
        Response.objects.bulk_update(changed, ["answers", "off_path", "answers_hash"])
    return _walked(rows, changed)


@transaction.atomic
def mask_open_responses(after: object | None, limit: int, at: datetime) -> Walked:
    """Mask a batch of open answers, with the ticket numbers that customers typed."""
    rows = _batch(OpenResponse.objects.all(), after, limit)
    changed: list[OpenResponse] = []
    for row in rows:
        ticket = mask_answers({TICKET: row.ticket_number}, words=None, names=())
        is_masked = _mask(
            row, OPEN_WORDS, _words_of(row.version_id), [], at, more={"": row.ticket_number}, ticket=ticket
        )
        if is_masked:
            row.ticket_number = str(ticket.answers[TICKET])
            changed.append(row)
    with pgtrigger.ignore("surveys.OpenResponse:facts_are_only_added"):
        OpenResponse.objects.bulk_update(changed, ["answers", "off_path", "answers_hash", "ticket_number"])
    return _walked(rows, changed)


@transaction.atomic
def mask_drafts(after: object | None, limit: int, at: datetime) -> Walked:
    """Mask a batch of unfinished answers; what the customer typed is still shown to them."""
    drafts = ResponseDraft.objects.select_related("invitation__customer").select_for_update(
        of=("self",), no_key=True
    )
    rows = _batch(drafts, after, limit)
    changed: list[ResponseDraft] = []
    for row in rows:
        names = names_of(row.invitation.customer)
        masked = mask_answers(row.answers, words=_words_of(row.invitation.version_id), names=names)
        if masked.sealed:
            row.answers = dict(masked.answers)
            keep_sealed(kind=DRAFT_WORDS, texts=[(row.pk, new) for new in masked.sealed], at=at)
            changed.append(row)
    ResponseDraft.objects.bulk_update(changed, ["answers"])
    return _walked(rows, changed)


def responses_in_clear(latest: int | None) -> Iterator[object]:
    """Yield the responses that hold what is to be masked."""
    rows = Response.objects.values_list("pk", "invitation__version_id", "answers", "off_path")
    for key, version_id, answers, off_path in looked_at(rows, latest):
        if _in_clear(answers, version_id) or holds_personal_data(off_path or {}, None):
            yield key


def open_responses_in_clear(latest: int | None) -> Iterator[object]:
    """Yield the open answers that hold what is to be masked."""
    rows = OpenResponse.objects.values_list("pk", "version_id", "answers", "off_path", "ticket_number")
    for key, version_id, answers, off_path, ticket in looked_at(rows, latest):
        beside = {**(off_path or {}), TICKET: ticket}
        if _in_clear(answers, version_id) or holds_personal_data(beside, None):
            yield key


def drafts_in_clear(latest: int | None) -> Iterator[object]:
    """Yield the unfinished answers that hold what is to be masked."""
    rows = ResponseDraft.objects.values_list("pk", "invitation__version_id", "answers")
    return (key for key, version_id, answers in looked_at(rows, latest) if _in_clear(answers, version_id))


def _in_clear(answers: Mapping[str, Any], version_id: int) -> bool:
    """Whether words hold what is to be masked.

    The questionnaire is looked up only where there is any text like that.
    """
    return holds_personal_data(answers, None) and holds_personal_data(answers, _words_of(version_id))


def _mask(
    row: Any,
    kind: str,
    words: frozenset[str],
    names: Sequence[str],
    at: datetime,
    *,
    more: Mapping[str, str] | None = None,
    ticket: Masked | None = None,
) -> bool:
    """Mask the answers of a row that is not saved yet, and say whether that changed anything.

    What it changed is kept.
    """
    answers = mask_answers(row.answers, words=words, names=names, prefix=ANSWERS)
    # Beside the answers also lies what no question could read: any text of it is a person's words.
    off_path = mask_answers(row.off_path or {}, words=None, names=names, prefix=OFF_PATH)
    sealed = (*answers.sealed, *off_path.sealed, *(ticket.sealed if ticket else ()))
    if not sealed:
        return False
    row.answers_hash = _keyed(row, kind, more or {})
    row.answers, row.off_path = dict(answers.answers), dict(off_path.answers) or None
    keep_sealed(kind=kind, texts=[(row.pk, new) for new in sealed], at=at)
    return True


def _keyed(row: Any, kind: str, more: Mapping[str, str]) -> bytes:
    """Return the keyed hash instead of one without a key; any other is left: it is keyed already."""
    written = texts_as_written(kind=kind, subject_ids=[row.pk]).get(str(row.pk), {})
    own = {name.removeprefix(ANSWERS): text for name, text in written.items() if name.startswith(ANSWERS)}
    given = {**row.answers, **own, **more}
    stored = bytes(row.answers_hash)
    return hash_answers(given) if stored == hashlib.sha256(to_json(given).encode()).digest() else stored


def _words_of(version_id: int) -> frozenset[str]:
    return word_names(questionnaire_of(version_id).questions)


def _batch(rows: Any, after: object | None, limit: int) -> list[Any]:
    later = rows if after is None else rows.filter(pk__gt=after)
    return list(later.order_by("pk")[:limit])


def _walked(rows: Sequence[Any], changed: Sequence[Any]) -> Walked:
    return Walked(rows[-1].pk if rows else None, len(rows), len(changed))
