"""PostgreSQL is killed under writers, and frozen."""

import time
from random import Random

from tests.chaos.clients import writing
from tests.chaos.journal import longest, recoveries
from tests.chaos.report import Fault, Finding, Story
from tests.chaos.scenarios.sizes import Size
from tests.chaos.site import Site

_PAUSE = 0.03
_LINKS = 8000
# Mostly all processes at one moment, the hardest case: whatever was not written yet is gone.
_KILLS_OF_ALL = 0.75
_BEFORE_FREEZE, _AFTER_THAW = 60, 100
# Customers are told to come back after 5 s at the latest; the rest is for a machine that is busy.
_LONGEST_SECONDS = 7.0


def killed(site: Site, dice: Random, size: Size) -> Story:
    """Kill it again and again; each time so many answers were acknowledged since the last."""
    moments: list[float] = []
    reborn = 0
    with writing(site, dice, writers=size.writers, links=_LINKS, pause=_PAUSE) as crowd:
        for _ in range(size.database_kills):
            before = site.database.identity()
            crowd.await_more(size.pace)
            time.sleep(dice.uniform(0, 0.2))
            if dice.random() < _KILLS_OF_ALL:
                site.database.kill_all()
            else:
                site.database.kill_postmaster()
            moments.append(time.monotonic())
            site.database.start()
            reborn += site.database.identity().is_another_than(before)
        crowd.await_more(size.pace)
    return Story(
        acknowledged=crowd.acknowledged,
        least=size.database_kills * size.pace,
        recoveries=recoveries(crowd.journals, moments),
        proofs=[(f"{reborn} of {size.database_kills} new postmasters", reborn == size.database_kills)],
        notes=[f"slowest reply {longest(crowd.journals):.1f} s"],
    )


def frozen(site: Site, dice: Random, size: Size) -> Story:
    """Freeze every process of it for a while; no one may be thanked meanwhile, nor wait for ever."""
    with writing(site, dice, writers=size.writers, links=_LINKS, pause=_PAUSE) as crowd:
        crowd.await_more(_BEFORE_FREEZE)
        pids = site.database.freeze()
        time.sleep(1)  # what was thanked before has arrived
        is_frozen, thanked = site.database.is_frozen, crowd.acknowledged
        time.sleep(size.freeze_seconds - 1)
        thanked = crowd.acknowledged - thanked
        site.database.thaw()
        moment = time.monotonic()
        crowd.await_more(_AFTER_THAW)
    slowest = longest(crowd.journals)
    return Story(
        acknowledged=crowd.acknowledged,
        least=_BEFORE_FREEZE + _AFTER_THAW,
        recoveries=recoveries(crowd.journals, [moment]),
        proofs=[
            (f"{len(pids)} processes stopped {size.freeze_seconds:g} s", is_frozen),
            (f"{thanked} thanked meanwhile", thanked == 0),
        ],
        notes=[f"slowest reply {slowest:.1f} s"],
        findings=[Finding(Fault.LATE, f"a customer waited {slowest:.1f} s")]
        if slowest > _LONGEST_SECONDS
        else [],
    )
