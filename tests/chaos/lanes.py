"""Runs lanes side by side, each a process with a copy of the prepared site."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from feedback_site.demo.ports import free_port, is_free
from feedback_site.embedded.layout import PROJECT_ROOT
from tests.chaos.guard import Guard
from tests.chaos.report import Fault, Finding, Verdict

LANE_SECONDS = 900.0
_POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Lane:
    """Scenarios that share a site, one after the other; `plant` names a bug to plant in it."""

    name: str
    scenarios: tuple[str, ...]
    size: str = "full"
    plant: str = ""


@dataclass
class _Running:
    lane: Lane
    folder: Path
    process: subprocess.Popen
    started: float


def _is_over(one: _Running) -> bool:
    return one.process.poll() is not None or time.monotonic() - one.started > LANE_SECONDS


def run_lanes(
    lanes: Sequence[Lane], *, folder: Path, seed: int, at_once: int, say: Callable[[str], None]
) -> dict[str, list[Verdict]]:
    """Run every lane, at most `at_once` at a time, and return the verdicts by the lane's name."""
    from tests.chaos.ground import copy  # noqa: PLC0415 - it needs models

    waiting, running, done = (
        list(zip(lanes, _ports(len(lanes)), strict=True)),
        list[_Running](),
        dict[str, list[Verdict]](),
    )
    guard = Guard()
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                lane, port = waiting.pop(0)
                copy(folder / "template", folder / lane.name)
                running.append(_start(lane, folder / lane.name, seed, port))
                guard.watch(running[-1].process.pid)
            time.sleep(_POLL_SECONDS)
            for one in filter(_is_over, list(running)):
                running.remove(one)
                done[one.lane.name] = _collect(one)
                guard.forget(one.process.pid)
                say(f"{one.lane.name}: {time.monotonic() - one.started:.0f} s")
    finally:
        for one in running:
            _stop(one.process)
            guard.forget(one.process.pid)
        guard.dismiss()
    return done


def _ports(count: int) -> list[int]:
    """Return the first of two ports for each lane; runs beside this one look in their own stretch."""
    first = 20_000 + os.getpid() % 500 * 20
    ports: list[int] = []
    while len(ports) < count:
        port = free_port(max([first, *(port + 2 for port in ports)]))
        if is_free(port + 1):
            ports.append(port)
        else:
            first = port + 2
    return ports


def _start(lane: Lane, folder: Path, seed: int, port: int) -> _Running:
    words = [
        "--scenarios",
        ",".join(lane.scenarios),
        "--seed",
        str(seed),
        "--size",
        lane.size,
        "--plant",
        lane.plant,
        "--port",
        str(port),
    ]
    with (folder / "lane.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.chaos.lane", *words],
            cwd=PROJECT_ROOT,
            env={**os.environ, "DATA_DIR": str(folder), "LOG_LEVEL": "INFO", "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return _Running(lane, folder, process, time.monotonic())


def _collect(one: _Running) -> list[Verdict]:
    """Return what the lane left behind; a scenario it never came to is broken."""
    _stop(one.process)
    verdicts: list[Verdict] = []
    with suppress(OSError, ValueError):
        verdicts = [
            Verdict.from_json(row)
            for row in json.loads((one.folder / "verdicts.json").read_text(encoding="utf-8"))
        ]
    said = (one.folder / "lane.log").read_text(encoding="utf-8", errors="replace")[-2000:]
    for name in one.lane.scenarios[len(verdicts) :]:
        verdicts.append(Verdict(name, findings=[Finding(Fault.BROKEN, f"the lane ended before: {said}")]))
    return verdicts


def _stop(process: subprocess.Popen) -> None:
    """End a lane as Ctrl-C would; it stops its site itself."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=40)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
