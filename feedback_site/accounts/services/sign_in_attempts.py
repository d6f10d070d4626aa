"""Wrong passwords: counted by name and address, and by name alone with a higher limit.

Administrators unlock a name.

Of IPv6 the /64 network counts as one address, and a device
that has signed in with the name before is counted by itself.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from feedback_site.accounts.enums import AccountAccess
from feedback_site.accounts.models import User
from feedback_site.accounts.services.access_log import record_access
from feedback_site.accounts.services.known_devices import counted_address
from feedback_site.common.client_address import client_address, is_device, network_of

# Marks what was typed as a name and is no person's.
NO_ACCOUNT = "?"
_DIGITS = 24


class SignInAttempts(AxesDatabaseHandler):  # type: ignore[misc] # django-axes is untyped
    """django-axes knows one limit; a name tried from many addresses is closed by a higher one."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Return the failures that count against `AXES_FAILURE_LIMIT`.

        These are the failures from this address, or from all addresses once those are too many.

        A device that has signed in with the name before is counted by itself: strangers do not lock it out.
        """
        here, anywhere = (self._sum(attempts) for attempts in self.get_user_attempts(request, credentials))
        if is_device(address_to_count(request)):
            return here
        return anywhere if anywhere >= settings.SIGN_IN_FAILURES_BY_NAME else here

    @staticmethod
    def _sum(attempts: Any) -> int:
        return attempts.aggregate(failures=Sum("failures_since_start"))["failures"] or 0


def address_to_count(request: HttpRequest) -> str:
    """Return what wrong passwords are counted by.

    A known device has its own number; else it is the address, of IPv6 the network.
    """
    return counted_address(request) or network_of(client_address(request))


def name_on_record(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """Return the name to count by: as typed for a member of staff, else as a keyed hash.

    A name that no account has may be a mistyped password.
    """
    typed = str((credentials or request.POST).get("username") or "")
    if User.objects.filter(username=typed).exists():
        return typed
    return NO_ACCOUNT + salted_hmac("accounts.sign_in", typed).hexdigest()[:_DIGITS]


@transaction.atomic
def unlock_sign_in(*, username: str, by: User, at: datetime) -> int:
    """Forget the wrong passwords for one name from every address, and return how many they were.

    Who did so is on record.
    """
    attempts = AccessAttempt.objects.filter(username=username)
    failures: int = attempts.aggregate(failures=Sum("failures_since_start"))["failures"] or 0
    attempts.delete()
    if failures:
        user = User.objects.filter(username=username).first()
        record_access(
            actor=by,
            action=AccountAccess.SIGN_IN_UNLOCKED,
            subject_kind="user",
            subject_id=str(user.pk) if user else "",
            team_id=user.team_id if user else None,
            details={"failures": failures},
            at=at,
        )
    return failures
