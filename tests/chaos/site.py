"""One site of a lane: servers, web, workers and beats of its own, a gateway, and links to answer."""

import itertools
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from django.db import connection

from feedback_site.embedded import running_servers
from feedback_site.embedded.layout import DataLayout
from feedback_site.operations.processes import beat_process, web_process, worker_process
from feedback_site.operations.supervisor import ProcessSpec
from feedback_site.questionnaires.pages.form_marks import FIELD, FormMark
from tests.chaos import ground, planted
from tests.chaos.gateway import Gateway
from tests.chaos.journal import Journal
from tests.chaos.servers import Broker, Database
from tests.chaos.supervisor import Supervisor
from tests.chaos.wire import HOST, LostError, Wire

START_SECONDS = 90.0
WEB, WORKER, BEAT, SECOND_WORKER, SECOND_BEAT = "web", "worker", "beat", "worker-2", "beat-2"
_SETTINGS, _APPLICATION = "tests.chaos.settings", "tests.chaos.wsgi:application"
_READY = "ready."
_MOST_STARTS = 3


class NotInTimeError(Exception):
    """Something that has to happen did not."""


def wait_for(what: Callable[[], Any], *, seconds: float, name: str, every: float = 0.03) -> Any:
    """Ask until the answer is true and return it. Raises NotInTimeError."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        if time.monotonic() > deadline:
            message = f"{name}: not within {seconds:g} s"
            raise NotInTimeError(message)
        time.sleep(every)
    return found


@dataclass
class Site:
    """What scenarios act upon."""

    folder: Path
    port: int
    gateway: Gateway
    database: Database
    broker: Broker
    supervisor: Supervisor
    environment: dict[str, str]
    journals: list[Journal] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def api_key(self) -> str:
        return (self.folder / ground.API_KEY).read_text(encoding="utf-8")

    def journal(self, client: str) -> Journal:
        journal = Journal(self.folder / "journals", f"{next(self.numbers):03}-{client}")
        self.journals.append(journal)
        return journal

    def links(self, count: int, *, is_due: bool = False) -> list[str]:
        """Return the tokens of so many new links."""
        connection.close()  # the database may have been killed since
        return ground.make_links(count, is_due=is_due)

    def form_says(self) -> dict[str, str]:
        """Return the hidden field of the English form that all links lead to."""
        ((version_id,),) = self.ask(
            "SELECT DISTINCT version_id FROM surveys_invitation WHERE purpose = 'survey'"
        )
        return {FIELD: str(FormMark(version_id, "en", 0))}

    def ask(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Ask the database on a connection of its own."""
        with self.database.connect() as own:
            return own.execute(statement, parameters or None).fetchall()

    def tell_uncertain(self) -> str:
        """Say how many texts ended without anybody knowing, and how many of those had arrived."""
        keys = [
            key for (key,) in self.ask("SELECT id::text FROM delivery_message WHERE status = 'uncertain'")
        ]
        arrived = sum(key in self.gateway.accepted for key in keys)
        return f"{len(keys)} texts uncertain, {arrived} of them had arrived: a text leaves at most once"

    def execute(self, statement: str) -> None:
        with self.database.connect() as own:
            own.execute(statement)

    def start_web(self) -> None:
        spec = web_process(self.port, env=self.environment)
        self.supervisor.start(ProcessSpec(WEB, [*spec.argv[:-1], _APPLICATION], spec.env))
        wait_for(
            lambda: self.is_healthy() or self._is_crashing(WEB),
            seconds=START_SECONDS,
            every=0.2,
            name="web server answers",
        )

    def start_worker(self, name: str = WORKER) -> None:
        spec = worker_process(env=self.environment)
        self.supervisor.start(ProcessSpec(name, [*spec.argv, f"--hostname={name}@chaos"], spec.env))

    def start_beat(self, name: str = BEAT) -> None:
        spec = beat_process(env=self.environment)
        schedule = f"--schedule={self.folder / f'{name}-schedule'}"
        self.supervisor.start(
            ProcessSpec(
                name, [schedule if word.startswith("--schedule=") else word for word in spec.argv], spec.env
            )
        )

    def await_worker(self, name: str = WORKER, *, starts: int = 1) -> None:
        """Wait until a worker has said so often that it takes tasks."""
        log = self.folder / "logs" / f"{name}.log"
        wait_for(
            lambda: (
                log.exists() and log.read_text(encoding="utf-8", errors="replace").count(_READY) >= starts
            ),
            seconds=START_SECONDS,
            every=0.2,
            name=f"{name} takes tasks",
        )

    def _is_crashing(self, name: str) -> bool:
        if len(self.supervisor.pids(name)) > _MOST_STARTS:
            message = f"{name} does not start, see its log"
            raise NotInTimeError(message)
        return False

    def is_healthy(self) -> bool:
        wire = Wire(self.port, timeout=3)
        try:
            return wire.ask("GET", "/health/").status == 200
        except LostError:
            return False
        finally:
            wire.close()


@contextmanager
def running_site(folder: Path, *, port: int, plant: str = "", processes: tuple[str, ...]) -> Iterator[Site]:
    """Run a site in its data folder for the block."""
    layout = DataLayout(folder)
    with running_servers(folder, durable=True):
        gateway = Gateway(port + 1)
        environment = {
            "DJANGO_SETTINGS_MODULE": _SETTINGS,
            "PUBLIC_BASE_URL": f"http://{HOST}:{port}",
            "SMS_GATEWAY_URL": f"http://{HOST}:{port + 1}/sms",
            "LOG_LEVEL": "INFO",
            "PLANT": plant,
        }
        supervisor = Supervisor(folder / "logs")
        site = Site(folder, port, gateway, Database(layout), Broker(layout), supervisor, environment)
        try:
            for statement in planted.STATEMENTS.get(plant, ()):
                site.execute(statement)
            _start(site, processes)
            yield site
        finally:
            supervisor.stop_all()
            connection.close()
            _wake(site)
            for journal in site.journals:
                journal.close()


def _start(site: Site, processes: tuple[str, ...]) -> None:
    for name in processes:
        if name.startswith(BEAT):
            site.start_beat(name)
        elif name.startswith(WORKER):
            site.start_worker(name)
    if WEB in processes:
        site.start_web()
    for name in processes:
        if name.startswith(WORKER):
            site.await_worker(name)


def _wake(site: Site) -> None:
    """A server left frozen by a scenario that failed could not be stopped."""
    site.database.thaw()
    site.broker.thaw()


def seeded(seed: int, name: str) -> Random:
    """Return dice of a scenario's own: which scenarios run beside it changes nothing for it."""
    return Random(f"{seed}:{name}")  # noqa: S311 - dice that a seed repeats


def own_dice(dice: Random) -> Random:
    """Return dice for one thread, drawn from those of its scenario."""
    return Random(dice.random())  # noqa: S311 - dice that a seed repeats


def end_on_term() -> None:
    """Let TERM end this process as Ctrl-C does, by way of its `finally` blocks."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
