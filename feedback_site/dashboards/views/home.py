"""What the staff's first page is made of."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.dashboards.selectors import home


def home_context(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add today's figures within the reader's scope; Unfold calls this for the index page."""
    at = database_now()
    return {**context, "title": _("Today"), "home": home(user=staff_of(request), at=at), "now": at}
