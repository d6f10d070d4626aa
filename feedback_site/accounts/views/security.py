"""One's own sign-in: the second factor, its recovery codes, sessions elsewhere."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from feedback_site.accounts.forms import CodeForm, StaffContactsForm
from feedback_site.accounts.models import User
from feedback_site.accounts.selectors import recovery_codes_left, second_factor_state
from feedback_site.accounts.services import (
    change_staff_contacts,
    check_second_factor,
    remove_second_factor,
    renew_recovery_codes,
    sign_out_everywhere,
)
from feedback_site.accounts.views.page import refuse, show
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError

PAGE = "sign-in:security"


@require_safe
def security_page(request: HttpRequest) -> HttpResponse:
    """Show how the reader signs in, and their phone and accounts."""
    return _show(request, CodeForm())


@require_POST
@sensitive_variables("form")
def own_contacts(request: HttpRequest) -> HttpResponse:
    """Give the reader the phone and accounts that they state."""
    user = cast("User", request.user)
    form = StaffContactsForm(request.POST, instance=user)
    if not form.is_valid():
        return _show(request, CodeForm(), contacts=form, status=400)
    try:
        changes = change_staff_contacts(user=user, contacts=form.contacts(), by=user, at=database_now())
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _show(request, CodeForm(), contacts=form, status=error.status_code)
    messages.success(request, _("Your contacts are saved.") if changes else _("Nothing was changed."))
    return redirect(PAGE)


@require_POST
@sensitive_variables("form", "codes")
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show new recovery codes, this once, to the person who has a code of the app."""
    form = CodeForm(request.POST)
    status = _check(request, form)
    if status:
        return _show(request, form, status=status)
    codes = renew_recovery_codes(user=cast("User", request.user), at=database_now())
    return show(request, "recovery_codes", title=_("Keep these recovery codes"), codes=codes)


@require_POST
@sensitive_variables("form")
def turn_off(request: HttpRequest) -> HttpResponse:
    """Turn the second factor off, for a new phone or for good."""
    form = CodeForm(request.POST)
    status = _check(request, form)
    if status:
        return _show(request, form, status=status)
    remove_second_factor(user=cast("User", request.user), at=database_now())
    messages.success(request, _("Your second factor is off."))
    return redirect(PAGE)


@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """End every other session of the reader."""
    user = cast("User", request.user)
    sign_out_everywhere(user=user, by=user, at=database_now())
    update_session_auth_hash(request, user)
    messages.success(request, _("You are signed out everywhere else."))
    return redirect(PAGE)


def _check(request: HttpRequest, form: CodeForm) -> int:
    """Use up the code; return the status of a refusal, or 0."""
    if not form.is_valid():
        return 400
    try:
        check_second_factor(user=cast("User", request.user), code=form.cleaned_data["code"])
    except DomainError as error:
        return refuse(form, error)
    return 0


def _show(
    request: HttpRequest, form: CodeForm, *, contacts: StaffContactsForm | None = None, status: int = 200
) -> HttpResponse:
    user = cast("User", request.user)
    form.fields["code"].widget.attrs.pop("autofocus", None)  # there is something to read first
    context = {
        "state": second_factor_state(user),
        "codes_left": recovery_codes_left(user),
        "form": form,
        "contacts": contacts or StaffContactsForm(instance=user),
    }
    return show(request, "security", title=_("Sign-in and security"), status=status, **context)
