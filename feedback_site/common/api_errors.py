"""One shape for every API error: `{"message": "...", "extra": {...}}`."""

from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from feedback_site.common.exceptions import DomainError
from feedback_site.common.listing import listed

RETRY_AFTER_SECONDS = "5"

logger = structlog.get_logger(__name__)


class UnknownParametersError(exceptions.ValidationError):
    """Parameters of a list that it does not know or cannot read, and the ones that it knows."""

    def __init__(self, detail: Any, *, unknown: list[str], known: list[str]) -> None:
        super().__init__(detail)
        self.unknown, self.known = unknown, known

    @property
    def sentence(self) -> str:
        """Say which one is unknown."""
        names = listed(f"“{name}”" for name in self.unknown)
        words = {"names": names, "known": listed(self.known)}
        return (
            _("This list has no parameter %(names)s. Known are: %(known)s") % words
            if names
            else _("Some parameters are wrong.")
        )


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what a view raised into the one shape; `None` leaves it to Django (a 500)."""
    if isinstance(error, DomainError):
        return Response({"message": str(error.message), "extra": error.extra}, status=error.status_code)
    if isinstance(error, OperationalError | InterfaceError):
        return _without_database(error)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    response = default_handler(error, context)
    if response is None:
        return None
    response.data = _described(error, response.data)
    return response


def _described(error: Exception, data: Any) -> dict[str, Any]:
    """Return the one shape for what the framework raised."""
    if isinstance(error, UnknownParametersError):
        return {"message": error.sentence, "extra": {"fields": data, "known": error.known}}
    if isinstance(error, exceptions.ValidationError):
        return {"message": _("Some fields are wrong."), "extra": {"fields": data}}
    if isinstance(error, exceptions.Throttled):
        seconds = int(getattr(error, "wait", None) or 0)
        return {
            "message": _("This key made too many requests in this minute."),
            "extra": {"retry_after": seconds},
        }
    detail = data.get("detail", "") if isinstance(data, dict) else data
    return {"message": str(detail), "extra": {}}


def _without_database(error: Exception) -> Response:
    """Ask for the same request again.

    The database went away or took too long, so it is not known whether this one was stored.
    """
    logger.error("api_without_database", error=type(error).__name__)
    message = _(
        "The database does not answer. Please send the request again; what was recorded already is "
        "recognised."
    )
    status = HTTPStatus.SERVICE_UNAVAILABLE
    return Response(
        {"message": message, "extra": {}}, status=status, headers={"Retry-After": RETRY_AFTER_SECONDS}
    )
