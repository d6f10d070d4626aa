"""Refuses requests with a NUL character, by name.

It can be typed into any address, and PostgreSQL's text does not hold it.
"""

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.utils.translation import gettext as _

from feedback_site.common.listing import listed

NUL = "\0"
_OF_SYSTEMS = ("/api/",)
_OF_SCRIPTS = ("/autocomplete/",)


def parameters_with_nul(request: HttpRequest) -> list[str]:
    """Return the names of the parameters that hold a NUL, shown without it."""
    sent = [*request.GET.lists(), *(request.POST.lists() if request.method == "POST" else ())]
    return [
        name.replace(NUL, "\N{REPLACEMENT CHARACTER}")
        for name, values in sent
        if any(NUL in str(text) for text in (name, *values))
    ]


class RefuseNulCharacters:
    """Refuses a NUL character outside of forms, as in look-ups while a person types.

    Forms and lists refuse it by themselves, with all they know.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Say what was wrong with the request where the database could not be asked."""
        if not isinstance(error, ValueError | DataError):
            return None
        names = parameters_with_nul(request)
        return _refused(request, names) if names else None


def _refused(request: HttpRequest, names: list[str]) -> HttpResponse:
    message = _("“%(parameter)s” holds a character that no text can hold (NUL).") % {
        "parameter": listed(names)
    }
    if request.path_info.startswith(_OF_SYSTEMS) or request.path_info.endswith(_OF_SCRIPTS):
        return JsonResponse(
            {"message": message, "extra": {"parameters": names}}, status=HttpResponseBadRequest.status_code
        )
    return HttpResponseBadRequest(message, content_type="text/plain; charset=utf-8")
