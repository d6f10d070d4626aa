"""The site moves: a backup of the running demo is restored elsewhere, where the units of systemd run it."""

import configparser
import json
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from feedback_site.demo.http import send
from feedback_site.demo.ports import free_port
from feedback_site.embedded.layout import PROJECT_ROOT, make_data_dir
from tests.acceptance.demo import Demo
from tests.acceptance.transcript import CheckFailedError, Transcript

UNITS = PROJECT_ROOT / "deploy" / "systemd"
_PARTS = ("web", "worker", "beat")
_FIRST_PORT = 8750
_STARTED_SECONDS, _ENDED_SECONDS = 120, 40


def walk(demo: Demo, transcript: Transcript, *, folder: Path) -> None:
    """Back the demo up, restore it, verify it, run its parts, and back it up there as the timer does."""
    del folder
    there = demo.data_dir.with_name(f"{demo.data_dir.name}-restored")
    make_data_dir(there)
    try:
        _move(demo, transcript, there)
    finally:
        with suppress(FileNotFoundError):
            shutil.rmtree(there)


def _move(demo: Demo, transcript: Transcript, there: Path) -> None:
    key, store = there / "key", there / "backups"
    port = free_port(_FIRST_PORT)
    here = demo.environment
    transcript.step("A backup of the running site")
    public = _run(transcript, here, "manage.py", "backup_key", str(key)).partition("\n")[0].partition("=")[2]
    here |= {"BACKUP_KEYS": public}
    _run(transcript, here, "manage.py", "backup", str(store))
    (backup,) = store.iterdir()

    transcript.step("Restored on an empty server that has the secrets")
    shutil.copy(demo.data_dir / "secrets.json", there)
    environment = {**here, "DATA_DIR": str(there), "PORT": str(port)}
    _run(transcript, environment, "manage.py", "restore", str(backup), "--key", str(key))
    last = _run(transcript, environment, "manage.py", "verify").splitlines()[-1]
    transcript.check(holds="checks hold" in last, text=last)

    transcript.step("Its parts run by the units of systemd")
    _run(transcript, environment, *_command("prepare"))
    with _running(environment):
        health = _health(port)
        transcript.check(holds=health["status"] == "ok", text=f"GET /health/: {health}")
        command = [
            str(store) if word == "/var/lib/feedback-site/backups" else word for word in _command("backup")
        ]
        _run(transcript, environment, *command)
        transcript.check(
            holds=len(list(store.iterdir())) > 1, text="the timer's backup lies beside the first"
        )


def _run(transcript: Transcript, environment: Mapping[str, str], *arguments: str) -> str:
    transcript.command(" ".join(["python", *arguments]))
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    said = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()
    transcript.check(holds=done.returncode == 0, text=said[-1] if said else "done")
    return done.stdout


def _command(part: str) -> list[str]:
    """Return what a unit starts, without the interpreter, which lies elsewhere here."""
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(UNITS / f"feedback-site-{part}.service")
    return shlex.split(unit["Service"]["ExecStart"])[1:]


@contextmanager
def _running(environment: Mapping[str, str]) -> Iterator[None]:
    """Start what the units start, and end it as systemd would."""
    processes = [
        subprocess.Popen(
            [sys.executable, *_command(part)],
            cwd=PROJECT_ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for part in _PARTS
    ]
    try:
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        statuses = [process.wait(timeout=_ENDED_SECONDS) for process in processes]
    if any(statuses):
        message = f"{_PARTS} ended with {statuses}"
        raise CheckFailedError(message)


def _health(port: int) -> dict[str, object]:
    """Return what the site says of itself once all of its parts are there."""
    give_up_at = time.monotonic() + _STARTED_SECONDS
    health: dict[str, object] = {"status": "no reply"}
    while health["status"] != "ok" and time.monotonic() < give_up_at:
        time.sleep(0.5)
        with suppress(OSError, ValueError):
            health = json.loads(send(f"http://127.0.0.1:{port}/health/").text)
    return health
