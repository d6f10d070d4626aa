"""What every request of staff passes: the company's zone, the limits of the session, the second factor."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.accounts.selectors import has_given_code, second_factor_state
from feedback_site.accounts.services.known_devices import remember_device
from feedback_site.accounts.services.sessions import continue_session
from feedback_site.common.zones import company_zone

SIGN_IN = "admin:login"
CODE_PAGE, ENROL_PAGE = "sign-in:code", "sign-in:enrol"
# A person who has still to give a code can do so, leave, and choose a language.
_ALWAYS_OPEN = {SIGN_IN, "admin:logout", "admin:jsi18n", "set_language"}
_READS = {"GET", "HEAD"}
# Systems bring a key with every request; a session says nothing there.
_API = "api/"


class CompanyZone:
    """Lets days begin and times be written by the company's zone on staff's pages and in the API.

    Nothing else asks for it: health must be told without a database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.prefixes = (f"/{settings.ADMIN_PATH}", f"/{_API}")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the company's zone."""
        if not request.path_info.startswith(self.prefixes):
            return self.get_response(request)
        with timezone.override(company_zone()):
            return self.get_response(request)


class StaffSession:
    """Ends sessions that are too old or idle, and stops staff who still owe a code.

    Every page is guarded unless it is named here, so a new page is guarded from the start.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; all is done before the view, but that a device which has just signed in is remembered."""
        response = self.get_response(request)
        user = getattr(request, "signed_in_now", None)
        if isinstance(user, User):
            remember_device(request, response, user=user)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Return where to go first, or nothing."""
        del view, args, kwargs
        match = request.resolver_match
        if match is None or match.route.startswith(_API) or not isinstance(request.user, User):
            return None
        if not continue_session(request.session, at=timezone.now()):
            return _sign_in_again(request, match)
        return _second_factor_first(request, request.user, match)


def _sign_in_again(request: HttpRequest, match: ResolverMatch) -> HttpResponse | None:
    logout(request)
    if match.view_name == SIGN_IN:
        return None
    messages.info(request, _("Your session has expired. Sign in again to continue where you left off."))
    return redirect(_with_next(SIGN_IN, request))


def _second_factor_first(request: HttpRequest, user: User, match: ResolverMatch) -> HttpResponse | None:
    if match.view_name in _ALWAYS_OPEN or has_given_code(user):
        return None
    state = second_factor_state(user)
    if not state.is_enrolled and not state.is_required:
        return None
    page = CODE_PAGE if state.is_enrolled else ENROL_PAGE
    return None if match.view_name == page else redirect(_with_next(page, request))


def _with_next(page: str, request: HttpRequest) -> str:
    """Return the address of `page` that leads back here.

    A form that was being sent cannot be sent again from there.
    """
    return (
        f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}"
        if request.method in _READS
        else reverse(page)
    )
