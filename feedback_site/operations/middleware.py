"""Every request is counted, and every line of its log bears its id."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware

from feedback_site.operations.counters import count_reply, surface_of


class CountReplies:
    """Counts replies by surface and status, failures included.

    Customers' addresses count their own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then count."""
        response = self.get_response(request)
        count_reply(surface_of(request.path_info), request.method, response.status_code)
        return response


class RequestLog(RequestMiddleware):
    """Logs each request with its id.

    The query is left out: people type names and numbers into search fields.
    """

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Return the method and the path."""
        return f"{request.method} {request.path}"
