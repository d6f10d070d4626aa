"""What the staff's first page is made of."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.common.clock import database_now
from feedback_site.dashboards.selectors import home


def home_context(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add today's figures within the reader's scope; Unfold calls this for the index page."""
    at = database_now()
    assert isinstance(request.user, User)  # noqa: S101 - the admin site lets only staff in
    return {**context, "title": _("Today"), "home": home(user=request.user, at=at), "now": at}
