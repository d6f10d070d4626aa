"""A web worker that dies between the commit and the reply: the one moment that nothing outside the process can hit on purpose."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

ORDER, SERVING = "die-before-reply", "serving"
_THANKED = 200


class DieBeforeReply:
    """Outermost middleware. An order (a file in the data folder) is carried out by one process, once, and names the link it died on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._order = Path(settings.DATA_DIR) / ORDER
        # A worker that was just born takes seconds until it serves.
        self._order.with_name(f"{SERVING}-{os.getpid()}").touch()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code == _THANKED and request.path.startswith("/r/"):
            self._obey(request.path)
        return response

    def _obey(self, path: str) -> None:
        taken = self._order.with_name(f"{ORDER}-{os.getpid()}")
        try:
            self._order.rename(taken)
        except FileNotFoundError:
            return
        taken.write_text(path.split("/")[2], encoding="utf-8")
        os.kill(os.getpid(), signal.SIGKILL)
