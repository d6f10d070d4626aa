"""What the tests of `verify` share."""

import pytest

from tests.config.world import COMPLETED, HANDED_OVER, World


@pytest.fixture
def world(organisation) -> World:
    """One event in every state of the ledger, and two ratings that were counted."""
    world = World(organisation)
    for status in HANDED_OVER:
        world.invite(status, is_queued=True, answered_at=COMPLETED if status == "answered" else None)
        world.message(status, status="sent" if status == "answered" else status)
    world.invite("answered again", is_queued=True, answered_at=COMPLETED)
    world.message("answered again", status="sent")
    world.invite("not handed over yet")
    world.invite("replayed", is_queued=True, is_replayed=True)
    world.message("replayed", status="sent", is_local_only=True)
    world.invite("voided", voided_at=COMPLETED, void_reason="reopened")
    world.event("withheld")
    world.decide("withheld", reason="no_consent")
    world.event("undecided")
    world.event("not completed", status="open")
    world.answer("answered", satisfaction=5, nps=10)
    world.answer("answered again", satisfaction=2, nps=3)
    world.tally(
        {("response", 0): 2, ("satisfaction", 5): 1, ("satisfaction", 2): 1, ("nps", 10): 1, ("nps", 3): 1}
    )
    world.measure(value="3.5", n=2)
    world.feed()
    return world
