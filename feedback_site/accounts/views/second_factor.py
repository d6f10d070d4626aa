"""The second step of signing in: a code, or setting the second factor up."""

import io
from base64 import b32encode
from typing import cast

import segno
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods
from django_otp import login

from feedback_site.accounts.forms import CodeForm, EnrolForm, RecoveryCodeForm
from feedback_site.accounts.models import User
from feedback_site.accounts.selectors import has_given_code, second_factor_state
from feedback_site.accounts.services import check_second_factor, device_of, enrol_second_factor, new_secret
from feedback_site.accounts.views.page import next_address, refuse, show
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError

_SALT = "accounts.enrol"
_ENROL_SECONDS = 60 * 60
_GROUP = 4


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("form")
def code_page(request: HttpRequest) -> HttpResponse:
    """Ask a person who has a second factor for a code, once a session."""
    user = cast("User", request.user)
    if has_given_code(user) or not second_factor_state(user).is_enrolled:
        return redirect(next_address(request))
    is_recovery = "recovery" in request.GET
    form = (RecoveryCodeForm if is_recovery else CodeForm)(request.POST or None)
    status = 200
    if form.is_valid():
        try:
            device = check_second_factor(user=user, code=form.cleaned_data["code"])
        except DomainError as error:
            status = refuse(form, error)
        else:
            request.session.cycle_key()
            login(request, device)
            return redirect(next_address(request))
    return show(request, "code", title=_("One more step"), status=status, form=form, is_recovery=is_recovery)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("form", "secret", "codes")
def enrol_page(request: HttpRequest) -> HttpResponse:
    """Show a new secret as a QR code.

    The first right code sets it up and shows the recovery codes, this once.
    """
    user = cast("User", request.user)
    state = second_factor_state(user)
    if state.is_enrolled:
        return redirect("sign-in:security")
    secret = _secret_of(request, user)
    form = EnrolForm(request.POST if secret and request.method == "POST" else None)
    status = 200
    if secret and form.is_valid():
        try:
            device, codes = enrol_second_factor(
                user=user, secret=secret, code=form.cleaned_data["code"], at=database_now()
            )
        except DomainError as error:
            status = refuse(form, error)
        else:
            request.session.cycle_key()
            login(request, device)
            return show(request, "recovery_codes", title=_("Keep these recovery codes"), codes=codes)
    secret = secret or new_secret()
    signed = signing.dumps([user.pk, secret], salt=_SALT)
    context = {
        "form": form,
        "signed": signed,
        "qr": _qr(user, secret),
        "secret": _spelled(secret),
        "is_required": state.is_required,
    }
    return show(request, "enrol", title=_("Set up a second factor"), status=status, **context)


def _secret_of(request: HttpRequest, user: User) -> str:
    """The secret that this page gave to this person within the hour, else nothing."""
    try:
        owner, secret = signing.loads(request.POST.get("secret", ""), salt=_SALT, max_age=_ENROL_SECONDS)
    except signing.BadSignature:
        return ""
    return str(secret) if owner == user.pk else ""


def _qr(user: User, secret: str) -> SafeString:
    drawing = io.BytesIO()
    code = segno.make(device_of(user=user, secret=secret).config_url, error="m", micro=False)
    code.save(
        drawing,
        kind="svg",
        xmldecl=False,
        svgns=False,
        border=2,
        scale=5,
        omitsize=True,
        title=str(_("QR code")),
    )
    return mark_safe(drawing.getvalue().decode())  # noqa: S308 - paths drawn by segno; the address is in their shape only


def _spelled(secret: str) -> str:
    """The secret as apps ask for it by hand: base32 in groups of four."""
    text = b32encode(bytes.fromhex(secret)).decode()
    return " ".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))
