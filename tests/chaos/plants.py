"""Which scenario has to catch which planted bug, and by which fault."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from feedback_site.embedded import running_servers
from feedback_site.embedded.layout import PROJECT_ROOT
from feedback_site.embedded.servers import TEST_FOLDER
from tests.chaos.lanes import Lane, run_lanes
from tests.chaos.report import Fault, Verdict

CONTROL = "no-plant"
_AT_ONCE = 3
_SUITE, _SUITE_SECONDS = "suite", 600


@dataclass(frozen=True)
class Plant:
    """One bug.

    `tests` are a selection of the suite where no scenario can see it; else the scenario must report one of
    `faults`.
    """

    name: str
    scenario: str = ""
    faults: frozenset[Fault] = frozenset()
    tests: tuple[str, ...] = ()


PLANTS = (
    Plant("lease-fencing-off", "dispatcher-frozen", frozenset({Fault.DOUBLED})),
    Plant("synchronous-commit-off", "database-killed", frozenset({Fault.LOST})),
    Plant("ack-before-commit", "web-killed", frozenset({Fault.LOST})),
    Plant("tick-off", "broker", frozenset({Fault.LOST})),
    Plant("publish-before-commit", "bell-alone", frozenset({Fault.LOST})),
    Plant("unique-key-dropped", "bell-alone", frozenset({Fault.DOUBLED})),
    Plant("check-then-insert", "one-link", frozenset({Fault.LOST, Fault.DOUBLED, Fault.UNTRUTHFUL})),
    Plant("get-submits", "onlookers", frozenset({Fault.WRITTEN})),
    Plant("escaping-off", "onlookers", frozenset({Fault.UNESCAPED})),
    Plant("bodies-in-a-slot", "slow-bodies", frozenset({Fault.ERROR, Fault.LATE})),
    Plant("scope-off-in-a-form", tests=("tests/chaos/test_forms.py",)),
)


@dataclass(frozen=True)
class Catch:
    """What became of one planted bug."""

    plant: str
    by: str
    is_caught: bool
    seconds: float
    evidence: str


def run_plants(
    names: Iterable[str], *, folder: Path, seed: int, say: Callable[[str], None]
) -> tuple[list[Catch], list[Verdict]]:
    """Plant each bug on a site of its own, and none on one more.

    Return the catches, and the verdicts on the one without.
    """
    chosen = [plant for plant in PLANTS if plant.name in names] if names else PLANTS
    lanes = [
        Lane(plant.name, (plant.scenario,), size="small", plant=plant.name)
        for plant in chosen
        if plant.scenario
    ]
    known = ("", None, "dispatcher-frozen")
    scenarios = tuple(dict.fromkeys(plant.scenario for plant in chosen if plant.scenario not in known))
    control = [Lane(CONTROL, scenarios, size="small")] if scenarios else []
    by_tests: list[Catch] = []
    suite = threading.Thread(
        target=lambda: by_tests.extend(_run_tests(plant, folder) for plant in chosen if plant.tests)
    )
    # Kept running here, so that they end with us however a run of the suite ends.
    with running_servers(folder / _SUITE / TEST_FOLDER, durable=False):
        suite.start()
        done = run_lanes(
            [*lanes[:1], *control, *lanes[1:]], folder=folder, seed=seed, at_once=_AT_ONCE, say=say
        )
        suite.join()
    catches = [_judge(plant, done[plant.name][0]) for plant in chosen if plant.scenario]
    return [*catches, *by_tests], done.get(CONTROL, [])


def _judge(plant: Plant, verdict: Verdict) -> Catch:
    found = [finding for finding in verdict.findings if finding.fault in plant.faults]
    kinds = ", ".join(f"{count} {fault}" for fault, count in verdict.faults.most_common())
    evidence = f"{kinds}: {found[0].text}" if found else kinds or "everything green"
    return Catch(plant.name, plant.scenario, bool(found), verdict.seconds, evidence)


def _run_tests(plant: Plant, folder: Path) -> Catch:
    """Run the selection without the plant, which has to pass, and with it, which has to fail."""
    started = time.monotonic()
    try:
        without, with_plant = (_pytest(plant, folder, name) for name in ("", plant.name))
    except subprocess.TimeoutExpired as error:
        return Catch(
            plant.name,
            " ".join(plant.tests),
            is_caught=False,
            seconds=time.monotonic() - started,
            evidence=str(error),
        )
    is_caught = without.returncode == 0 and with_plant.returncode == 1
    lines = (without if without.returncode else with_plant).stdout.splitlines()
    evidence = next((line for line in lines if line.startswith(("FAILED", "ERROR"))), "no test failed")
    return Catch(plant.name, " ".join(plant.tests), is_caught, time.monotonic() - started, evidence)


def _pytest(plant: Plant, folder: Path, name: str) -> subprocess.CompletedProcess:
    command = [
        sys.executable,
        "-m",
        "pytest",
        *plant.tests,
        "-q",
        "-n0",
        "-p",
        "no:cacheprovider",
        "--no-header",
        "--maxfail=1",
    ]
    environment = {
        **os.environ,
        "DATA_DIR": str(folder / _SUITE),
        "DJANGO_SETTINGS_MODULE": "tests.chaos.settings_suite",
        "PLANT": name,
    }
    return subprocess.run(
        command,
        cwd=PROJECT_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=_SUITE_SECONDS,
    )
