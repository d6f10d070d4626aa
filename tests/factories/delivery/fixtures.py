"""A subject kind of the tests' own, with real content: what its messages say is set per test in `letters`."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from feedback_site.delivery.enums import DeliveryChannel
from feedback_site.delivery.models import Message
from feedback_site.delivery.services import (
    Content,
    Envelope,
    NewMessage,
    building,
    queue_messages,
    register_builder,
)

KIND = "notice"
PHONE = "+8613812345678"
EMAIL = "ann.lee@customers.example"


def letter(*, address: str = EMAIL, fallback: DeliveryChannel | None = None) -> Envelope:
    return Envelope(
        address=address,
        language="en",
        subject="How was our service?",
        text="Please tell us: http://127.0.0.1:8000/r/SecretTokenOfAnn/",
        html='<p>Please <a href="http://127.0.0.1:8000/r/SecretTokenOfAnn/">tell us</a>.</p>',
        fallback=fallback,
    )


@dataclass
class Notices:
    """Builds notices: by subject id where the test has set one.

    Else a letter to Ann on the message's channel.
    """

    letters: dict[uuid.UUID, Content] = field(default_factory=dict)

    def build(self, messages: Sequence[Message], at: datetime) -> dict[uuid.UUID, Content]:
        return {
            message.id: self.letters.get(message.subject_id) or self._default(message) for message in messages
        }

    def _default(self, message: Message) -> Envelope:
        return letter(address=PHONE if message.channel == DeliveryChannel.SMS else EMAIL)


def unregister_builder(kind: str) -> None:
    """Leave messages about `kind` as they are where the app that builds them is not installed."""
    building._builders.pop(kind, None)
    building._last_looks.pop(kind, None)


@pytest.fixture
def notices():
    notices = Notices()
    register_builder(KIND, notices.build)
    yield notices
    unregister_builder(KIND)


@pytest.fixture
def queue(organisation, notices, noon):
    """Queue a notice to Ann, due at noon, with ten minutes to be in time and two days to be sent at all."""

    def queue(
        channel: DeliveryChannel = DeliveryChannel.EMAIL, *, content: Content | None = None, **changes
    ) -> Message:
        subject_id = changes.pop("subject_id", None) or uuid.uuid4()
        if content is not None:
            notices.letters[subject_id] = content
        values = {
            "team_id": organisation.east_1.id,
            "due_at": noon,
            "deadline_at": noon + timedelta(minutes=10),
            "send_until": noon + timedelta(days=2),
        }
        at = changes.pop("at", noon)
        new = NewMessage(subject_kind=KIND, subject_id=subject_id, channel=channel, **{**values, **changes})
        queue_messages([new], at=at)
        return Message.objects.get(subject_kind=KIND, subject_id=subject_id, step=new.step, channel=channel)

    return queue


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@pytest.fixture
def clock(noon):
    return Clock(noon)
