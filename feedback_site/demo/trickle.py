"""`python -m feedback_site.demo.trickle`: a service system that posts an event every two seconds.

Option: `--credentials FILE`.

Speaks to the site by HTTP alone. After an hour the demo is hardly watched any more, and it slows down.
"""

import argparse
import json
import random
import sys
import time
from collections import deque
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from feedback_site.demo.cases import DemoCase, make_case
from feedback_site.demo.http import HttpAnswer, TransportError, send
from feedback_site.demo.people import SOURCE
from feedback_site.demo.profiles import TEAMS

PACE_SECONDS, SLOW_PACE_SECONDS = 2.0, 20.0
SLOW_AFTER_SECONDS = 3600.0
# So that the first page shows today's events at once.
FIRST_EVENTS = 12
OPEN_SHARE = 0.15
MOST_OPEN = 50
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 0.5, 60.0


class EventStream:
    """Posts events and, some time later, the completion of those that were posted open."""

    def __init__(self, *, base_url: str, api_key: str, dice: random.Random) -> None:
        """Prepare without posting."""
        self._base_url = base_url
        self._api_key = api_key
        self._dice = dice
        self._open: deque[DemoCase] = deque(maxlen=MOST_OPEN)

    def post_one(self) -> HttpAnswer:
        """Post a new event, or complete one that is open, and return what the site said."""
        if self._open and self._dice.random() < OPEN_SHARE:
            return self._complete(self._open.popleft())
        now = datetime.now(UTC)
        is_open = self._dice.random() < OPEN_SHARE
        case = make_case(
            number=f"L-{time.time_ns() // 1_000_000}",
            team=self._dice.choice(TEAMS),
            ended_at=now - timedelta(seconds=self._dice.uniform(1, 40)),
            is_open=is_open,
            dice=self._dice,
        )
        answer = self._post("service-events/", case.as_json)
        if is_open and answer.is_ok:
            self._open.append(case)
        return answer

    def _complete(self, case: DemoCase) -> HttpAnswer:
        ended = {
            "source": SOURCE,
            "external_id": case.external_id,
            "type": "completed",
            "at": datetime.now(UTC).isoformat(),
            "is_resolved": self._dice.random() < case.team.resolved_share,
        }
        return self._post("service-events/transitions/", ended)

    def _post(self, path: str, body: dict[str, Any]) -> HttpAnswer:
        return send(
            f"{self._base_url}/api/v1/{path}",
            method="POST",
            body=json.dumps(body).encode(),
            headers={"Authorization": f"Api-Key {self._api_key}", "Content-Type": "application/json"},
        )


def run(stream: EventStream) -> None:
    """Post for ever; wait longer while the site does not answer."""
    started, posted, wait = time.monotonic(), 0, _FIRST_WAIT_SECONDS
    while True:
        try:
            answer = stream.post_one()
        except TransportError as error:
            _say(type(error).__name__)
            # Until the first event is in, the site is only starting.
            wait = min(wait * 2, _LONGEST_WAIT_SECONDS) if posted else _FIRST_WAIT_SECONDS
        else:
            posted += answer.is_ok
            wait = (
                pace(posted, time.monotonic() - started)
                if answer.is_ok
                else min(wait * 2, _LONGEST_WAIT_SECONDS)
            )
            if not answer.is_ok:
                _say(f"{answer.status} {answer.text[:500]}")
        time.sleep(wait)


def pace(posted: int, elapsed: float) -> float:
    """Return the seconds until the next event, after so many events and seconds."""
    if posted < FIRST_EVENTS:
        return 0.05
    return PACE_SECONDS if elapsed < SLOW_AFTER_SECONDS else SLOW_PACE_SECONDS


def _say(line: str) -> None:
    sys.stdout.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {line}\n")
    sys.stdout.flush()


def main(arguments: list[str] | None = None) -> None:
    """Post until the process is ended."""
    parser = argparse.ArgumentParser(prog="python -m feedback_site.demo.trickle")
    parser.add_argument("--credentials", type=Path, required=True)
    options = parser.parse_args(arguments)
    credentials = json.loads(options.credentials.read_text(encoding="utf-8"))
    run(EventStream(base_url=credentials["base_url"], api_key=credentials["api_key"], dice=random.Random()))  # noqa: S311 - which case comes next is no secret


if __name__ == "__main__":
    main()
