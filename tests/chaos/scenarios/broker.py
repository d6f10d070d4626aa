"""The broker loses what it holds, dies, stands still and stays away; and once the beat is away instead."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from tests.chaos.clients import Crowd, posting
from tests.chaos.journal import OK, Operation, longest, operations
from tests.chaos.report import Fault, Finding, Story
from tests.chaos.scenarios.sizes import Size
from tests.chaos.site import BEAT, NotInTimeError, Site, wait_for

_PAUSE = 0.1
_EVENTS = 4000
_BETWEEN_FLUSHES = 1.0
_SETTLED_SECONDS = 60.0
# Without a tick: rung, decided, queued, sent.
_BELL_SECONDS = 15.0


def lost(site: Site, dice: Random, size: Size) -> Story:
    """Post events all the while; each gets its message.

    No one rings for the last ones: only the tick can find them.
    """
    story = Story(acknowledged=0, least=10 * (size.flushes + 2 * len(size.broker_faults) + 1))
    with posting(site, dice, pairs=size.poster_pairs, events=_EVENTS, pause=_PAUSE, prefix="broker") as crowd:
        crowd.await_more(10)
        _flush(site, dice, size, story)
        for fault in size.broker_faults:
            crowd.await_more(5)
            with _outage(site, story, fault):
                _take_events(site, crowd, story, fault, size.broker_seconds)
            story.recoveries.append(_until_next_text(site, time.monotonic()))
        earlier = site.broker.identity()
        site.broker.kill()
        _take_events(site, crowd, story, "absent", size.broker_seconds)
    story.proofs.append(("absent", site.broker.is_absent))
    site.broker.start()
    story.proofs.append(("back as a new run", site.broker.identity().is_another_than(earlier)))
    story.recoveries.append(_until_next_text(site, time.monotonic()))
    _settle(site, crowd, story)
    return story


def bell_alone(site: Site, dice: Random, size: Size) -> Story:
    """Stop the beat: what the bell rings for is done at once, and what is done is what was committed."""
    site.supervisor.stop(BEAT)
    story = Story(acknowledged=0, least=2 * size.bells, proofs=[("beat stopped", True)])
    with posting(site, dice, pairs=1, events=size.bells, pause=0.3, prefix="bell") as crowd:
        for client in crowd.clients:
            client.join()
    waiting = _SETTLED_SECONDS
    try:
        wait_for(
            lambda: not _without_text(site, crowd), seconds=_BELL_SECONDS, every=0.2, name="texts by the bell"
        )
    except NotInTimeError:
        unheard = _without_text(site, crowd)
        story.findings.append(
            Finding(Fault.LOST, f"the bell was not heard for {len(unheard)} of {size.bells} events")
        )
    site.start_beat()
    _settle(site, crowd, story, seconds=waiting)
    return story


def _flush(site: Site, dice: Random, size: Size, story: Story) -> None:
    before = site.broker.flushes()
    for _ in range(size.flushes):
        time.sleep(_BETWEEN_FLUSHES * dice.uniform(0.5, 1.5))
        moment = time.monotonic()
        site.broker.flush()
        story.recoveries.append(_until_next_text(site, moment))
    flushes = site.broker.flushes() - before
    story.proofs.append((f"{flushes} flushes", flushes == size.flushes))


def _take_events(site: Site, crowd: Crowd, story: Story, fault: str, seconds: float) -> None:
    before = crowd.acknowledged
    time.sleep(seconds)
    story.notes.append(
        f"{crowd.acknowledged - before} events taken in {seconds:g} s while the broker was {fault}"
    )


@contextmanager
def _outage(site: Site, story: Story, fault: str) -> Iterator[None]:
    """Kill the broker and start it again at once, or freeze it for the block."""
    if fault == "killed":
        earlier = site.broker.identity()
        site.broker.kill()
        site.broker.start()
        story.proofs.append((fault, site.broker.identity().is_another_than(earlier)))
        yield
        return
    site.broker.freeze()
    story.proofs.append((fault, site.broker.is_frozen))
    yield
    site.broker.thaw()


def _until_next_text(site: Site, moment: float) -> float:
    def found() -> float:
        return next((at for at, _key in reversed(site.gateway.accepted_at[-50:]) if at > moment), 0.0)

    try:
        return wait_for(found, seconds=_SETTLED_SECONDS, name="the next text") - moment
    except NotInTimeError:
        return _SETTLED_SECONDS


def _settle(site: Site, crowd: Crowd, story: Story, *, seconds: float = _SETTLED_SECONDS) -> None:
    """Wait until everybody who may be asked was asked, and note how long the slowest text took."""
    try:
        wait_for(lambda: not _without_text(site, crowd), seconds=seconds, every=0.2, name="texts")
    except NotInTimeError:
        story.findings += [
            Finding(Fault.LOST, f"event {operation.op} got no text")
            for operation in _without_text(site, crowd)
        ]
    story.acknowledged = crowd.acknowledged
    waits = [
        site.gateway.by_phone[phone] - at
        for phone, at in _acknowledged_at(crowd).items()
        if phone in site.gateway.by_phone
    ]
    story.notes.append(
        f"slowest text {max(waits, default=0):.1f} s after its event, slowest reply "
        f"{longest(crowd.journals):.1f} s"
    )


def _without_text(site: Site, crowd: Crowd) -> list[Operation]:
    done = [operation for operation in operations(crowd.journals) if operation.ended == OK]
    return [operation for operation in done if operation.asked["phone"] not in site.gateway.by_phone]


def _acknowledged_at(crowd: Crowd) -> dict[str, float]:
    done = [operation for operation in operations(crowd.journals) if operation.ended == OK]
    return {operation.asked["phone"]: operation.ended_at for operation in reversed(done)}
