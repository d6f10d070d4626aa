from datetime import timedelta

import pytest

from feedback_site.delivery.enums import AttemptOutcome, DeliveryChannel, LateCause, MessageStatus
from feedback_site.delivery.rules import late_cause, retry_pause, status_after
from tests.conftest import NOON

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("outcome", "email", "sms"),
    [
        (AttemptOutcome.ACCEPTED, MessageStatus.SENT, MessageStatus.SENT),
        (AttemptOutcome.TEMPORARY, MessageStatus.QUEUED, MessageStatus.QUEUED),
        (AttemptOutcome.PERMANENT, MessageStatus.FAILED, MessageStatus.FAILED),
        (AttemptOutcome.UNCERTAIN, MessageStatus.QUEUED, MessageStatus.UNCERTAIN),
    ],
)
def test_an_unknown_outcome_is_repeated_for_email_and_never_for_sms(outcome, email, sms):
    assert status_after(outcome=outcome, channel=DeliveryChannel.EMAIL) is email
    assert status_after(outcome=outcome, channel=DeliveryChannel.SMS) is sms


@pytest.mark.parametrize(
    ("sent_after", "queued_after", "attempts", "cause"),
    [
        (9, 0, 1, None),
        (10, 0, 1, None),
        (11, 0, 1, LateCause.BACKLOG),
        (11, 0, 2, LateCause.RETRIED),
        (11, 11, 1, LateCause.RECORDED_LATE),
        (12, 11, 3, LateCause.RECORDED_LATE),
    ],
)
def test_a_message_after_its_ten_minutes_is_late_and_says_why(sent_after, queued_after, attempts, cause):
    found = late_cause(
        sent_at=NOON + sent_after * MINUTE,
        queued_at=NOON + queued_after * MINUTE,
        deadline_at=NOON + 10 * MINUTE,
        attempts=attempts,
    )

    assert found is cause


def test_a_message_without_a_deadline_is_never_late():
    assert late_cause(sent_at=NOON + 99 * MINUTE, queued_at=NOON, deadline_at=None, attempts=5) is None


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 5), (2, 15), (3, 60), (4, 300), (5, 900), (6, 3600), (7, 3600), (500, 3600)]
)
def test_pauses_grow_up_to_an_hour_with_a_fifth_of_spread(attempts, seconds):
    pauses = [retry_pause(attempts=attempts).total_seconds() for _ in range(200)]

    assert min(pauses) >= seconds
    assert max(pauses) <= seconds * 1.2
    assert len(set(pauses)) > 1
