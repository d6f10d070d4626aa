"""Programs open links before people do, and forms come back with scripts in them.

Nothing is written, nothing is run.
"""

import time
from random import Random
from urllib.parse import urlencode

from tests.chaos.clients import FORM
from tests.chaos.oracle import read_responses, token_hash
from tests.chaos.report import Fault, Finding, Story
from tests.chaos.scenarios.sizes import Size
from tests.chaos.site import Site
from tests.chaos.wire import LostError, Wire

_ANSWERS = urlencode(
    {
        "score": 5,
        "satisfaction": 5,
        "resolved": "yes",
        "attitude": 5,
        "recommend": 10,
        "comment": "by a scanner",
    }
)
_LOOKS = (
    ("GET", ""),
    ("GET", f"?{_ANSWERS}"),
    ("GET", "unsubscribe/"),
    ("GET", f"unsubscribe/?{_ANSWERS}"),
    ("HEAD", f"?{_ANSWERS}"),
)
_WITHDRAWN = "SELECT (SELECT count(*) FROM customers_consent), (SELECT count(*) FROM delivery_suppression)"


def run(site: Site, dice: Random, size: Size) -> Story:
    """Open everything that a link leads to, and send forms that cannot be accepted."""
    links = site.links(size.onlookers)
    before = site.ask(_WITHDRAWN)
    wire = Wire(site.port)
    pages = sum(_look(wire, token) for token in links)
    scripts = [f"</textarea><script>alert({dice.getrandbits(32)})</script>" for _ in links]
    echoes = [_send_script(wire, token, script) for token, script in zip(links, scripts, strict=True)]
    time.sleep(1.5)  # what is counted out of band has been written
    with site.database.connect() as connection:
        written = read_responses(connection).keys() & {token_hash(token) for token in links}
    findings = [Finding(Fault.WRITTEN, f"link {key[:12]} was answered by being opened") for key in written]
    if site.ask(_WITHDRAWN) != before:
        findings.append(Finding(Fault.WRITTEN, "a customer was unsubscribed by opening a page"))
    findings += [
        Finding(Fault.UNESCAPED, script)
        for script, echo in zip(scripts, echoes, strict=True)
        if script in echo
    ]
    shown = sum("alert(" in echo for echo in echoes)
    return Story(
        acknowledged=pages,
        least=len(links) * len(_LOOKS),
        proofs=[(f"{shown} scripts came back as text", shown == len(links))],
        findings=findings,
    )


def _look(wire: Wire, token: str) -> int:
    return sum(wire.ask(method, f"/r/{token}/{rest}").status == 200 for method, rest in _LOOKS)


def _send_script(wire: Wire, token: str, script: str) -> str:
    body = urlencode({"satisfaction": "9", "comment": script}).encode()
    try:
        return wire.ask("POST", f"/r/{token}/", body=body, headers=FORM).text
    except LostError:
        return ""
