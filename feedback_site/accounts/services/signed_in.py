"""Who asks for a page: the one point where a request's user becomes a member of staff."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from feedback_site.accounts.models import User


def staff_of(request: HttpRequest, *permissions: str) -> User:
    """Return the member of staff who asks.

    Raises `PermissionDenied` where no one is signed in, or who asks lacks one of the permissions.
    """
    user = request.user
    if not isinstance(user, User) or not user.has_perms(permissions):
        raise PermissionDenied
    return user
