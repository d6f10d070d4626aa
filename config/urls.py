"""Addresses for staff, systems and operators; customers' addresses are in `config.public_urls`."""

import re

from django.conf import settings
from django.contrib import admin
from django.http import Http404
from django.urls import include, path, re_path
from django.utils.translation import gettext_lazy as _

from config import api_urls
from feedback_site.accounts.views import logo
from feedback_site.common.error_pages import not_found
from feedback_site.dashboards.views import search, start
from feedback_site.operations import views as operations

admin.site.index_title = _("Today")

urlpatterns = [
    path("", start, name="start"),
    path(f"{settings.ADMIN_PATH}dashboards/", include("feedback_site.dashboards.urls")),
    path(f"{settings.ADMIN_PATH}sign-in/", include("feedback_site.accounts.urls")),
    # Django's way from staff pages to a row's page on the
    # site: no row has one, and it fails on ids that are none.
    re_path(rf"^{re.escape(settings.ADMIN_PATH)}r/", not_found, {"exception": Http404()}),
    # Instead of Unfold's own, which finds pages of the menu alone.
    path(f"{settings.ADMIN_PATH}search/", admin.site.admin_view(search), name="search"),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("api/v1/", include(api_urls)),
    path("logo/<slug:digest>/", logo, name="logo"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("health/", operations.health, name="health"),
    path("health/live/", operations.alive, name="alive"),
    path("metrics", operations.metrics, name="metrics"),
]

handler400 = "feedback_site.common.error_pages.bad_request"
handler403 = "feedback_site.common.error_pages.permission_denied"
handler404 = "feedback_site.common.error_pages.not_found"
handler500 = "feedback_site.common.error_pages.server_error"
