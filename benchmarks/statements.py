"""Counts statements where they arrive: in the database server's log."""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

from django.db import connection

from benchmarks.load import hidden_fields
from feedback_site.demo.ports import HOST
from feedback_site.embedded.layout import layout_of
from feedback_site.embedded.postgres import Postgres

_STATEMENT = re.compile(r"^(\d+)\|LOG:  (?:statement|execute [^:]*): (.*)$")
# Link visits are counted out of band, a second at a time, not by the request.
_OUT_OF_BAND = "surveys_linkvisit"
_SETTLE_SECONDS = 1.5
_FORM = b"satisfaction=4&resolved=yes"
_FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}


def count_statements(port: int, tokens: Sequence[str]) -> tuple[float, float]:
    """Open and answer each link once; return statements per GET and per POST."""
    web = HTTPConnection(HOST, port)
    with _logged_statements() as log:
        start = log.stat().st_size
        for token in tokens:
            hidden = hidden_fields(_ask(web, "GET", token))
        time.sleep(_SETTLE_SECONDS)
        middle = log.stat().st_size
        for token in tokens:
            _ask(web, "POST", token, hidden.encode() + _FORM)
        time.sleep(_SETTLE_SECONDS)
        text = log.read_bytes()
    web.close()
    return _count(text[start:middle]) / len(tokens), _count(text[middle:]) / len(tokens)


def _ask(web: HTTPConnection, method: str, token: str, body: bytes | None = None) -> bytes:
    web.request(method, f"/r/{token}/", body=body, headers=_FORM_TYPE if body else {})
    response = web.getresponse()
    page = response.read()
    if response.status != HTTPStatus.OK:
        message = f"{method} was answered with {response.status}"
        raise RuntimeError(message)
    return page


@contextmanager
def _logged_statements() -> Iterator[Path]:
    _alter("ALTER SYSTEM SET log_statement = 'all'", "ALTER SYSTEM SET log_line_prefix = '%p|'")
    try:
        yield Postgres(layout_of()).log
    finally:
        _alter("ALTER SYSTEM RESET log_statement", "ALTER SYSTEM RESET log_line_prefix")


def _alter(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SELECT pg_reload_conf()")
    time.sleep(0.5)


def _count(log: bytes) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (own,) = cursor.fetchone()
    found = (match for line in log.decode(errors="replace").splitlines() if (match := _STATEMENT.match(line)))
    return sum(int(match[1]) != own and _OUT_OF_BAND not in match[2] for match in found)
