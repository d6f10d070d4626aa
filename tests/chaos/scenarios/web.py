"""Web workers are killed: at any moment, all at once, and between the commit and the reply."""

import contextlib
import signal
import time
from random import Random

from feedback_site.operations.processes import WEB_WORKERS
from tests.chaos.clients import writing
from tests.chaos.hooks import ORDER, SERVING
from tests.chaos.journal import OK, operations, recoveries
from tests.chaos.report import Story
from tests.chaos.scenarios.sizes import ALL_WORKERS, BEFORE_REPLY, WHOLE_SERVER, Size
from tests.chaos.site import WEB, Site, wait_for
from tests.chaos.supervisor import is_alive, send

_PAUSE = 0.08
_LINKS = 8000
_SECONDS = 90.0


def killed(site: Site, dice: Random, size: Size) -> Story:
    """Half of the kills hit between commit and reply; each waits until all workers serve again."""
    kinds = list(size.web_kills)
    dice.shuffle(kinds)
    moments: list[float] = []
    dead: set[int] = set()
    with writing(site, dice, writers=size.writers, links=_LINKS, pause=_PAUSE) as crowd:
        for kind in kinds:
            crowd.await_more(size.pace)
            workers = wait_for(
                lambda: _serving(site), seconds=_SECONDS, every=0.2, name="all web workers serve"
            )
            time.sleep(dice.uniform(0, 0.2))
            dead |= _kill(site, kind, workers)
            moments.append(time.monotonic())
        crowd.await_more(size.pace)
    cut_off, wanted = _cut_off(site, crowd.journals), kinds.count(BEFORE_REPLY)
    return Story(
        acknowledged=crowd.acknowledged,
        least=len(kinds) * size.pace,
        recoveries=recoveries(crowd.journals, moments),
        proofs=[
            (
                f"{len(dead)} workers dead by {len(kinds)} kills",
                len(dead) >= len(kinds) and not any(map(is_alive, dead)),
            ),
            (f"{cut_off} between commit and reply", cut_off == wanted),
        ],
    )


def _serving(site: Site) -> list[int]:
    """Return the workers, oldest first, once all of them serve."""
    workers = site.supervisor.workers_of(WEB)
    is_complete = len(workers) == WEB_WORKERS and all(
        (site.folder / f"{SERVING}-{pid}").exists() for pid in workers
    )
    return workers if is_complete else []


def _kill(site: Site, kind: str, workers: list[int]) -> set[int]:
    victims = set(workers)
    if kind == WHOLE_SERVER:
        site.supervisor.kill(WEB)
    elif kind == BEFORE_REPLY:
        victims = {_die_before_reply(site)}
    else:
        victims = set(workers) if kind == ALL_WORKERS else {workers[0]}
        for pid in victims:
            send(pid, signal.SIGKILL)
    wait_for(lambda: not any(map(is_alive, victims)), seconds=_SECONDS, name="the killed are dead")
    return victims


def _die_before_reply(site: Site) -> int:
    before = set(site.folder.glob(f"{ORDER}-*"))
    (site.folder / ORDER).touch()
    (taken,) = wait_for(
        lambda: set(site.folder.glob(f"{ORDER}-*")) - before, seconds=_SECONDS, name="a worker obeys"
    )
    return int(taken.name.rpartition("-")[2])


def _cut_off(site: Site, journals) -> int:
    """Count the orders whose client heard nothing though its link was answered.

    And heard the truth when it asked again.
    """
    ordered = set()
    for file in site.folder.glob(f"{ORDER}-*"):
        with contextlib.suppress(OSError):
            ordered.add(file.read_text(encoding="utf-8"))
    told_in_the_end = [operation for operation in operations(journals) if operation.ended == OK]
    heard_nothing = {operation.asked["link"] for operation in told_in_the_end if operation.unknowns}
    return len(ordered & heard_nothing)
