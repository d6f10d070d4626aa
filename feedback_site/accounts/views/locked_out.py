"""Too many wrong passwords."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from feedback_site.accounts.selectors import locked_until
from feedback_site.accounts.services.sign_in_attempts import address_to_count, name_on_record
from feedback_site.accounts.views.page import show
from feedback_site.common.clock import database_now


def locked_out_page(
    request: HttpRequest, _response: HttpResponse | None, credentials: Mapping[str, Any] | None
) -> HttpResponse:
    """Say when to try again: the same for names that exist and names that do not."""
    at = database_now()
    until = locked_until(
        username=name_on_record(request, credentials), address=address_to_count(request), at=at
    )
    page = show(request, "locked_out", title=_("Too many wrong passwords"), status=429, until=until)
    if until is not None:
        page["Retry-After"] = str(max(1, int((until - at).total_seconds())))
    add_never_cache_headers(page)
    return page
