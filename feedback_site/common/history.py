"""Who changed what, on record for people only."""

from typing import Any

from django.http import HttpRequest
from pghistory.middleware import HistoryMiddleware

_SYSTEMS = "/api/"


class StaffHistory(HistoryMiddleware):
    """pghistory's middleware for people's requests.

    Systems write facts, which keep no history: for their requests every statement would carry a
    context that is never read, and the number of their key would stand in it as a member of staff's.
    """

    def __call__(self, request: HttpRequest) -> Any:
        """Put people's requests on record."""
        if request.path_info.startswith(_SYSTEMS):
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[no-untyped-call]  # pghistory has no types
