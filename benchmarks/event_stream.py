"""A client process that posts completed events at an even pace and prints what it saw as JSON.

`python -m benchmarks.event_stream`. It knows nothing of the site but its addresses. Most events come in lists
by the API, some one by one as signed webhooks. Each batch starts when its moment has come, whether or not
earlier ones are answered.
"""

import argparse
import base64
import hashlib
import hmac
import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from typing import Any

# Recorded now, or by an attempt whose answer was lost.
_GOOD, _MANY = {200, 201}, 207
# No answer, or asked to come again: every sender of events
# and webhooks does, and the same message counts once.
_LATER, _ATTEMPTS, _PAUSE_SECONDS = {0, 429, 502, 503, 504}, 10, 1.0
_THREADS = 8
_TIMEOUT_SECONDS = 60.0
# Every fourth customer has a phone, the others an email address.
_PHONES = 4


@dataclass
class Seen:
    """Events acknowledged and not, requests that were repeated.

    Seconds of the whole run, and of each request since it was due.
    """

    acknowledged: int = 0
    refused: int = 0
    retried: int = 0
    seconds: float = 0.0
    lists: list[float] = field(default_factory=list)
    webhooks: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class _Address:
    port: int
    path: str
    headers: Callable[[bytes], dict[str, str]]


def case(number: int, ended_at: datetime | None = None) -> dict[str, Any]:
    """Return an event that ended at a moment, or now, of a customer of its own."""
    now = ended_at or datetime.now(UTC)
    contact = (
        {"phone": f"+86139{number:08d}"}
        if number % _PHONES == 0
        else {"email": f"sustained-{number}@example.com"}
    )
    return {
        "external_id": f"S-{number}",
        "kind": "after_sales_repair",
        "channel": "phone",
        "team": "east-1",
        "agent": f"A{number % 20}",
        "customer": {"external_id": f"S-{number}", "name": "王小明", "language": "zh-hans", **contact},
        "opened_at": (now - timedelta(minutes=30)).isoformat(),
        "completed_at": now.isoformat(),
        "is_resolved": True,
        "consent": {"survey": True},
        "attributes": {"product": "fridge"},
    }


def post_all(
    port: int, *, events: int, seconds: float, size: int, webhooks: int, key: str, secret: str, source: str
) -> Seen:
    """Post `events` within `seconds`, `webhooks` of them one by one and the others in lists of `size`.

    Both spread evenly.
    """
    api = _Address(port, "/api/v1/service-events/", lambda _body: {"Authorization": f"Api-Key {key}"})
    signed = _Address(
        port, f"/api/v1/webhooks/service-events/{source}/", lambda body: _signature(secret, body)
    )
    batches = [range(start, min(start + size, events)) for start in range(webhooks, events, size)]
    due = [(place / len(batches), api, numbers) for place, numbers in enumerate(batches)]
    due += [(number / webhooks, signed, range(number, number + 1)) for number in range(webhooks)]
    seen, started, began_at = Seen(), time.perf_counter(), datetime.now(UTC)
    with ThreadPoolExecutor(_THREADS) as pool:
        for share, address, numbers in sorted(due, key=lambda entry: entry[0]):
            moment = started + share * seconds
            time.sleep(max(0.0, moment - time.perf_counter()))
            pool.submit(
                _post, address, numbers, source, seen, moment, began_at + timedelta(seconds=share * seconds)
            )
    seen.seconds = time.perf_counter() - started
    return seen


def _post(
    address: _Address, numbers: range, source: str, seen: Seen, moment: float, ended_at: datetime
) -> None:
    """Post what ended at `ended_at`.

    However long it waited for a free connection, latency counts from `moment`, when it was due.
    """
    is_list = "webhooks" not in address.path
    cases = [case(number, ended_at) for number in numbers]
    signed = {"type": "service_event.created", "timestamp": ended_at.isoformat(), "data": cases[0]}
    body = json.dumps([{"source": source, **row} for row in cases] if is_list else signed).encode()
    for _attempt in range(_ATTEMPTS):
        status, text = _try(address, body)
        if status not in _LATER:
            break
        seen.retried += 1
        time.sleep(_PAUSE_SECONDS)
    (seen.lists if is_list else seen.webhooks).append(time.perf_counter() - moment)
    good = _new_in(json.loads(text)) if status == _MANY else int(status in _GOOD)
    seen.acknowledged += good
    seen.refused += len(numbers) - good


def _new_in(reply: dict[str, Any]) -> int:
    return sum(result["status"] in _GOOD for result in reply["results"])


def _try(address: _Address, body: bytes) -> tuple[int, bytes]:
    try:
        return _send(address, body)
    except (OSError, HTTPException):
        return 0, b""


def _send(address: _Address, body: bytes) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", address.port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request(
            "POST", address.path, body, {"Content-Type": "application/json", **address.headers(body)}
        )
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def _signature(secret: str, body: bytes) -> dict[str, str]:
    """Sign as Standard Webhooks says, with no help of the site's code."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    webhook_id, timestamp = f"msg_{hashlib.sha256(body).hexdigest()}", str(int(time.time()))
    digest = hmac.new(key, f"{webhook_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": webhook_id, "webhook-timestamp": timestamp, "webhook-signature": signature}


def main(arguments: list[str] | None = None) -> None:
    """Post, then print what was seen."""
    parser = argparse.ArgumentParser()
    for name in ("port", "events", "size", "webhooks"):
        parser.add_argument(f"--{name}", type=int, required=True)
    for name in ("key", "secret", "source"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--seconds", type=float, required=True)
    json.dump(vars(post_all(**vars(parser.parse_args(arguments)))), sys.stdout)


if __name__ == "__main__":
    main()
