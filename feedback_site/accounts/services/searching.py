"""Searching for a contact: a few times an hour, by role, and on record.

A search by many tries would give away what masks hide.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback_site.accounts.enums import AccountAccess, Role
from feedback_site.accounts.exceptions import SearchLimitError
from feedback_site.accounts.models import AccessLogEntry, User
from feedback_site.accounts.services.access_log import actor_name, record_access
from feedback_site.common.locks import Lock, wait_for_one

_WINDOW = timedelta(hours=1)
Found = TypeVar("Found")


def searches_per_hour(user: User) -> int:
    """Return how many contacts the role of `user` may search for within an hour; 0: none."""
    limits: dict[str, int] = settings.CONTACT_SEARCHES_PER_HOUR
    return limits.get(user.role or (Role.ADMINISTRATOR if user.is_superuser else ""), 0)


@transaction.atomic
def search_on_record(
    *, by: User, subject_kind: str, search: Callable[[], list[Found]], at: datetime
) -> list[Found]:
    """Search and put on record who searched and how many were found, never for what.

    Raises `SearchLimitError` beyond the limit.
    """
    _refuse_beyond_limit(by, at=at)
    found = search()
    record_access(
        actor=by,
        action=AccountAccess.CONTACT_SEARCHED,
        subject_kind=subject_kind,
        details={"found": len(found)},
        team_id=by.scope_team_id,
        at=at,
    )
    return found


def _refuse_beyond_limit(by: User, *, at: datetime) -> None:
    """Count the searches on record, one at a time for each person.

    Searches at the same moment could otherwise pass the limit together.
    """
    limit = searches_per_hour(by)
    if limit <= 0:
        raise SearchLimitError(_("Your role does not search by phone number or email address."))
    wait_for_one(Lock.CONTACT_SEARCHES, actor_name(by))
    searches = AccessLogEntry.objects.filter(
        actor=actor_name(by), action=AccountAccess.CONTACT_SEARCHED, at__gt=at - _WINDOW
    )
    # The search that has to grow old before the next one; there is none while fewer than `limit` are young.
    for last in searches.order_by("-at").values_list("at", flat=True)[limit - 1 : limit]:
        text = ngettext(
            "You have searched for %(count)d contact within an hour, which is the limit. You can search "
            "again at %(time)s.",
            "You have searched for %(count)d contacts within an hour, which is the limit. You can search "
            "again at %(time)s.",
            limit,
        )
        raise SearchLimitError(
            text % {"count": limit, "time": f"{timezone.localtime(last + _WINDOW):%Y-%m-%d %H:%M}"}
        )
