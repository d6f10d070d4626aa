"""Hundreds of connections send bodies that never end.

Behind the proxy customers notice nothing, without it staff and systems go on.
"""

import statistics
import time
from random import Random

from feedback_site.demo.ports import free_port
from tests.chaos.clients import Crowd, SteadyWriter, at_work
from tests.chaos.journal import OK, Operation, operations
from tests.chaos.proxy import running_proxy
from tests.chaos.report import Fault, Finding, Story
from tests.chaos.scenarios.sizes import Size
from tests.chaos.site import Site, own_dice, wait_for
from tests.chaos.slow_senders import SlowSenders, Target
from tests.chaos.wire import LostError, Wire

_PAUSE = 0.02
_LINKS = 12_000
_TIMES_AT_MOST = 2.0
# Below this the spread of a busy machine is larger than what slow senders do.
_QUICK_SECONDS = 0.1
_LONGEST_SECONDS = 5.0
_LOOKS = 5
_WEBHOOK = "/api/v1/webhooks/service-events/crm/"


def run(site: Site, dice: Random, size: Size) -> Story:
    """First straight at the site, then through the shipped proxy.

    There rounds with and without slow senders alternate.
    """
    story = Story(acknowledged=0, least=size.pace * 4)
    _straight(site, size, story)
    port = free_port(site.port + 2)
    with running_proxy(folder=site.folder / "nginx", port=port, site_port=site.port):
        _through_proxy(site, dice, size, story, port)
    return story


def _straight(site: Site, size: Size, story: Story) -> None:
    """Those who only read, and systems with a key, are served while every thread for bodies is taken."""
    keyed = ("Authorization: Api-Key no.body",)
    targets = [
        Target("/admin/login/"),
        Target("/api/v1/service-events/", keyed),
        Target("/voice/"),
        Target(_WEBHOOK),
    ]
    with SlowSenders(port=site.port, count=size.slow_senders // 2, targets=targets) as senders:
        wait_for(
            lambda: senders.most_open >= size.slow_senders // 4,
            seconds=20,
            name="slow senders straight at the site",
        )
        time.sleep(2)
        looks = [
            ("/health/", {}, 200),
            ("/admin/login/", {}, 200),
            ("/voice/", {}, 200),
            ("/api/v1/service-events/none/", {"Authorization": f"Api-Key {site.api_key}"}, 404),
        ]
        for path, headers, status in looks * _LOOKS:
            story.findings += _look(site.port, path, headers, status)
        story.proofs.append((f"{senders.most_open} slow senders straight at the site", senders.most_open > 0))


def _look(port: int, path: str, headers: dict[str, str], status: int) -> list[Finding]:
    wire, started = Wire(port), time.monotonic()
    try:
        found = wire.ask("GET", path, headers=headers).status
    except LostError as error:
        return [Finding(Fault.ERROR, f"{path}: {error}")]
    finally:
        wire.close()
    seconds = time.monotonic() - started
    if found != status:
        return [Finding(Fault.ERROR, f"{path} answered {found} beside slow senders")]
    return (
        [Finding(Fault.LATE, f"{path} took {seconds:.1f} s beside slow senders")]
        if seconds > _LONGEST_SECONDS
        else []
    )


def _through_proxy(site: Site, dice: Random, size: Size, story: Story, port: int) -> None:
    token = site.links(1)[0]
    targets = [
        Target("/voice/"),
        Target(f"/r/{token}/"),
        Target("/admin/login/"),
        Target("/api/v1/service-events/"),
    ]
    links = iter(site.links(_LINKS))
    quiet, disturbed, most = [], [], 0
    for _ in range(2):
        quiet.append(_answer(site, dice, size, links, port, story))
        with SlowSenders(port=port, count=size.slow_senders, targets=targets) as senders:
            wait_for(
                lambda: senders.most_open >= size.slow_senders * 0.9,
                seconds=30,
                name="slow senders at the proxy",
            )
            disturbed.append(_answer(site, dice, size, links, port, story))
            most = max(most, senders.most_open)
    before, beside = statistics.mean(quiet), statistics.mean(disturbed)
    story.proofs.append((f"{most} slow senders at the proxy", most >= size.slow_senders * 0.9))
    story.notes.append(f"customers' p99 {1000 * before:.0f} ms, beside slow senders {1000 * beside:.0f} ms")
    if beside > _TIMES_AT_MOST * max(before, _QUICK_SECONDS):
        story.findings.append(
            Finding(Fault.LATE, f"customers' p99 rose from {1000 * before:.0f} to {1000 * beside:.0f} ms")
        )


def _answer(site: Site, dice: Random, size: Size, links, port: int, story: Story) -> float:
    """Let customers answer through the proxy and return the 99th percentile of what they waited."""
    writers = [
        SteadyWriter(site, f"behind-proxy-{number}", own_dice(dice), links, pause=_PAUSE)
        for number in range(size.writers)
    ]
    for writer in writers:
        writer.wire = Wire(port)
    with at_work(Crowd(list(writers))) as crowd:
        crowd.await_more(size.pace * 10)
    done = [operation for operation in operations(crowd.journals) if operation.ended == OK]
    story.acknowledged += len(done)
    return statistics.quantiles(map(_seconds, done), n=100)[98]


def _seconds(operation: Operation) -> float:
    return operation.ended_at - operation.invoked_at
