"""Addresses of signing in beyond the password, below the staff pages."""

from django.contrib import admin
from django.urls import path

from feedback_site.accounts.views import (
    code_page,
    enrol_page,
    own_contacts,
    recovery_codes,
    security_page,
    sign_out_elsewhere,
    turn_off,
)

app_name = "sign-in"
guarded = admin.site.admin_view
urlpatterns = [
    path("", guarded(security_page), name="security"),
    path("code/", guarded(code_page), name="code"),
    path("enrol/", guarded(enrol_page), name="enrol"),
    path("recovery-codes/", guarded(recovery_codes), name="recovery-codes"),
    path("turn-off/", guarded(turn_off), name="turn-off"),
    path("contacts/", guarded(own_contacts), name="contacts"),
    path("sign-out-elsewhere/", guarded(sign_out_elsewhere), name="sign-out-elsewhere"),
]
