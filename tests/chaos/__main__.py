"""Runs every scenario on sites of their own and prints the table.

Or, with `--planted`, plants bugs and prints which were caught.
"""

import argparse
import os
import resource
import secrets
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from feedback_site.embedded.layout import make_data_dir

_OWN = ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "PLANT")
_SHOWN = 8


def main(arguments: list[str] | None = None) -> int:
    """Prepare, run, print; 1 when anything is red or a bug was not caught."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("names", nargs="*", help="scenarios, or bugs with --planted; all when none is named")
    parser.add_argument("--planted", action="store_true", help="plant bugs and see whether they are caught")
    parser.add_argument("--size", default="full", help="full or small")
    parser.add_argument(
        "--keep", action="store_true", help="keep journals and logs, also when everything is green"
    )
    options = parser.parse_args(arguments)
    seed = int(os.environ.get("SEED") or secrets.randbelow(2**32))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    folder = _fresh_folder()
    started = time.monotonic()

    def say(text: str) -> None:
        sys.stdout.write(f"[{time.monotonic() - started:6.1f} s] {text}\n")
        sys.stdout.flush()

    say(f"SEED={seed} repeats this run; everything lies in {folder}")
    is_green = False
    try:
        _prepare(folder / "template")
        say("a site is prepared")
        run = _run_planted if options.planted else _run_scenarios
        is_green = run(options, folder, seed, say)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        say(
            f"{'all green' if is_green else 'RED'}, SEED={seed}; {used.ru_utime + used.ru_stime:.0f} s of "
            "CPU without PostgreSQL"
        )
    finally:
        if is_green and not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    return 0 if is_green else 1


def _fresh_folder() -> Path:
    folder = Path(tempfile.gettempdir()).resolve() / f"feedback-chaos-{os.getpid()}"
    make_data_dir(folder)
    for name in _OWN:
        os.environ.pop(name, None)
    os.environ["DATA_DIR"] = str(folder / "template")
    os.environ["LOG_LEVEL"] = "WARNING"
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.local"
    _keep_bytecode(folder / "bytecode")
    return folder


def _keep_bytecode(folder: Path) -> None:
    """Compile once a run where nothing may be kept beside the sources.

    Dozens of processes start, each would compile it all.
    """
    if sys.dont_write_bytecode:
        sys.dont_write_bytecode, sys.pycache_prefix = False, str(folder)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder)


def _prepare(template: Path) -> None:
    import django  # noqa: PLC0415 - the settings read the data folder that was made just now

    django.setup()
    from tests.chaos.ground import prepare  # noqa: PLC0415 - models can be imported only now

    prepare(template)


def _run_scenarios(options, folder: Path, seed: int, say) -> bool:
    from tests.chaos.lanes import Lane, run_lanes  # noqa: PLC0415
    from tests.chaos.report import table  # noqa: PLC0415
    from tests.chaos.scenarios import ALL, LANES  # noqa: PLC0415

    wanted = options.names or list(ALL)
    lanes = [
        Lane(name, chosen, size=options.size)
        for name, scenarios in LANES.items()
        if (chosen := tuple(scenario for scenario in scenarios if scenario in wanted))
    ]
    done = run_lanes(lanes, folder=folder, seed=seed, at_once=len(lanes) or 1, say=say)
    verdicts = sorted(
        (verdict for verdicts in done.values() for verdict in verdicts),
        key=lambda verdict: list(ALL).index(verdict.scenario),
    )
    _print_findings(verdicts)
    sys.stdout.write("\n".join(["", *table(verdicts), ""]) + "\n")
    return bool(verdicts) and all(verdict.is_green for verdict in verdicts)


def _run_planted(options, folder: Path, seed: int, say) -> bool:
    from tests.chaos.plants import run_plants  # noqa: PLC0415
    from tests.chaos.report import table  # noqa: PLC0415

    catches, control = run_plants(options.names, folder=folder, seed=seed, say=say)
    sys.stdout.write("\nwithout a planted bug:\n")
    _print_findings(control)
    sys.stdout.write("\n".join([*table(control), "", "with one planted bug each:"]) + "\n")
    for catch in catches:
        word = "caught" if catch.is_caught else "MISSED"
        sys.stdout.write(
            f"  {word}  {catch.plant:<24} by {catch.by:<22} {catch.seconds:4.0f} s  {catch.evidence[:120]}\n"
        )
    caught = sum(catch.is_caught for catch in catches)
    sys.stdout.write(f"\nplanted bugs caught: {caught} of {len(catches)}\n")
    return caught == len(catches) and all(verdict.is_green for verdict in control)


def _print_findings(verdicts) -> None:
    for verdict in verdicts:
        for note in verdict.notes:
            sys.stdout.write(f"  {verdict.scenario}: {note}\n")
        for finding in verdict.findings[:_SHOWN]:
            sys.stdout.write(f"  {verdict.scenario}: {finding.fault.value.upper()} {finding.text}\n")
        if len(verdict.findings) > _SHOWN:
            sys.stdout.write(f"  {verdict.scenario}: and {len(verdict.findings) - _SHOWN} more\n")


if __name__ == "__main__":
    sys.exit(main())
