"""What the pages of signing in share."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from feedback_site.common.exceptions import DomainError


def show(
    request: HttpRequest, template: str, *, title: Any, status: int = 200, **context: Any
) -> HttpResponse:
    """Return a page in the look of the sign-in."""
    shared = {**admin.site.each_context(request), "title": title, "next_address": next_address(request)}
    return render(request, f"accounts/{template}.html", {**shared, **context}, status=status)


def next_address(request: HttpRequest) -> str:
    """Return where the reader was going, if that is on this site; else the first page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else reverse("admin:index")


def refuse(form: forms.Form, error: DomainError) -> int:
    """Put the error at the code's field and return the status that goes with it."""
    form.add_error("code", str(error.message))
    return error.status_code
