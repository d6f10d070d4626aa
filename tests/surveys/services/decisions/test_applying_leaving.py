import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from feedback_site.conservation.ledger import read_ledger
from feedback_site.delivery.models import Message, MessageAttempt
from feedback_site.delivery.services import deliver_messages
from feedback_site.delivery.services.claiming import claim_messages, lease_of, mark_begun
from feedback_site.delivery.services.stopping import stop_messages
from feedback_site.demo.sinks import running_sinks
from feedback_site.service_events.models import ServiceEvent
from surveys.models import Invitation, TransitionEffect
from surveys.services.decisions.applying import apply_transitions
from surveys.services.decisions.deciding import decide_events
from surveys.services.invitations.inviting import MESSAGE_SUBJECT
from tests.factories.surveys.later_facts import answer, broken_checks, happen, outcome_of

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture
def sinks(tmp_path, settings):
    """A real SMS gateway that writes down what it takes."""
    with running_sinks(outbox=tmp_path) as sinks:
        settings.SMS_GATEWAY_URL = sinks.sms_gateway_url
        yield sinks


@pytest.mark.parametrize("kind", ["reopened", "cancelled"])
def test_an_unsent_invitation_is_voided_and_its_message_never_leaves(asked, noon, kind):
    event = asked()
    fact = happen(event, kind, noon)

    assert apply_transitions(at=noon) == 1

    invitation, message = Invitation.objects.get(), Message.objects.get()
    assert (invitation.voided_at, invitation.void_reason) == (noon, kind)
    assert (message.status, message.end_reason, message.attempt_count) == ("voided", kind, 0)
    assert outcome_of(fact) == "voided"
    assert read_ledger().states["voided"] == 1
    assert broken_checks() == []


def test_what_has_left_stays_and_its_answer_counts(asked, noon):
    event = asked()
    Message.objects.update(status="sent", sent_at=noon)
    answer(event, noon)
    fact = happen(event, "reopened", noon)

    apply_transitions(at=noon)

    invitation = Invitation.objects.get()
    assert (invitation.voided_at, invitation.answered_at) == (None, noon)
    assert outcome_of(fact) == "kept"


def test_what_has_left_stays_open_and_is_not_asked_again(asked, noon):
    event = asked()
    Message.objects.update(status="sent", sent_at=noon)
    happen(event, "reopened", noon)
    apply_transitions(at=noon)
    happen(event, "completed", noon + SECOND)

    assert decide_events(at=noon + SECOND, everything=True) == 0
    assert Invitation.objects.get().voided_at is None


def test_a_message_that_failed_never_left(asked, noon):
    event = asked()
    Message.objects.update(status="failed", end_reason="550")
    fact = happen(event, "reopened", noon)

    apply_transitions(at=noon)

    assert outcome_of(fact) == "voided"
    assert Message.objects.get().status == "failed"


def test_after_an_attempt_of_unknown_outcome_the_invitation_stays(asked, noon):
    event = asked()
    message = Message.objects.get()
    Message.objects.update(attempt_count=1)
    MessageAttempt.objects.create(
        message=message, lease_id=message.pk, attempted_at=noon, outcome="uncertain", code="timeout"
    )
    fact = happen(event, "reopened", noon)

    apply_transitions(at=noon)

    message.refresh_from_db()
    assert (message.status, message.end_reason, outcome_of(fact)) == ("uncertain", "reopened", "kept")
    assert Invitation.objects.get().voided_at is None


class TestLeaving:
    """A message in a worker's hands."""

    def test_one_that_is_claimed_and_not_begun_is_taken_from_its_worker(self, asked, noon):
        event = asked()
        (message,) = claim_messages(limit=1, at=noon)
        happen(event, "reopened", noon)

        apply_transitions(at=noon)

        assert mark_begun(message_ids=[message.pk], lease_id=lease_of(message), at=noon) == set()
        assert Message.objects.get().status == "voided"

    def test_one_that_is_begun_waits_for_its_outcome(self, asked, noon):
        event = asked()
        (message,) = claim_messages(limit=1, at=noon)
        mark_begun(message_ids=[message.pk], lease_id=lease_of(message), at=noon)
        fact = happen(event, "reopened", noon)

        assert apply_transitions(at=noon) == 0
        assert not TransitionEffect.objects.exists()

        Message.objects.update(status="sent", sent_at=noon, lease_id=None, claimed_until=None)
        assert apply_transitions(at=noon) == 1
        assert outcome_of(fact) == "kept"

    def test_one_whose_event_was_reopened_while_the_batch_was_built_does_not_leave(self, asked, noon, sinks):
        event = asked()
        reads = iter([lambda: None, lambda: happen(event, "reopened", noon)])

        def clock():
            """It was read before claiming.

            And again when the batch is built and the first message is about to leave.
            """
            next(reads)()
            return noon

        counts = deliver_messages(clock=clock)

        message, invitation = Message.objects.get(), Invitation.objects.get()
        assert (counts.sent, counts.voided, texts_in(sinks)) == (0, 1, [])
        assert (message.status, message.end_reason, message.attempt_count) == ("voided", "reopened", 0)
        assert invitation.void_reason == "reopened"

    def test_one_about_an_earlier_completion_does_not_leave(self, asked, noon, sinks):
        event = asked()
        happen(event, "reopened", noon)
        happen(event, "completed", noon + SECOND)

        deliver_messages(clock=lambda: noon + SECOND)

        assert texts_in(sinks) == []
        assert Invitation.objects.get().void_reason == "reopened"
        assert decide_events(at=noon + SECOND) == 1


def texts_in(sinks):
    return sorted(json.loads(path.read_bytes())["id"] for path in (sinks.outbox / "sms").glob("*.json"))


def both_at_once(*works):
    """Run the works in threads that start together, and raise what one of them raised."""
    barrier = threading.Barrier(len(works), timeout=60)

    def run(work):
        try:
            barrier.wait()
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        for future in [pool.submit(run, work) for work in works]:
            future.result(timeout=60)


@pytest.mark.django_db(transaction=True)
def test_of_a_sender_and_a_reopening_at_once_the_database_lets_one_win(cast, noon, sinks):
    for _ in range(30):
        cast.record()
    decide_events(at=noon)

    def reopen():
        for event in ServiceEvent.objects.order_by("-pk"):
            happen(event, "reopened", noon)
            apply_transitions(at=noon)

    def send():
        while deliver_messages(limit=3, clock=lambda: noon).claimed:
            pass

    both_at_once(reopen, send)
    while apply_transitions(at=noon):
        pass

    sent = set(Message.objects.filter(status="sent").values_list("subject_id", flat=True))
    voided = set(Invitation.objects.filter(voided_at__isnull=False).values_list("pk", flat=True))
    assert texts_in(sinks) == sorted(
        str(pk) for pk in Message.objects.filter(status="sent").values_list("pk", flat=True)
    )
    assert (sent | voided, sent & voided) == (set(Invitation.objects.values_list("pk", flat=True)), set())
    assert TransitionEffect.objects.count() == 30
    assert broken_checks() == []


@pytest.mark.django_db(transaction=True)
def test_stopping_waits_for_the_worker_that_marks_a_message_as_begun(cast, noon):
    cast.record()
    decide_events(at=noon)
    (message,) = claim_messages(limit=1, at=noon)
    stopped = []

    def stop():
        try:
            stopped.append(
                stop_messages(
                    subject_kind=MESSAGE_SUBJECT, subject_ids={message.subject_id}, reason="reopened"
                )
            )
        finally:
            connection.close()

    thread = threading.Thread(target=stop)
    with transaction.atomic():
        mark_begun(message_ids=[message.pk], lease_id=lease_of(message), at=noon)
        thread.start()
        thread.join(timeout=0.5)
        assert thread.is_alive()
    thread.join(timeout=60)

    assert stopped[0].leaving == {message.subject_id}
    assert Message.objects.get().status == "sending"
