"""The second factor: codes of an authenticator app (TOTP, RFC 6238) and recovery codes."""

import hashlib
import re
import secrets
from base64 import b32encode
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from feedback_site.accounts.enums import AccountAccess
from feedback_site.accounts.exceptions import TooManyCodesError
from feedback_site.accounts.models import User
from feedback_site.accounts.services.access_log import record_access
from feedback_site.accounts.services.sessions import sign_out_everywhere
from feedback_site.common.exceptions import ConflictError, DomainError

RECOVERY_CODES = 10
_SECRET_BYTES, _CODE_BYTES, _GROUP, _STORED = 20, 10, 4, 16
_APP_CODE = re.compile(r"\d{6}")


def new_secret() -> str:
    """Return 160 random bits in hexadecimal; kept nowhere until a code proves that an app knows them."""
    return str(random_hex(_SECRET_BYTES))


def device_of(*, user: User, secret: str) -> TOTPDevice:
    """Return the device that `secret` would make, unsaved: it knows the address for the QR code."""
    return TOTPDevice(user=user, key=secret, name="app", confirmed=True)


@transaction.atomic
def enrol_second_factor(*, user: User, secret: str, code: str, at: datetime) -> tuple[TOTPDevice, list[str]]:
    """Set the second factor up and return its device and the recovery codes in clear, this once.

    Raises `DomainError` where the code is wrong, `ConflictError` where there is a second factor already.
    """
    User.objects.select_for_update().get(pk=user.pk)  # of two at a time, one
    if TOTPDevice.objects.filter(user=user, confirmed=True).exists():
        raise ConflictError(_("You already have a second factor. Turn it off first."))
    device = device_of(user=user, secret=secret)
    generator = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    generator.time = at.timestamp()
    digits = "".join(code.split())
    if not _APP_CODE.fullmatch(digits) or not generator.verify(int(digits), device.tolerance):
        raise DomainError(_wrong_code())
    device.last_t, device.drift = generator.t(), generator.drift  # this code is used up
    device.save()
    codes = _replace_recovery_codes(user)
    _note(user, by=user, change="set up", at=at)
    return device, codes


def check_second_factor(*, user: User, code: str) -> TOTPDevice:
    """Use up a code of the app or a recovery code and return the device it belongs to.

    Raises `DomainError` where it is wrong, `TooManyCodesError` while wrong ones came
    too fast. Call it outside a transaction: that a code was wrong must be remembered.
    """
    cleaned = re.sub(r"[\s-]", "", code)
    is_from_app = _APP_CODE.fullmatch(cleaned) is not None
    with transaction.atomic():
        devices = (TOTPDevice if is_from_app else StaticDevice).objects
        device = devices.select_for_update().filter(user=user, confirmed=True).first()
        is_allowed, why = device.verify_is_allowed() if device else (True, {})
        is_right = (
            device is not None
            and is_allowed
            and device.verify_token(cleaned if is_from_app else _stored(cleaned))
        )
    if not is_allowed:
        until = date_format(timezone.localtime(why["locked_until"]), "H:i:s")
        raise TooManyCodesError(
            _("Too many wrong codes. The next can be tried at %(time)s.") % {"time": until}
        )
    if not is_right:
        raise DomainError(_wrong_code())
    return TOTPDevice.objects.get(user=user, confirmed=True)


@transaction.atomic
def renew_recovery_codes(*, user: User, at: datetime) -> list[str]:
    """Return new recovery codes, this once; the old ones are void. The caller has checked a code."""
    codes = _replace_recovery_codes(user)
    _note(user, by=user, change="recovery codes renewed", at=at)
    return codes


@transaction.atomic
def remove_second_factor(*, user: User, at: datetime) -> None:
    """Turn one's own second factor off. The caller has checked a code."""
    _delete(user)
    _note(user, by=user, change="turned off", at=at)


@transaction.atomic
def reset_second_factor(*, user: User, by: User, at: datetime) -> None:
    """Take a lost second factor away and end the person's sessions, which may be in the finder's hands."""
    _delete(user)
    _note(user, by=by, change="reset", at=at)
    sign_out_everywhere(user=user, by=by, at=at)


def _delete(user: User) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def _replace_recovery_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery", confirmed=True)
    plain = [
        b32encode(secrets.token_bytes(_CODE_BYTES)).decode().lower() for _number in range(RECOVERY_CODES)
    ]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=_stored(code)) for code in plain])
    return ["-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP)) for code in plain]


def _stored(code: str) -> str:
    # A code has 80 random bits: a plain hash, cut to as many, cannot be reversed.
    return b32encode(hashlib.sha256(code.lower().encode()).digest()).decode()[:_STORED]


def _note(user: User, *, by: User, change: str, at: datetime) -> None:
    record_access(
        actor=by,
        action=AccountAccess.SECOND_FACTOR_CHANGED,
        subject_kind="user",
        subject_id=str(user.pk),
        team_id=user.team_id,
        details={"change": change},
        at=at,
    )


def _wrong_code() -> str:
    return _("This code is not right. Codes change every 30 seconds, and each can be used once.")
