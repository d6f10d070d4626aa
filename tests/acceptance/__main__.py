"""Runs every walk and prints one transcript; the exit status says whether all held."""

import argparse
import sys
from pathlib import Path

from feedback_site.embedded.layout import PROJECT_ROOT
from tests.acceptance import (
    another_server,
    asking_and_answering,
    company_files,
    one_event_to_one_record,
    solid_ground,
    the_other_half,
)
from tests.acceptance.demo import Demo
from tests.acceptance.transcript import CheckFailedError, Transcript

# Each issue adds its own walk.
WALKS = (
    one_event_to_one_record.walk,
    the_other_half.walk,
    solid_ground.walk,
    asking_and_answering.walk,
    company_files.walk,
    another_server.walk,
)


def main(arguments: list[str] | None = None) -> int:
    """Start a demo, walk, stop it."""
    parser = argparse.ArgumentParser(prog="python -m tests.acceptance")
    parser.add_argument(
        "--pictures",
        type=Path,
        default=PROJECT_ROOT / ".local" / "acceptance",
        help="where screenshots are kept",
    )
    folder: Path = parser.parse_args(arguments).pictures
    folder.mkdir(parents=True, exist_ok=True)
    transcript = Transcript()
    try:
        transcript.step("A demo with fresh data starts")
        with Demo(transcript) as demo:
            for walk in WALKS:
                walk(demo, transcript, folder=folder)
    except CheckFailedError as error:
        transcript.step(f"FAILED: {error}")
        return 1
    transcript.step(f"{transcript.checks} checks held, none failed; the demo is stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
