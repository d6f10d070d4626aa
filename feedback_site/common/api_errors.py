"""One shape for every API error: `{"message": "...", "extra": {...}}`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from feedback_site.common.exceptions import DomainError


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what a view raised into the one shape; `None` leaves it to Django (a 500)."""
    if isinstance(error, DomainError):
        return Response({"message": str(error.message), "extra": error.extra}, status=error.status_code)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    response = default_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        response.data = {"message": _("Some fields are wrong."), "extra": {"fields": response.data}}
    else:
        detail = response.data.get("detail", "") if isinstance(response.data, dict) else response.data
        response.data = {"message": str(detail), "extra": {}}
    return response
