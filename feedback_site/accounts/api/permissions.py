"""An API key may do what its grants say."""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from feedback_site.accounts.models import ApiKey

if TYPE_CHECKING:  # DRF's views import this module while they are imported
    from rest_framework.views import APIView


class HasGrant(BasePermission):
    """Checks the grant that a view states for each method in `required_grants`.

    A method for which the view states none is refused.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Return whether the calling key holds the grant."""
        grant = getattr(view, "required_grants", {}).get(request.method)
        return isinstance(request.user, ApiKey) and grant is not None and grant.value in request.user.grants
