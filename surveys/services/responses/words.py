"""What customers write freely within answers: masked as it is stored, and sealed where masking changed it.

A text without a digit or an @ costs microseconds; the names of
those who were invited are read once for a batch that has any text.
"""

import json
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import structlog

from feedback_site.common.masking import mask_words, plain
from feedback_site.common.sealing import SealBrokenError, reveal
from feedback_site.customers.models import Customer
from feedback_site.customers.services import NewSealedText, seal_text
from feedback_site.questionnaires.questions import Answer
from surveys.services.responses.statements import SqlStatement, read_uuid

# What side rows are kept for: `feedback_site.customers.models.SealedText`.
RESPONSE_WORDS, OPEN_WORDS, DRAFT_WORDS = "response", "open_response", "draft"
ANSWERS, OFF_PATH = "answers.", "off_path."
_CUSTOMERS: str = Customer._meta.db_table  # noqa: SLF001 - Django's documented API

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Masked:
    """Answers as they are stored, and what masking changed in them, sealed."""

    answers: Mapping[str, Answer]
    sealed: Sequence[NewSealedText] = ()


def speech_of(answers: Iterable[Mapping[str, Answer] | None], words: Collection[str] | None) -> str | None:
    """Return all that the customer wrote freely, plainly and in small letters; None where there is nothing.

    It is there to look for a name in it.
    """
    said = [text for some in answers if some for text in _texts(some, words)]
    return plain("\n".join(said)).lower() if said else None


def has_words(answers: Mapping[str, Answer], words: Collection[str] | None) -> bool:
    """Whether something was written freely. `words` None: it is not known where, so any text may be."""
    return any(
        isinstance(answer, str) and (words is None or name in words) for name, answer in answers.items()
    )


def mask_answers(
    answers: Mapping[str, Answer], *, words: Collection[str] | None, names: Collection[str], prefix: str = ""
) -> Masked:
    """Return the answers as they are stored; `prefix` goes before the names of the fields that are sealed."""
    masked: dict[str, Answer] = {}
    sealed: list[NewSealedText] = []
    for name, answer in answers.items():
        if (
            isinstance(answer, str)
            and (words is None or name in words)
            and (shown := mask_words(answer, names)) != answer
        ):
            masked[name] = shown
            sealed.append(seal_text(name=f"{prefix}{name}", text=answer))
    return Masked({**answers, **masked}, sealed) if masked else Masked(answers)


def holds_personal_data(answers: Mapping[str, Answer], words: Collection[str] | None) -> bool:
    """Whether answers hold what masking would change, names aside."""
    return any(mask_words(text) != text for text in _texts(answers, words))


def _texts(answers: Mapping[str, Answer], words: Collection[str] | None) -> Iterator[str]:
    """Yield what was written freely."""
    for name, answer in answers.items():
        if isinstance(answer, str) and (words is None or name in words):
            yield answer


def as_json(sealed: Iterable[NewSealedText]) -> str:
    """Return sealed texts as statements read them."""
    return json.dumps([new.as_row() for new in sealed])


def names_by_invitation(invitation_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """Return the names of the customers who were invited, by invitation; one statement."""
    rows = _NAMES.run(f"{{{','.join(map(str, invitation_ids))}}}") if invitation_ids else []
    return {key: open_name(customer_id, sealed) for key, customer_id, sealed in rows}


def open_name(customer_id: uuid.UUID, sealed: bytes) -> list[str]:
    """Return the name in a list, which is empty where the name cannot be opened.

    A name that cannot be opened keeps no answer from being stored.
    """
    try:
        return [reveal(sealed=sealed, table=_CUSTOMERS, column="name", row_id=customer_id)]
    except SealBrokenError:
        logger.warning("name_not_opened", customer=str(customer_id))
        return []


_NAMES = SqlStatement(
    "names_by_invitation",
    """
SELECT i.id, c.id, c.name_sealed
FROM surveys_invitation i JOIN customers_customer c ON c.id = i.customer_id
WHERE i.id = ANY($1::uuid[]) AND c.name_sealed IS NOT NULL
""",
    returns=[read_uuid, read_uuid, bytes],
)
