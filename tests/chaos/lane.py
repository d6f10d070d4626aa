"""Runs one lane: one site, scenarios one after the other, the oracle after each.

`python -m tests.chaos.lane` leaves `verdicts.json` in its folder.
"""

import argparse
import io
import json
import os
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import django


def main(arguments: list[str] | None = None) -> int:
    """Run one lane. `DATA_DIR` has to point at its folder already."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.lane")
    parser.add_argument("--scenarios", required=True, help="names, separated by commas")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--size", default="full")
    parser.add_argument("--plant", default="")
    parser.add_argument(
        "--port", type=int, required=True, help="of the web server; the next one is the gateway's"
    )
    options = parser.parse_args(arguments)
    django.setup()
    from tests.chaos.scenarios.sizes import SIZES  # noqa: PLC0415 - models can be imported only now
    from tests.chaos.site import end_on_term  # noqa: PLC0415

    end_on_term()
    folder = Path(os.environ["DATA_DIR"])
    verdicts = []
    names = options.scenarios.split(",")
    for verdict in _verdicts(
        folder, names, seed=options.seed, size=SIZES[options.size], plant=options.plant, port=options.port
    ):
        verdicts.append(verdict.as_json())
        (folder / "verdicts.json").write_text(
            json.dumps(verdicts, ensure_ascii=False, indent=1), encoding="utf-8"
        )
    return 0


def _verdicts(folder: Path, names: list[str], *, seed: int, size, plant: str, port: int) -> Iterator:
    from tests.chaos.scenarios import ALL  # noqa: PLC0415
    from tests.chaos.site import running_site, seeded  # noqa: PLC0415

    processes = tuple(dict.fromkeys(process for name in names for process in ALL[name].processes))
    with running_site(folder, plant=plant, port=port, processes=processes) as site:
        for name in names:
            verdict = _run(site, name, seeded(seed, name), size)
            sys.stdout.write(f"{name}: {'ok' if verdict.is_green else 'RED'}, {verdict.seconds:.0f} s\n")
            sys.stdout.flush()
            yield verdict


def _run(site, name: str, dice, size):
    from tests.chaos.report import Fault, Finding, Verdict  # noqa: PLC0415
    from tests.chaos.scenarios import ALL  # noqa: PLC0415

    verdict = Verdict(name)
    started = time.monotonic()
    try:
        story = ALL[name].run(site, dice, size)
    except Exception:  # noqa: BLE001 - a scenario that breaks is a red scenario, and the next one still runs
        verdict.findings.append(Finding(Fault.BROKEN, traceback.format_exc(limit=-3)))
        _mend(site)
    else:
        verdict.proved = ", ".join(text for text, _holds in story.proofs)
        verdict.acknowledged, verdict.least = story.acknowledged, story.least
        verdict.recoveries, verdict.notes = story.recoveries, story.notes
        verdict.findings += story.judge()
    verdict.findings += _examine(site)
    verdict.seconds = time.monotonic() - started
    return verdict


def _mend(site) -> None:
    """Bring back what a broken scenario left dead or frozen, for the oracle and the next one."""
    site.database.thaw()
    site.broker.thaw()
    site.database.start()
    site.broker.start()


def _examine(site) -> Iterator:
    from tests.chaos.journal import operations  # noqa: PLC0415
    from tests.chaos.oracle import examine  # noqa: PLC0415
    from tests.chaos.report import Fault, Finding  # noqa: PLC0415
    from tests.chaos.site import NotInTimeError, wait_for  # noqa: PLC0415

    try:
        wait_for(
            lambda: not site.ask("SELECT 1 FROM surveys_pendingtally LIMIT 1"),
            seconds=40,
            every=0.3,
            name="tallies",
        )
    except NotInTimeError:
        yield Finding(Fault.UNFINISHED, "responses still wait for their tally")
    with site.database.connect() as connection:
        yield from examine(connection, operations(site.journals), site.gateway.accepted)
    yield from _verify()


def _verify() -> Iterator:
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from tests.chaos.report import Fault, Finding  # noqa: PLC0415

    connection.close()
    said = io.StringIO()
    try:
        call_command("verify", stdout=said, no_color=True)
    except SystemExit:
        for line in said.getvalue().splitlines():
            if "FAIL" in line or line.startswith("       "):
                yield Finding(Fault.VERIFY, line.strip())


if __name__ == "__main__":
    sys.exit(main())
