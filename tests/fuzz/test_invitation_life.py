"""The life of an invitation, in any order of steps, held against a model that anybody can read.

After each step the page of every link ever made, the rows and the ledger must be what the model says.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from operator import methodcaller as do

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.fuzz import budget
from tests.fuzz.life_machine import InvitationLife
from tests.fuzz.life_model import AGE_LIMIT
from tests.fuzz.sms_gateway import sms_gateway

LONG = AGE_LIMIT + timedelta(days=1)
SOON, LATE = timedelta(0), timedelta(minutes=30)
ANSWER_A, ANSWER_B, NO_ANSWER = (
    do("answer", None, "A", ""),
    do("answer", None, "B", "?lang=en"),
    do("answer", None, None, ""),
)
SEND, REOPEN, COMPLETE, APPLY, DECIDE = (
    do("deliver", 202),
    do("end", "reopened"),
    do("complete_again"),
    do("apply_facts"),
    do("decide"),
)
# What chance alone would rarely come to: each way that a question
# can end, and how it comes about after the event was decided on.
ENDINGS = [
    ("sent", SOON, [do("deliver", 503), SEND, SEND]),
    ("sent", LATE, [SEND, do("hand_to_delivery", LATE), SEND, REOPEN, APPLY, COMPLETE, DECIDE, APPLY]),
    ("sent", SOON, [do("a_worker_dies", has_begun=False), SEND]),
    ("sent", SOON, [REOPEN, APPLY, COMPLETE, DECIDE, SEND]),
    ("sent", SOON, [do("correct", "west-1"), APPLY, SEND, do("correct", "east-1"), APPLY]),
    (
        "sent",
        SOON,
        [
            do("state_consent", is_granted=False, own_word=True),
            do("state_consent", is_granted=True, own_word=True),
            SEND,
        ],
    ),
    ("failed", SOON, [do("deliver", 400), SEND]),
    ("uncertain", SOON, [do("deliver", None), SEND]),
    ("uncertain", SOON, [do("a_worker_dies", has_begun=True), REOPEN, APPLY, SEND, APPLY]),
    ("suppressed", SOON, [do("bounce"), SEND]),
    ("missed", SOON, [do("wait", LONG), SEND]),
    ("voided", SOON, [REOPEN, SEND]),
    ("voided", SOON, [do("deliver", 400), do("end", "superseded"), APPLY]),
    ("voided", LATE, [do("end", "cancelled"), APPLY, do("hand_to_delivery", LATE), SEND]),
    ("voided", SOON, [do("unsubscribe"), do("state_consent", is_granted=True, own_word=False), SEND]),
    ("voided", SOON, [do("let_it_expire"), SEND]),
    (
        "answered",
        SOON,
        [
            SEND,
            ANSWER_A,
            ANSWER_A,
            do("count"),
            ANSWER_B,
            do("count"),
            do("unsubscribe"),
            do("let_it_expire"),
            ANSWER_A,
        ],
    ),
    (
        "answered",
        SOON,
        [SEND, NO_ANSWER, ANSWER_B, do("count"), do("count"), do("revoke"), ANSWER_B, ANSWER_A],
    ),
    ("answered", LATE, [ANSWER_A, REOPEN, APPLY, COMPLETE, DECIDE, do("hand_to_delivery", LATE), SEND]),
    ("sent", SOON, [SEND, do("let_it_expire"), NO_ANSWER, ANSWER_A, do("count")]),
    ("withheld", SOON, [REOPEN, APPLY, COMPLETE, do("unsubscribe"), DECIDE]),
    ("withheld", SOON, [REOPEN, APPLY, COMPLETE, do("bounce"), DECIDE]),
    ("withheld", SOON, [REOPEN, APPLY, COMPLETE, do("wait", LONG), DECIDE]),
]


@pytest.fixture
def lives(cast, settings) -> Iterator[type[InvitationLife]]:
    with sms_gateway() as server:
        settings.SMS_GATEWAY_URL = server.address
        InvitationLife.world, InvitationLife.gateway, InvitationLife.seen = cast, server, Counter()
        yield InvitationLife


def test_an_invitation_lives_as_the_model_says(lives):
    run_state_machine_as_test(lives, settings=budget(30, stateful_step_count=20))

    assert lives.seen.keys() >= {"queued", "sent", "answered", "voided"}


def test_every_end_of_an_invitation_is_as_the_model_says(lives):
    for ending, delay, steps in ENDINGS:
        life = lives()
        try:
            life.complete(delay, usual_steps=1)
            for step in steps:
                step(life)
                life.check()
            assert life.life.state == ending
        finally:
            life.teardown()
