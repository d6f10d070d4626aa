"""A person who stands outside.

A service system with curl, a customer with curl, staff with a browser's cookies.
"""

import json
import re
import shlex
import shutil
import subprocess
from html import unescape
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from tests.acceptance.transcript import CheckFailedError, Transcript

_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_RECORD = '<a[^>]+href="([^"]*/evaluations/evaluationrecord/[0-9a-f-]{36}/change/[^"]*)"[^>]*>\\s*%s\\s*</a>'
_ROW = re.compile(r"<tr[^>]*>\s*<th[^>]*scope=\"row\"[^>]*>(.*?)</th>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_CASES_CELL = 4


def curl(transcript: Transcript, *arguments: str, secret: str = "") -> str:
    """Run curl, show the command line with `secret` written as a variable, return what it printed."""
    words = " ".join(shlex.quote(argument) for argument in arguments)
    transcript.command("curl -sS " + (words.replace(secret, "$API_KEY") if secret else words))
    program = shutil.which("curl")
    if program is None:
        message = "curl is not installed"
        raise CheckFailedError(message)
    done = subprocess.run(
        [program, "-sS", "--max-time", "20", *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CheckFailedError(done.stderr.strip())
    return done.stdout


def post_event(
    transcript: Transcript, *, base_url: str, api_key: str, event: dict[str, Any]
) -> tuple[int, dict[str, Any]]:
    """Post one service event and return status and body."""
    answer = curl(
        transcript,
        *("-X", "POST", f"{base_url}/api/v1/service-events/"),
        *("-H", f"Authorization: Api-Key {api_key}", "-H", "Content-Type: application/json"),
        *("-d", json.dumps(event, ensure_ascii=False), "-w", "\n%{http_code}"),
        secret=api_key,
    )
    body, _, status = answer.rpartition("\n")
    transcript.note(f"{status} {body}")
    content: dict[str, Any] = json.loads(body)
    return int(status), content


class StaffPages:
    """Staff pages over HTTP, logged in as one member of staff, in English."""

    def __init__(self, *, base_url: str, username: str, password: str) -> None:
        self._base_url = base_url
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self._opener.addheaders = [("Accept-Language", "en"), ("Referer", f"{base_url}/admin/login/")]
        token = _CSRF.search(self.get("/admin/login/"))
        fields = {
            "username": username,
            "password": password,
            "csrfmiddlewaretoken": token[1] if token else "",
        }
        # Where the login leads is part of what is checked: it must be a page, not the form again.
        address = f"{base_url}/admin/login/?next=/admin/evaluations/evaluationrecord/"
        page = self._open(Request(address, data=urlencode(fields).encode()))  # noqa: S310 - the demo's own address
        if 'name="password"' in page:
            message = "the demo's administrator could not log in"
            raise CheckFailedError(message)

    def get(self, path: str) -> str:
        return self._open(Request(f"{self._base_url}{path}"))  # noqa: S310 - the demo's own address

    def newest_record(self, *, team: str) -> str:
        """Return the path of the team's newest evaluation record."""
        found = re.search(
            _RECORD % re.escape(team),
            self.get("/admin/evaluations/evaluationrecord/?period_kind__exact=month"),
        )
        if found is None:
            message = f"no evaluation record of {team} in the list"
            raise CheckFailedError(message)
        return unescape(found[1]).partition("?")[0]

    def cases_of(self, record: str, *, indicator: str) -> int:
        """Return the n of one indicator as the record's page shows it."""
        for heading, cells in _ROW.findall(self.get(record)):
            if indicator in _text(heading):
                return int(_text(_CELL.findall(cells)[_CASES_CELL]).replace(",", ""))
        message = f"the record does not show {indicator}"
        raise CheckFailedError(message)

    def _open(self, request: Request) -> str:
        with self._opener.open(request, timeout=20) as response:
            body: bytes = response.read()
        return body.decode()


def _text(html: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", html)).split())
