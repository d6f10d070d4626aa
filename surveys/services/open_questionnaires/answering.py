"""Takes answers from every customer who has the code of an open questionnaire.

One form handed out counts once, and a second one from a device is marked.
"""

import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from feedback_site.common.row_logs import log_rows
from feedback_site.customers.services import keep_sealed
from feedback_site.questionnaires.enums import Metric
from feedback_site.questionnaires.questions import Answer, Fields, InvalidAnswer
from feedback_site.questionnaires.questions.base import read_words
from feedback_site.questionnaires.services.questionnaires import CompiledQuestionnaire, draw_set
from feedback_site.questionnaires.walk import ReadAnswers, Walk
from feedback_site.service_events.services.hashing import keyed_hash
from surveys.models import OpenResponse
from surveys.selectors.open_questionnaires import OpenPlace
from surveys.services.responses.answering import Outcome, Receipt
from surveys.services.responses.hashing import hash_answers, hashes_of
from surveys.services.responses.words import ANSWERS, OFF_PATH, OPEN_WORDS, mask_answers

MOST_OF_TICKET = 80
TICKET = "ticket_number"

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class OpenSubmission:
    """Checked answers of one form.

    `key` stands for the form, `device_mark` for the device of that day, None where it cannot be told.
    """

    place: OpenPlace
    version_id: int
    question_set: str
    key: bytes
    read: ReadAnswers
    ticket_number: str
    language: str
    device_mark: bytes | None
    # Whether the browser brought along that it has answered here today.
    has_answered: bool = False

    @property
    def hashed(self) -> Mapping[str, Answer]:
        """What tells these answers from others, the ticket number included."""
        return {**self.read.answers, "": self.ticket_number}


def set_of(*, version_id: int, number: str) -> str:
    """Return the rotating set that falls to the form with this number."""
    return draw_set(version_id=version_id, seed=uuid.UUID(number))


def read_openly(questionnaire: CompiledQuestionnaire, fields: Fields, *, question_set: str) -> ReadAnswers:
    """Check the fields of an open form; nothing is known of an event."""
    return Walk([questionnaire.questions], fields, question_set=question_set).read


def read_ticket_number(typed: Sequence[str]) -> str:
    """Return a ticket number as it is meant: full-width signs are plain ones. Raises InvalidAnswer."""
    given = {line for value in typed if (line := " ".join(unicodedata.normalize("NFKC", value).split()))}
    if len(given) > 1:
        raise InvalidAnswer(_("Please give one answer only."))
    return read_words(given.pop(), most=MOST_OF_TICKET) if given else ""


def submission_key(*, number: str) -> bytes:
    """Return what one form handed out is known by."""
    return keyed_hash(purpose="open answer", content=number)


def mark_device(*, place: OpenPlace, signals: Mapping[str, str]) -> bytes:
    """Return the mark of a device for this questionnaire and the day there.

    It is made from what the device's requests show; nothing of that can be read from it.
    """
    day = place.at.astimezone(place.zone).date().isoformat()
    return keyed_hash(purpose="open device", content={"day": day, "place": place.pk, **signals})


def find_open_receipt(submission: OpenSubmission) -> Receipt | None:
    """Return what became of this form before; None when it is new."""
    known = (
        OpenResponse.objects.filter(submission_key=submission.key)
        .values_list("answers_hash", "submitted_at")
        .first()
    )
    if known is None:
        return None
    answers_hash, submitted_at = known
    is_same = bytes(answers_hash) in hashes_of(submission.hashed)
    return Receipt(Outcome.REPEATED if is_same else Outcome.DIFFERENT, submitted_at)


def submit_openly(submission: OpenSubmission, *, at: datetime) -> Receipt:
    """Store the answers and return the receipt.

    The same form again gets the first one's receipt, with other answers `DIFFERENT`. Of two at once the
    second waits for the first at a unique key and learns there what it is: the same form, or another of the
    device.
    """
    receipt = find_open_receipt(submission)
    for is_duplicate in (submission.has_answered, True):
        if receipt is None and _store(submission, is_duplicate=is_duplicate, at=at):
            return Receipt(Outcome.ACCEPTED, at)
        receipt = receipt or find_open_receipt(submission)
    return receipt or Receipt(Outcome.UNSEEN, None)


def _store(submission: OpenSubmission, *, is_duplicate: bool, at: datetime) -> bool:
    scores, words = submission.read.scores, submission.read.words
    answers = mask_answers(submission.read.answers, words=words, names=(), prefix=ANSWERS)
    off_path = mask_answers(submission.read.off_path, words=words, names=(), prefix=OFF_PATH)
    ticket = mask_answers({TICKET: submission.ticket_number}, words=None, names=())
    row = OpenResponse(
        open_questionnaire_id=submission.place.pk,
        version_id=submission.version_id,
        question_set=submission.question_set,
        submission_key=submission.key,
        answers=dict(answers.answers),
        answers_hash=hash_answers(submission.hashed),
        satisfaction=scores.get(Metric.SATISFACTION),
        nps=scores.get(Metric.NPS),
        ces=scores.get(Metric.CES),
        off_path=dict(off_path.answers) or None,
        ticket_number=str(ticket.answers[TICKET]),
        language=submission.language,
        device_mark=submission.device_mark,
        is_duplicate=is_duplicate,
        submitted_at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            sealed = (*answers.sealed, *off_path.sealed, *ticket.sealed)
            keep_sealed(kind=OPEN_WORDS, texts=[(row.pk, new) for new in sealed], at=at)
    except IntegrityError:
        if is_duplicate and find_open_receipt(submission) is None:
            raise
        return False
    log_rows(logger, "open_answer_received", [str(row.pk)])
    return True
