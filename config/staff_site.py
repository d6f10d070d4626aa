"""The site of the staff pages: Unfold's, without working out on every page what the page does not show."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import sites
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from unfold.apps import DefaultAppConfig
from unfold.sites import UnfoldAdminSite


class StaffSite(UnfoldAdminSite):
    """Lists the applications when a page asks for them:
    beside our own side menu no page but the list itself does.
    """

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Return a list that asks for every model's permissions and addresses when it is first read."""
        return SimpleLazyObject(lambda: super(StaffSite, self).get_app_list(request, app_label))


class StaffSiteConfig(DefaultAppConfig):
    """Unfold with our site; `admin.site` is set before any app registers its pages."""

    def ready(self) -> None:
        """Put our site where Django and Unfold look for it."""
        admin.site = sites.site = StaffSite()
