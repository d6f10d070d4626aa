"""What edges hand in about an answer collected elsewhere, and what becomes of it."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from surveys.enums import ResponseMode

Key = tuple[str, str]
SourceKey = tuple[str, str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ElsewhereAnswer:
    """One customer's answers, given on paper, by phone or in another system at `answered_at`.

    `fields` holds the values as given by question key. The answers are about an event, from a customer (both
    by source and number there) or to an invitation. `system` and `external_id` are the number of the answer
    where it was collected: it is taken in once within `intake_team_id`, the team that the sender is bound to.
    """

    fields: Mapping[str, Sequence[str]]
    answered_at: datetime
    system: str = ""
    external_id: str = ""
    intake_team_id: int | None = None
    event_key: Key | None = None
    customer_key: Key | None = None
    invitation_id: uuid.UUID | None = None
    mode: ResponseMode = ResponseMode.IMPORTED
    language: str = ""

    @property
    def source(self) -> SourceKey | None:
        """The number of the answer where it was collected, and the team within which it is known."""
        return (
            (self.system, self.external_id, self.intake_team_id) if self.system and self.external_id else None
        )

    @property
    def source_hash(self) -> bytes:
        """What stands for the source in a lock."""
        return hashlib.sha256(f"response|{self.system}|{self.external_id}".encode()).digest()


class AnswerRefusal(StrEnum):
    """Why an answer collected elsewhere is not taken in."""

    NO_TARGET = "no_target"
    UNKNOWN = "unknown"
    NO_TEAM = "no_team"
    WRONG_ANSWERS = "wrong_answers"
    ANSWERED = "answered"
    OTHER_SURVEY = "other_survey"
    DOUBLED = "doubled"
    DIFFERENT = "different"
    EXPIRED = "expired"
    VOIDED = "voided"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer on record: whether this call put it there, when it was given and when it was taken in.

    `off_path` are the questions whose answers this call put beside it:
    other answers took them off the customer's path, so they count nowhere.
    """

    response_id: uuid.UUID
    is_new: bool
    answered_at: datetime
    recorded_at: datetime
    off_path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that was not taken in: the reason in a word and in a sentence.

    `errors` is by question key, where answers are wrong.
    """

    reason: AnswerRefusal
    message: str
    errors: Mapping[str, str] = field(default_factory=dict)
