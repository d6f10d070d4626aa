"""`python -m feedback_site.demo.simulated_customers`: about half of the demo's customers answer.

Options: `--credentials FILE --outbox DIR`.

They read their messages in the outbox, open the link and send the form by HTTP, some seconds later, like a
customer with a phone. A person who is not one of the demo's made-up customers is left to answer for
themselves.
"""

import argparse
import heapq
import json
import random
import sys
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from urllib.parse import urlencode, urljoin

from feedback_site.demo.answers import USUAL_RATINGS, make_answers
from feedback_site.demo.forms import PageForm, read_form
from feedback_site.demo.http import TransportError, send
from feedback_site.demo.outbox import OutboxReader
from feedback_site.demo.people import demo_addresses

ANSWERED_SHARE = 0.55
DELAY_SECONDS = (3.0, 25.0)
MOST_WAITING = 500
_PAUSE_SECONDS = 0.5
_USER_AGENT = "Mozilla/5.0 (Linux; Android 14) feedback-site-demo"


class SimulatedCustomers:
    """Customers who have a message and will answer it when their moment comes."""

    def __init__(self, *, reader: OutboxReader, base_url: str, dice: random.Random) -> None:
        """Prepare without reading."""
        self._reader = reader
        self._base_url = base_url
        self._dice = dice
        self._waiting: list[tuple[float, int, str]] = []
        self._order = count()

    def step(self, *, now: float) -> int:
        """Read new messages, and answer those whose time has come; return how many.

        `now` is in seconds.
        """
        for message in self._reader.new_messages():
            is_ours = message.address in demo_addresses() and message.link.startswith(self._base_url)
            if is_ours and self._dice.random() < ANSWERED_SHARE and len(self._waiting) < MOST_WAITING:
                moment = now + self._dice.uniform(*DELAY_SECONDS)
                heapq.heappush(self._waiting, (moment, next(self._order), message.link))
        answered = 0
        while self._waiting and self._waiting[0][0] <= now:
            _moment, _place, link = heapq.heappop(self._waiting)
            answered += self._answer(link)
        return answered

    def _answer(self, link: str) -> bool:
        try:
            page = send(link, headers={"User-Agent": _USER_AGENT})
            form = read_form(page.text) if page.is_ok else None
            if form is None:
                return False
            body = urlencode(fill_in(form, dice=self._dice)).encode()
            headers = {"User-Agent": _USER_AGENT, "Content-Type": "application/x-www-form-urlencoded"}
            answer = send(urljoin(link, form.action), method="POST", body=body, headers=headers)
        except TransportError as error:
            _say(type(error).__name__)
            return False
        if not answer.is_ok:
            _say(f"{answer.status} to an answer")
        return answer.is_ok


def fill_in(form: PageForm, *, dice: random.Random) -> dict[str, str]:
    """Return plausible field values: as planned for questions of the sample, any value for others."""
    answers = make_answers(ratings=USUAL_RATINGS, language=form.language, dice=dice)
    fields = dict(form.hidden)
    for name, values in form.choices.items():
        planned = str(answers.get(name, ""))
        if planned in values:
            fields[name] = planned
        elif name not in answers and dice.random() < ANSWERED_SHARE:
            fields[name] = dice.choice(values)
    for name in form.texts:
        if name in answers:
            fields[name] = str(answers[name])
    return fields


def _say(line: str) -> None:
    sys.stdout.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {line}\n")
    sys.stdout.flush()


def main(arguments: list[str] | None = None) -> None:
    """Answer until the process is ended."""
    parser = argparse.ArgumentParser(prog="python -m feedback_site.demo.simulated_customers")
    parser.add_argument("--credentials", type=Path, required=True)
    parser.add_argument("--outbox", type=Path, required=True)
    options = parser.parse_args(arguments)
    base_url = json.loads(options.credentials.read_text(encoding="utf-8"))["base_url"]
    reader = OutboxReader(options.outbox, skip_existing=True)
    customers = SimulatedCustomers(reader=reader, base_url=base_url, dice=random.Random())  # noqa: S311 - what a person answers next is no secret
    while True:
        customers.step(now=time.monotonic())
        time.sleep(_PAUSE_SECONDS)


if __name__ == "__main__":
    main()
