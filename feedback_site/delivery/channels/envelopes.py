"""What a message becomes for the moment of its sending: held in memory, never stored, never logged."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from feedback_site.delivery.enums import AttemptOutcome, DeliveryChannel


@dataclass(frozen=True, slots=True, repr=False)
class Envelope:
    """Address and content.

    `html` and `headers` are for email only; `fallback` is tried when this channel cannot reach the
    customer.
    """

    address: str
    language: str
    subject: str
    text: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    fallback: DeliveryChannel | None = None

    def __repr__(self) -> str:
        return "Envelope(hidden)"


@dataclass(frozen=True, slots=True)
class Void:
    """The message must not go out any more; `reason` is one short word (at most 40 characters)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Handover:
    """An envelope on its way to a gateway; `message_id` is the idempotency key."""

    message_id: uuid.UUID
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a handover.

    `code` is short and holds no personal data, `provider_id` is the gateway's number for it.
    """

    outcome: AttemptOutcome
    code: str = ""
    provider_id: str = ""
