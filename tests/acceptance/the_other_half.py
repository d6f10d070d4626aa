"""Campaigns, who answered, answers from elsewhere, exports and visits, from outside.

By the API, by a command, by pages.
"""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from feedback_site.demo.http import send
from feedback_site.demo.questionnaires import QUARTERLY
from nps.enums import IN_FIELD
from tests.acceptance.browser import chromium, picture_staff_pages
from tests.acceptance.demo import Demo
from tests.acceptance.transcript import CheckFailedError, Transcript

EXPORT_SECONDS = 30
_PAGES = {
    "campaigns": "/admin/nps/campaign/",
    "response-rates": "/admin/dashboards/response-rates/?period=last_quarter",
    "representativeness": "/admin/dashboards/representativeness/?period=last_quarter",
    "visits": "/admin/visits/returnvisit/work/?tab=team",
    "escalations": "/admin/visits/escalation/",
    "problems": "/admin/improvements/problem/",
    "exports": "/admin/dashboards/export/",
    "access-log": "/admin/accounts/accesslogentry/",
}
# Line 3 doubles the number of line 2 with another score, line
# 4 holds an 11. The customers are those of the walk before.
_ANSWERS = (("E-1", "ACC-C1", 9), ("E-1", "ACC-C1", 3), ("E-2", "ACC-C2", 11))
_MAPPING = {
    "columns": {
        "external_id": "response_id",
        "customer.external_id": "customer",
        "answered_at": "answered_at",
        "answers.recommend": "recommend",
    },
    "constants": {"source": "acceptance paper", "customer.source": "acceptance", "mode": "paper"},
}


def walk(demo: Demo, transcript: Transcript, *, folder: Path) -> None:
    """Look at the demo's campaigns, import answers, export rows, keep pictures, then ask `verify`."""
    _look_at_campaigns(demo, transcript)
    _look_at_figures(demo, transcript)
    _import_answers(demo, transcript)
    _export_responses(demo, transcript)
    transcript.step("Staff pages")
    with chromium() as browser:
        picture_staff_pages(
            browser,
            base_url=demo.credentials["base_url"],
            paths=_PAGES,
            folder=folder,
            **demo.credentials["admin"],
        )
    transcript.note(f"pictures in {folder}")
    transcript.step("Everything adds up")
    transcript.command("python manage.py verify")
    verified = demo.manage("verify")
    transcript.check(holds=verified.returncode == 0, text=verified.stdout.strip().splitlines()[-1])


def _look_at_campaigns(demo: Demo, transcript: Transcript) -> None:
    transcript.step(f"Campaigns of {QUARTERLY.name['en']}")
    campaigns = {campaign["status"]: campaign for campaign in _get(demo, "nps/campaigns/")["results"]}
    others = campaigns.keys() - {"closed"}
    holds = "closed" in campaigns and len(others) == 1 and others <= set(IN_FIELD)
    transcript.check(
        holds=holds, text=f"one is closed, the links of one can be answered: {sorted(campaigns)}"
    )
    closed = _get(demo, f"nps/campaigns/{campaigns['closed']['id']}/")
    result = closed["result"]
    transcript.note(
        f"closed: n = {result['n']}, NPS {result['nps']:.1f}, 95% confidence interval {result['low']:.1f} to "
        f"{result['high']:.1f}"
    )
    transcript.check(
        holds=result["n"] >= 1000, text=f"last quarter asked until a thousand had answered ({result['n']})"
    )
    transcript.check(
        holds=result["low"] < result["nps"] < result["high"], text="the interval holds the score"
    )


def _look_at_figures(demo: Demo, transcript: Transcript) -> None:
    transcript.step("Who answered, visits and evaluations by the API")
    for path in (
        "metrics/response-rate/",
        "metrics/representativeness/",
        "metrics/satisfaction/",
        "metrics/nps/",
    ):
        transcript.note(f"GET /api/v1/{path} {json.dumps(_get(demo, path), ensure_ascii=False)[:300]}")
    for path in ("visits/", "evaluations/", "invitations/", "responses/"):
        rows = _get(demo, path)["results"]
        transcript.check(holds=bool(rows), text=f"GET /api/v1/{path} lists {len(rows)} rows")


def _import_answers(demo: Demo, transcript: Transcript) -> None:
    transcript.step("Imported responses: three rows, of which one is good")
    file, mapping = demo.data_dir / "answers.csv", demo.data_dir / "mapping.json"
    now = datetime.now(UTC).isoformat()
    rows = [f"{number},{customer},{now},{score}" for number, customer, score in _ANSWERS]
    file.write_text("\n".join(("response_id,customer,answered_at,recommend", *rows)), encoding="utf-8")
    mapping.write_text(json.dumps(_MAPPING), encoding="utf-8")
    command = ("import_responses", str(file), "--survey", "after-service", "--mapping", str(mapping))
    transcript.command("python manage.py " + " ".join(command))
    done = demo.manage(*command)
    transcript.note(done.stdout + done.stderr)
    words = done.stdout + done.stderr
    transcript.check(
        holds="line 3" in words and "line 4" in words,
        text="the doubled number and the 11 are listed with their lines",
    )
    again = demo.manage(*command)
    transcript.note(again.stdout.strip().splitlines()[-1])


def _export_responses(demo: Demo, transcript: Transcript) -> None:
    transcript.step("An export in the background")
    asked = _send(demo, "exports/", method="POST", body={"kind": "responses", "format": "csv"})
    asked_at = time.monotonic()
    while (state := _get(demo, f"exports/{asked['id']}/"))["status"] not in {"done", "failed"}:
        if time.monotonic() - asked_at > EXPORT_SECONDS:
            failure = f"the export is still {state['status']} after {EXPORT_SECONDS} s"
            raise CheckFailedError(failure)
        time.sleep(0.2)
    transcript.check(
        holds=state["status"] == "done",
        text=f"{state['rows_done']} rows after {time.monotonic() - asked_at:.1f} s",
    )
    file = send(f"{demo.credentials['base_url']}/api/v1/exports/{asked['id']}/download/", headers=_key(demo))
    lines = file.text.splitlines()
    transcript.check(
        holds=len(lines) > state["rows_done"], text=f"the file holds {len(lines)} lines, headings first"
    )


def _get(demo: Demo, path: str) -> Any:
    return _send(demo, path)


def _send(demo: Demo, path: str, *, method: str = "GET", body: dict[str, Any] | None = None) -> Any:
    headers = {**_key(demo), "Content-Type": "application/json"}
    content = None if body is None else json.dumps(body).encode()
    answer = send(
        f"{demo.credentials['base_url']}/api/v1/{path}", method=method, body=content, headers=headers
    )
    if not answer.is_ok:
        failure = f"{method} /api/v1/{path} answered {answer.status}: {answer.text[:300]}"
        raise CheckFailedError(failure)
    return json.loads(answer.text)


def _key(demo: Demo) -> dict[str, str]:
    return {"Authorization": f"Api-Key {demo.credentials['api_key']}"}
