"""Customers' addresses, served by `config.answer_path` before any other middleware runs."""

from django.http import HttpRequest, HttpResponse
from django.urls import re_path

from surveys.services.links import TOKEN_PATTERN
from surveys.views import questionnaire, unsubscribe


def add_slash(request: HttpRequest, **_parts: str) -> HttpResponse:
    """Lead an address whose last slash was lost on the way to the page; the method stays, so nothing that was typed is lost."""
    query = request.META.get("QUERY_STRING", "")
    return HttpResponse(status=308, headers={"Location": f"{request.path}/{'?' if query else ''}{query}"})


urlpatterns = [
    re_path(rf"^r/(?P<token>{TOKEN_PATTERN})/\Z", questionnaire, name="questionnaire"),
    re_path(rf"^r/(?P<token>{TOKEN_PATTERN})/unsubscribe/\Z", unsubscribe, name="unsubscribe"),
    re_path(rf"^r/(?P<token>{TOKEN_PATTERN})(/unsubscribe)?\Z", add_slash),
]
