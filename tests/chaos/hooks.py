"""A web worker that dies between the commit and the reply.

The one moment that nothing outside the process can hit on purpose.
"""

import os
import signal
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ORDER, SERVING = "die-before-reply", "serving"
_THANKED = "200 "


class DieBeforeReply:
    """Stands around the whole application.

    An order (a file) is carried out by one process, once, and names the link it died on.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], folder: Path) -> None:
        self._application = application
        self._order = folder / ORDER
        # A worker that was just born takes seconds until it serves.
        self._order.with_name(f"{SERVING}-{os.getpid()}").touch()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        told: list[str] = []

        def listen(status: str, *more: Any) -> Any:
            told.append(status)
            return start_response(status, *more)

        body = self._application(environ, listen)
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] == "POST" and path.startswith("/r/") and told[0].startswith(_THANKED):
            self._obey(path)
        return body

    def _obey(self, path: str) -> None:
        taken = self._order.with_name(f"{ORDER}-{os.getpid()}")
        try:
            self._order.rename(taken)
        except FileNotFoundError:
            return
        taken.write_text(path.split("/")[2], encoding="utf-8")
        os.kill(os.getpid(), signal.SIGKILL)
