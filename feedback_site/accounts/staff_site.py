"""The site of the staff pages: Unfold's, without working out on every page what the page does not show."""

from http import HTTPStatus
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin import sites
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from unfold.apps import DefaultAppConfig
from unfold.sites import UnfoldAdminSite

from feedback_site.common.clock import database_now


class StaffSite(UnfoldAdminSite):
    """Lists the applications only for the page of applications: all others have our own side menu."""

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Return a list that asks for every model's permissions and addresses when it is first read."""
        return SimpleLazyObject(lambda: super(StaffSite, self).get_app_list(request, app_label))

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Let the reader change their own password: it is changed on record, or it is not changed."""
        # The services need the models, which are ready later than this module is read.
        from feedback_site.accounts.services import note_own_password  # noqa: PLC0415

        with transaction.atomic():
            response: HttpResponse = super().password_change(request, extra_context)
            if response.status_code == HTTPStatus.FOUND:
                note_own_password(user_id=cast("int", request.user.pk), at=database_now())
        return response


class StaffSiteConfig(DefaultAppConfig):
    """Unfold with our site; `admin.site` is set before any app registers its pages."""

    def ready(self) -> None:
        """Put our site where Django and Unfold look for it."""
        admin.site = sites.site = StaffSite()
