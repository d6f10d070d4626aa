"""One Content-Security-Policy middleware: strict, but relaxed for the staff pages' scripts."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

STRICT_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Unfold's Alpine.js evaluates expressions and styles elements in line; the API page's viewer does too.
STAFF_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "img-src 'self' data:; font-src 'self' data:; form-action 'self'; base-uri 'self'; frame-ancestors "
    "'none'; frame-src 'self'"
)


class ContentSecurityPolicy:
    """Adds the policy that the address calls for, unless the view has set its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then add the policy."""
        response = self.get_response(request)
        relaxed = request.path.startswith((f"/{settings.ADMIN_PATH}", "/api/v1/docs/"))
        response.headers.setdefault("Content-Security-Policy", STAFF_POLICY if relaxed else STRICT_POLICY)
        return response
