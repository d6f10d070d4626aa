"""What is done to a site, one module per victim; `ALL` names every scenario."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.chaos.report import Story
from tests.chaos.scenarios import answers, broker, database, dispatchers, onlookers, senders, slow_bodies, web
from tests.chaos.scenarios.sizes import Size
from tests.chaos.site import BEAT, SECOND_BEAT, SECOND_WORKER, WEB, WORKER, Site

FULL_SITE = (WEB, WORKER, BEAT)


@dataclass(frozen=True)
class Scenario:
    """A sentence, what has to run, and what is done."""

    sentence: str
    run: Callable[[Site, Random, Size], Story]
    processes: tuple[str, ...] = FULL_SITE


ALL = {
    "onlookers": Scenario("scanners open links, forms carry scripts", onlookers.run, (WEB,)),
    "slow-bodies": Scenario("hundreds send bodies that never end", slow_bodies.run),
    "database-killed": Scenario("PostgreSQL killed under writers", database.killed),
    "database-frozen": Scenario("PostgreSQL frozen", database.frozen),
    "one-link": Scenario("one link submitted by many at once", answers.one_link),
    "web-killed": Scenario("web workers killed, also before the reply", web.killed),
    "bell-alone": Scenario("no beat: the bell alone", broker.bell_alone),
    "broker": Scenario("broker flushed, killed, frozen, absent", broker.lost),
    "senders-killed": Scenario("send workers killed, gateway busy", senders.killed, (WORKER, BEAT)),
    "dispatcher-frozen": Scenario(
        "two beats, two dispatchers, one frozen past its lease",
        dispatchers.frozen,
        (WORKER, SECOND_WORKER, BEAT, SECOND_BEAT),
    ),
}

# Each lane is a site of its own; its scenarios follow each other. The longest first.
LANES = {
    "senders": ("senders-killed",),
    "answers": ("onlookers", "slow-bodies", "database-killed", "database-frozen", "one-link", "web-killed"),
    "dispatchers": ("dispatcher-frozen",),
    "broker": ("broker", "bell-alone"),
}
