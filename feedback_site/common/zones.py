"""The time zone of the company, which is not the server's, and whether a zone exists.

An app further up states at its start how the zone is read; without it the server's holds.
"""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_readers: list[Callable[[], str]] = []


def provide_company_zone(read: Callable[[], str]) -> None:
    """State how the name of the company's zone is read; the latest statement holds."""
    _readers[:] = [read]


def server_zone_name() -> str:
    """Return the zone of the server: what a company has before it states one."""
    name: str = settings.TIME_ZONE
    return name


def company_zone_name() -> str:
    """Return the name of the zone by which the company's days begin: new teams and programmes have it."""
    return _readers[0]() if _readers else server_zone_name()


def company_zone() -> ZoneInfo:
    """Return the zone by which the company's days begin where no team's does."""
    return ZoneInfo(company_zone_name())


def validate_zone(name: str) -> None:
    """Refuse a zone that does not exist."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValidationError(_("There is no such time zone. Write it like Asia/Shanghai.")) from None
