"""Workers are killed while they send, and the gateway is busy at times."""

import time
import zlib
from random import Random

from tests.chaos.report import Story
from tests.chaos.scenarios.sizes import Size
from tests.chaos.site import WORKER, NotInTimeError, Site, wait_for
from tests.chaos.supervisor import is_alive

_DELAY = 0.015
_BETWEEN_KILLS = 60
# The lease of the last one killed (a minute), what it held, and one busy answer after that.
_SETTLED_SECONDS = 110.0
_BUSY_ONCE, _BUSY_TWICE = 8, 1


def killed(site: Site, dice: Random, size: Size) -> Story:
    """Kill the worker with its whole pool in the middle of a batch, again and again."""
    salt = dice.getrandbits(32)
    site.gateway.delay = _DELAY
    site.gateway.is_busy = lambda key, times: times < _busy_times(key, salt)
    site.links(size.texts, is_due=True)
    dead: list[int] = []
    recoveries: list[float] = []
    for number in range(size.sender_kills):
        seen = len(site.gateway.accepted_at)
        _await_texts(site, seen + _BETWEEN_KILLS)
        moment = time.monotonic()
        dead.append(site.supervisor.kill(WORKER))
        site.await_worker(starts=number + 2)
        seen = len(site.gateway.accepted_at)
        _await_texts(site, seen + 1)
        recoveries.append(time.monotonic() - moment)
    is_settled = _await_end(site)
    (left_behind,) = site.ask("SELECT count(*) FROM delivery_messageattempt WHERE code = 'lease_expired'")[0]
    refused = sum(site.gateway.refusals.values())
    return Story(
        acknowledged=len(site.gateway.accepted),
        least=size.texts // 2,
        recoveries=recoveries,
        proofs=[
            (
                f"{len(set(dead))} workers dead",
                len(set(dead)) == size.sender_kills and not any(map(is_alive, dead)),
            ),
            (f"{refused} answers 503", refused >= size.texts // 50),
            (f"{left_behind} left in mid-handover", left_behind > 0),
            ("all settled", is_settled),
        ],
        notes=[site.tell_uncertain()],
    )


def _busy_times(key: str, salt: int) -> int:
    """Return how often the gateway is busy for a text: a few once, fewer twice."""
    lot = zlib.crc32(f"{salt}:{key}".encode()) % 100
    return 2 if lot < _BUSY_TWICE else int(lot < _BUSY_ONCE)


def _await_texts(site: Site, count: int) -> None:
    wait_for(lambda: len(site.gateway.accepted_at) >= count, seconds=90, name=f"{count} texts")


def _await_end(site: Site) -> bool:
    def is_over() -> bool:
        (waiting,) = site.ask("SELECT count(*) FROM delivery_message WHERE status IN ('queued', 'sending')")[
            0
        ]
        (unqueued,) = site.ask(
            "SELECT count(*) FROM surveys_invitation WHERE NOT is_queued AND due_at <= now() AND voided_at "
            "IS NULL"
        )[0]
        return not waiting and not unqueued

    try:
        return bool(wait_for(is_over, seconds=_SETTLED_SECONDS, every=0.5, name="everything sent"))
    except NotInTimeError:
        return False
