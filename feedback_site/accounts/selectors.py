"""Where the sign-in of a person stands, and the settings of the company."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django_otp.plugins.otp_static.models import StaticToken

from feedback_site.accounts.enums import Role, SecondFactorRule
from feedback_site.accounts.models import Organisation, User
from feedback_site.common.client_address import is_device
from feedback_site.common.languages import reader_language
from feedback_site.common.public_pages import Brand

# Pages say hours and minutes: a person who is told 17:05 must not be refused at half past it.
_ALMOST_A_MINUTE = timedelta(seconds=59, microseconds=999_999)

# So long a process goes by the company's settings as it read them last.
_FRESH_SECONDS = 10.0
_kept: list[tuple[float, Organisation]] = []
_brand_of: list[tuple[Organisation, Brand]] = []


def organisation_settings() -> Organisation:
    """Return the settings of the company, to be read only.

    A change holds at once in the process that makes it, within ten seconds in all others.
    """
    for until, organisation in _kept[:1]:
        if time.monotonic() < until:
            return organisation
    return remember_organisation(Organisation.objects.current())


def remember_organisation(organisation: Organisation) -> Organisation:
    """Go by these settings for a while, and return them."""
    _kept[:] = [(time.monotonic() + _FRESH_SECONDS, organisation)]
    return organisation


def stated_brand() -> Brand:
    """Return what customers' pages are headed with, made once for settings as they were read."""
    stated = organisation_settings()
    for known, brand in _brand_of[:1]:
        if known is stated:
            return brand
    made = Brand(
        tuple(stated.names.items()),
        stated.hotline,
        stated.time_zone,
        stated.colour,
        stated.logo_id or "",
        tuple(stated.languages),
    )
    _brand_of[:] = [(stated, made)]
    return made


def company_name(request: HttpRequest) -> str:
    """Return what staff pages are headed with: the company's name, else the product's."""
    del request
    return stated_brand().name_in(reader_language()) or _("Feedback Site")


def logo_address(request: HttpRequest) -> str | None:
    """Return the address of the company's logo for staff pages, None where it has none."""
    del request
    digest = stated_brand().logo
    return reverse("logo", args=[digest]) if digest else None


def stated_languages() -> Sequence[str]:
    """Return the languages that staff write in, the default one first."""
    return organisation_settings().languages


def stated_zone_name() -> str:
    """Return the time zone of the company."""
    return organisation_settings().time_zone


def forget_organisation() -> None:
    """Read the settings again at the next occasion."""
    _kept.clear()


@dataclass(frozen=True, slots=True)
class SecondFactorState:
    """Whether a colleague has set up a second factor, and whether their role must."""

    is_enrolled: bool
    is_required: bool


def second_factor_state(user: User) -> SecondFactorState:
    """Return how far `user` is with the second factor.

    Needs no statement for the person who is signed in: their row was read with what this needs.
    """
    known: Any = (
        user if hasattr(user, "has_second_factor") else User.objects.with_second_factor().get(pk=user.pk)
    )
    role = Role.ADMINISTRATOR if user.is_superuser else Role(user.role)
    return SecondFactorState(bool(known.has_second_factor), is_required_for(role, known.second_factor_rule))


def has_given_code(user: User) -> bool:
    """Return whether the second factor was given in this session, as `OTPMiddleware` found out."""
    return getattr(user, "otp_device", None) is not None


def is_required_for(role: Role, rule: str | None) -> bool:
    """Return whether `role` needs a second factor under `rule`.

    Without a rule, or where the rule says so, the configuration decides.
    """
    if rule in {None, SecondFactorRule.AS_CONFIGURED}:
        return role.value in settings.SECOND_FACTOR_ROLES
    return rule == SecondFactorRule.REQUIRED


def recovery_codes_left(user: User) -> int:
    """Return how many recovery codes `user` has not used."""
    left: int = StaticToken.objects.filter(device__user=user).count()
    return left


def locked_until(*, username: str, address: str, at: datetime) -> datetime | None:
    """Return the full minute from which `username` may try again from `address`.

    None while the name is open.
    """
    cool_off = settings.AXES_COOLOFF_TIME
    recent = AccessAttempt.objects.filter(username=username, attempt_time__gte=at - cool_off).order_by(
        "attempt_time"
    )
    anywhere = list(recent.values_list("attempt_time", "failures_since_start", "ip_address"))
    here = [attempt for attempt in anywhere if attempt[2] == address]
    by_name = None if is_device(address) else _end(anywhere, settings.SIGN_IN_FAILURES_BY_NAME)
    ends = (_end(here, settings.SIGN_IN_FAILURES), by_name)
    closed = max((end + cool_off for end in ends if end is not None), default=None)
    return None if closed is None else (closed + _ALMOST_A_MINUTE).replace(second=0, microsecond=0)


def _end(attempts: Sequence[tuple[datetime, int, str]], limit: int) -> datetime | None:
    """Return the moment at which enough of the oldest failures are forgotten to be below `limit`."""
    left, last = sum(failures for _when, failures, _address in attempts), None
    for moment, failures, _address in attempts:
        if left < limit:
            break
        left, last = left - failures, moment
    return last
