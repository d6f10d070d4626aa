"""The site's addresses, and two that fail."""

from django.http import HttpRequest
from django.urls import path

from config.urls import handler500
from config.urls import urlpatterns as working

__all__ = ["handler500", "urlpatterns"]


def fail(request: HttpRequest) -> None:
    """Fail as a fault of ours would."""
    raise LookupError(request.path)


urlpatterns = [*working, path("broken/", fail), path("api/broken/", fail)]
