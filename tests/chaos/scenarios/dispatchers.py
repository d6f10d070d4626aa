"""Two beats tick, two workers send, and one of them stands still for longer than its lease."""

import time
from random import Random

from tests.chaos.report import Story
from tests.chaos.scenarios.sizes import Size
from tests.chaos.site import BEAT, SECOND_BEAT, WORKER, NotInTimeError, Site, wait_for
from tests.chaos.supervisor import is_alive, is_frozen

_DELAY = 0.02
_BEFORE_FREEZE = 100
# A lease is 60 s from the last handover.
_LEASE_SECONDS = 62.0
_SETTLED_SECONDS = 60.0
_AFTER_THAW = 6.0
_SENDING = "SELECT count(DISTINCT lease_id) FROM delivery_message WHERE status = 'sending'"
_HELD = "SELECT DISTINCT lease_id FROM delivery_message WHERE status = 'sending'"
_WAITING = "SELECT count(*) FROM delivery_message WHERE status IN ('queued', 'sending')"


def frozen(site: Site, dice: Random, size: Size) -> Story:
    """Freeze one worker in mid-batch, let the other take over what it held, thaw it.

    It may not say anything any more.
    """
    site.gateway.delay = _DELAY
    site.links(size.shared_texts, is_due=True)
    wait_for(
        lambda: len(site.gateway.accepted) >= _BEFORE_FREEZE and _both_send(site),
        seconds=60,
        every=0.1,
        name="both workers send",
    )
    time.sleep(dice.uniform(0, 0.5))
    leader = site.supervisor.freeze(WORKER)
    moment = time.monotonic()
    time.sleep(1)
    is_stopped = all(map(is_frozen, [leader, *site.supervisor.workers_of(WORKER)]))
    time.sleep(_LEASE_SECONDS - 1)
    held = _await_takeover(site)
    lasted = time.monotonic() - moment
    before = len(site.gateway.accepted_at)
    site.supervisor.thaw(WORKER)
    time.sleep(_AFTER_THAW)
    (expired,) = site.ask("SELECT count(*) FROM delivery_messageattempt WHERE code = 'lease_expired'")[0]
    pids = [site.supervisor.pids(name)[-1] for name in (BEAT, SECOND_BEAT)]
    return Story(
        acknowledged=len(site.gateway.accepted),
        least=size.shared_texts * 4 // 5,
        proofs=[
            (f"one worker stopped {lasted:.0f} s", is_stopped and lasted > _LEASE_SECONDS),
            (f"{expired} handovers taken over", expired > 0 and held),
            ("two beats", all(map(is_alive, pids)) and len(set(pids)) == len(pids)),
        ],
        notes=[
            site.tell_uncertain(),
            f"{len(site.gateway.accepted_at) - before} texts after the thaw",
        ],
    )


def _both_send(site: Site) -> bool:
    return bool(site.ask(_SENDING)[0][0] >= 3)


def _await_takeover(site: Site) -> bool:
    """Wait until no one holds anything any more."""

    try:
        return bool(
            wait_for(
                lambda: site.ask(_WAITING)[0][0] == 0, seconds=_SETTLED_SECONDS, every=0.5, name="taken over"
            )
        )
    except NotInTimeError:
        return False
