"""One spelling for each phone number and email address, so that equal contacts compare equal."""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumberFormat, ValidationResult

from feedback_site.common.exceptions import DomainError

_REGION = "CN"
# What the library makes of every Chinese mobile number: no need to ask it again.
_CHINESE_MOBILE = re.compile(r"\+861\d{10}", re.ASCII)


def normalise_phone(value: str) -> str:
    """Return `value` in E.164; numbers without a country are Chinese. Raises `DomainError` naming the field, never the number.

    Only the length is checked: number ranges are opened faster than any table of them is updated.
    """
    if _CHINESE_MOBILE.fullmatch(value):
        return value
    try:
        number = phonenumbers.parse(value.strip(), _REGION)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        raise DomainError(_("This is not a phone number that can be called."), {"field": "phone"})
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def normalise_email(value: str) -> str:
    """Return `value` without surrounding space. Raises `DomainError` naming the field, never the address."""
    address = value.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise DomainError(_("This is not an email address."), {"field": "email"}) from None
    return address
