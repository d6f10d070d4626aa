"""Addresses of the pages of figures, below the staff pages."""

from django.contrib import admin
from django.urls import path

from feedback_site.dashboards.views import front_page, representativeness_page, response_rates_page

app_name = "dashboards"
urlpatterns = [
    path("", admin.site.admin_view(front_page), name="front"),
    path("response-rates/", admin.site.admin_view(response_rates_page), name="response-rates"),
    path("representativeness/", admin.site.admin_view(representativeness_page), name="representativeness"),
]
