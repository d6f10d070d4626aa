"""Those who answer and those who post events.

They never give up on what no one answered, and write down what they were told.
"""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import urlencode

from tests.chaos.journal import FAIL, INVOKE, OK, UNKNOWN, Journal
from tests.chaos.site import Site, own_dice, wait_for
from tests.chaos.wire import LostError, Reply, Wire

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GIVE_UP_SECONDS = 40.0
_AS_BROWSERS_DO = 0.75
_RECEIPT = re.compile(r'class="receipt">([^<]+)<')
_UNCERTAIN = range(500, 600)
# Comments are compared with what is stored, which masks whatever reads like a phone number.
_NO_DIGITS = "bcdfghjkmnp"


class Client(threading.Thread):
    """One client with one connection and one journal. `work` is what it does until it is told to stop."""

    def __init__(self, site: Site, name: str, dice: Random) -> None:
        self.journal = site.journal(name)
        super().__init__(name=self.journal.client, daemon=True)
        self.site = site
        self.dice = dice
        self.wire = Wire(site.port)
        self.stopping = threading.Event()
        self._give_up_at = float("inf")

    def stop(self) -> None:
        self._give_up_at = time.monotonic() + GIVE_UP_SECONDS
        self.stopping.set()

    def persist(self, op: str, path: str, body: bytes, headers: dict[str, str], **asked: Any) -> Reply | None:
        """Send until a person says what became of it; None when no one ever did."""
        while time.monotonic() < self._give_up_at:
            self.journal.write(INVOKE, op, **asked)
            try:
                reply = self.wire.ask("POST", path, body=body, headers=headers)
            except LostError as error:
                self.journal.write(UNKNOWN, op, error=str(error))
            else:
                if reply.status not in _UNCERTAIN:
                    return reply
                self.journal.write(UNKNOWN, op, status=reply.status)
            time.sleep(self.dice.uniform(0.05, 0.15))
        return None


class Writer(Client):
    """Answers questionnaires with what their forms say of themselves, or without.

    With it as browsers do, without as any program can.
    """

    def __init__(self, site: Site, name: str, dice: Random) -> None:
        super().__init__(site, name, dice)
        self._form_says = site.form_says()

    def submit(self, op: str, token: str, content: dict[str, Any]) -> None:
        """Submit one set of answers.

        200 with a receipt is an acknowledgement, 409 says that other answers count.
        """
        hidden = self._form_says if self.dice.random() < _AS_BROWSERS_DO else {}
        body = urlencode({**hidden, **content}).encode()
        reply = self.persist(op, f"/r/{token}/?lang=en", body, FORM, link=token, content=content)
        if reply is None:
            return
        receipt = _RECEIPT.search(reply.text)
        if reply.status == 200 and receipt:
            self.journal.write(OK, op, receipt=receipt[1])
        else:
            self.journal.write(FAIL, op, status=reply.status, receipt=receipt[1] if receipt else "")


class SteadyWriter(Writer):
    """Answers one link after another; now and then sends the same answers again, or others."""

    def __init__(self, site: Site, name: str, dice: Random, links: Iterator[str], *, pause: float) -> None:
        super().__init__(site, name, dice)
        self._links = links
        self._pause = pause

    def run(self) -> None:
        for number, token in enumerate(self._links):
            if self.stopping.is_set():
                return
            op = f"{self.journal.client}-{number}"
            content = answers(self.dice, op)
            self.submit(op, token, content)
            if self.dice.random() < 0.05:
                self.submit(f"{op}-again", token, content)
            if self.dice.random() < 0.03:
                self.submit(f"{op}-other", token, {**content, "comment": f"{op} thought better of it"})
            time.sleep(self.dice.uniform(0, 2 * self._pause))


def answers(dice: Random, op: str) -> dict[str, Any]:
    """Return answers that no other person gives."""
    return {
        "satisfaction": dice.randint(1, 5),
        "resolved": dice.choice(["yes", "partly", "no"]),
        "attitude": dice.randint(1, 5),
        "recommend": dice.randint(0, 10),
        "comment": f"{op} of {''.join(dice.choices(_NO_DIGITS, k=16))}",
    }


class Poster(Client):
    """Posts service events.

    Two posters share a list and a barrier: every event is posted twice at one moment.
    """

    def __init__(
        self,
        site: Site,
        name: str,
        dice: Random,
        *,
        events: list[dict[str, Any]],
        meeting: threading.Barrier,
        pause: float,
    ) -> None:
        super().__init__(site, name, dice)
        self._events = events
        self._meeting = meeting
        self._pause = pause
        self._headers = {"Authorization": f"Api-Key {site.api_key}", "Content-Type": "application/json"}

    def run(self) -> None:
        for event in self._events:
            if self.stopping.is_set():
                break
            try:
                self._meeting.wait(GIVE_UP_SECONDS)
            except threading.BrokenBarrierError:
                break
            self._post(event)
            time.sleep(self._pause)
        self._meeting.abort()

    def _post(self, event: dict[str, Any]) -> None:
        op = event["external_id"]
        reply = self.persist(
            op,
            "/api/v1/service-events/",
            json.dumps(event).encode(),
            self._headers,
            event=op,
            phone=event["customer"]["phone"],
        )
        if reply is not None:
            self.journal.write(OK if reply.status in {200, 201} else FAIL, op, status=reply.status)


def new_events(site: Site, prefix: str, count: int) -> list[dict[str, Any]]:
    """Return events that ended a moment ago, each of a customer of its own who allows to be asked."""
    completed_at = datetime.now(UTC) - timedelta(seconds=2)
    first = 1_000_000 + next(site.numbers) * 10_000
    return [
        {
            "source": "crm",
            "external_id": f"{prefix}-{number}",
            "kind": "after_sales_repair",
            "channel": "on_site",
            "team": "east-1",
            "customer": {
                "external_id": f"{prefix}-{number}",
                "name": "李雷",
                "phone": f"+86137{first + number:08}",
                "language": "en",
            },
            "opened_at": (completed_at - timedelta(hours=1)).isoformat(),
            "completed_at": completed_at.isoformat(),
            "is_resolved": True,
            "consent": {"survey": True},
        }
        for number in range(count)
    ]


class Crowd:
    """Clients at work together."""

    def __init__(self, clients: list[Client]) -> None:
        self.clients = clients

    @property
    def acknowledged(self) -> int:
        return sum(client.journal.acknowledged for client in self.clients)

    @property
    def journals(self) -> list[Journal]:
        return [client.journal for client in self.clients]

    def await_more(self, count: int, *, seconds: float = 60.0) -> None:
        """Wait until so many more operations were acknowledged."""
        wanted = self.acknowledged + count
        wait_for(
            lambda: self.acknowledged >= wanted or self._is_idle,
            seconds=seconds,
            name=f"{count} more acknowledged",
        )

    @property
    def _is_idle(self) -> bool:
        """No one has anything left to do: nothing more will be acknowledged."""
        return not any(client.is_alive() for client in self.clients)

    def finish(self) -> None:
        for client in self.clients:
            client.stop()
        for client in self.clients:
            client.join(GIVE_UP_SECONDS + 20)
            client.wire.close()


@contextmanager
def writing(site: Site, dice: Random, *, writers: int, links: int, pause: float) -> Iterator[Crowd]:
    """Let writers answer for the block; after it each ends what it has begun."""
    stock = _shared(site.links(links))
    crowd = Crowd(
        [
            SteadyWriter(site, f"writer-{number}", own_dice(dice), stock, pause=pause)
            for number in range(writers)
        ]
    )
    with at_work(crowd):
        yield crowd


@contextmanager
def posting(
    site: Site, dice: Random, *, pairs: int, events: int, pause: float, prefix: str
) -> Iterator[Crowd]:
    """Let pairs of posters post for the block."""
    clients: list[Client] = []
    for pair in range(pairs):
        meeting = threading.Barrier(2)
        own = new_events(site, f"{prefix}{pair}", events)
        clients += [
            Poster(site, f"poster-{pair}-{twin}", own_dice(dice), events=own, meeting=meeting, pause=pause)
            for twin in "ab"
        ]
    with at_work(Crowd(clients)) as crowd:
        yield crowd


@contextmanager
def at_work(crowd: Crowd) -> Iterator[Crowd]:
    for client in crowd.clients:
        client.start()
    try:
        yield crowd
    finally:
        crowd.finish()


class _Shared:
    """An iterator that several threads draw from."""

    def __init__(self, values: list[str]) -> None:
        self._values = iter(values)
        self._lock = threading.Lock()

    def __iter__(self) -> "_Shared":
        return self

    def __next__(self) -> str:
        with self._lock:
            return next(self._values)


def _shared(values: list[str]) -> Iterator[str]:
    return _Shared(values)
