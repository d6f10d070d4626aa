"""One spelling for each phone number and email address, so that equal contacts compare equal.

A number is what is written as one: nothing is guessed, dropped or
completed, because a digit more or less is the phone of a stranger.
"""

import re
import unicodedata

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType, ValidationResult

from feedback_site.common.exceptions import DomainError

_COUNTRY = "86"
_TRUNK = "0"
_LONGEST_PHONE = 40
_LONGEST_NAME = 120
_LONGEST_EMAIL, _LONGEST_LOCAL = 254, 64
# Full-width forms as Chinese keyboards type them, the dashes
# there are, and marks without width that copying brings along.
_PLAIN = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys([0x3000, 0x00A0, 0x2002, 0x2003, 0x2009, 0x202F], " ")
    | dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63], "-")
    | dict.fromkeys(
        [0x00AD, *range(0x200B, 0x2010), 0x202A, 0x202C, 0x202D, 0x2060, *range(0x2066, 0x206A), 0xFEFF]
    )
)
# What a spreadsheet makes of a number that it took for a quantity; any other decimal is no phone number.
_QUANTITY = re.compile(r"(\+?\d+)\.0+", re.ASCII)
_DECIMAL = re.compile(r"[^.]*\d\.\d+", re.ASCII)
_WRITTEN = re.compile(r"(?:\+ *)?\d[\d .-]*(?:\(\d[\d -]*\)[\d .-]*)?\d|\(\+?\d[\d -]*\)[\d .-]*\d", re.ASCII)
_WITH_TRUNK_IN_BRACKETS = re.compile(r"((?:\+|00)\d[\d -]*)\(0\)", re.ASCII)
_CHINESE_WITHOUT_PLUS = re.compile(r"86\d{10,}", re.ASCII)
# Persian names and signs of several parts need them; other
# marks without width only turn or hide what is written.
_JOINERS = "\u200c\u200d"
_TAKES_TEXTS = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_is_email = EmailValidator(allowlist=[])


def normalise_name(value: str) -> str:
    """Return a name on one line, without invisible marks.

    Raises `DomainError` naming the field, never the name.
    """
    spaced = (" " if char.isspace() else char for char in value)
    shown = (char for char in spaced if not _is_unseen(char))
    name = " ".join("".join(shown).split())
    if len(name) > _LONGEST_NAME or any("\ud800" <= char <= "\udfff" for char in name):
        raise DomainError(_("This is not a name that can be stored."), {"field": "name"})
    return name


def normalise_phone(value: str) -> str:
    """Return `value` in E.164; numbers without a country are Chinese.

    Raises `DomainError` naming the field, never the number.

    Letters, masks, extensions, a second number and what is no number
    in its country are refused; a land line needs its area code.
    """
    number = _read_phone(value)
    if number is None:
        raise DomainError(_("This is not a phone number that can be called."), {"field": "phone"})
    return number


def takes_texts(phone: str) -> bool:
    """Return whether a phone in E.164 may be a mobile: a text cannot reach a land line."""
    parsed = _parsed(phone)
    if parsed is None or not phone.startswith("+"):
        return False
    return _is_on_trial(phone, parsed) or phonenumbers.number_type(parsed) in _TAKES_TEXTS


def normalise_email(value: str) -> str:
    """Return the address without surrounding space, its domain in ASCII.

    Raises `DomainError` naming the field, never the address.

    One bare address: no name beside it, no second one, no
    quoted mailbox, no domain that mail cannot be sent to.
    """
    address = _bare_address(value.translate(_PLAIN).strip())
    if address is None:
        raise DomainError(_("This is not an email address."), {"field": "email"})
    return address


def _is_unseen(char: str) -> bool:
    return char not in _JOINERS and unicodedata.category(char) in {"Cc", "Cf"}


def _bare_address(text: str) -> str | None:
    local, _at, domain = text.rpartition("@")
    if (
        "@" in local
        or '"' in local
        or not 0 < len(local) <= _LONGEST_LOCAL
        or not _is_plainly_written(domain)
    ):
        return None
    try:
        address = text if domain.isascii() else f"{local}@{domain.encode('idna').decode()}"
        _is_email(address)
    except (ValidationError, UnicodeError):
        return None
    return address if len(address) <= _LONGEST_EMAIL else None


def _is_plainly_written(domain: str) -> bool:
    """Return whether the name of a host has one spelling.

    It is no literal address, and holds nothing that older and newer rules read differently.
    """
    return not set(domain) & set("[ßς\u200c\u200d") and unicodedata.normalize("NFKC", domain) == domain


def _read_phone(value: str) -> str | None:
    text = value.translate(_PLAIN).strip()
    if len(text) > _LONGEST_PHONE:
        return None
    quantity = _QUANTITY.fullmatch(text)
    text = quantity[1] if quantity else _WITH_TRUNK_IN_BRACKETS.sub(r"\1", text)
    if not _WRITTEN.fullmatch(text) or _DECIMAL.fullmatch(text) or _ends_with_a_stray_digit(text):
        return None
    number = _number_of(text)
    return None if number is None or _holds_two(text, number) else number


def _number_of(text: str) -> str | None:
    """Return the number of a text that is written as one, if there is such a number in its country."""
    digits = re.sub(r"\D", "", text)
    is_full, international = _with_country(digits, has_plus="+" in text)
    parsed = _parsed(international)
    if parsed is None:
        return None
    number: str = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    if _is_on_trial(number, parsed):
        return number
    kind = phonenumbers.number_type(parsed)
    needs_area_code = kind == PhoneNumberType.FIXED_LINE and not is_full
    return (
        number
        if _says_the_same(international, number, parsed)
        and kind != PhoneNumberType.UNKNOWN
        and not needs_area_code
        else None
    )


def _with_country(digits: str, *, has_plus: bool) -> tuple[bool, str]:
    """Return whether the digits say country or area themselves, and the number with its country."""
    if has_plus:
        return True, f"+{digits}"
    if digits.startswith("00"):
        return True, f"+{digits[2:]}"
    if digits.startswith(_TRUNK):
        return True, f"+{_COUNTRY}{digits[1:]}"
    if _CHINESE_WITHOUT_PLUS.fullmatch(digits):
        return True, f"+{digits}"
    return False, f"+{_COUNTRY}{digits}"


def _parsed(international: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(international, None)
    except phonenumbers.NumberParseException:
        return None


def _says_the_same(international: str, number: str, parsed: PhoneNumber) -> bool:
    """Return whether the library only dropped a trunk zero.

    It also drops carriers' prefixes, and a number that begins like one.
    """
    prefix = f"+{parsed.country_code}"
    return number in (international, international.replace(prefix + _TRUNK, prefix, 1))


def _is_on_trial(number: str, parsed: PhoneNumber) -> bool:
    """Return whether the demo and the tests may use this number, which belongs to no person."""
    reason = phonenumbers.is_possible_number_for_type_with_reason(parsed, PhoneNumberType.MOBILE)
    return reason == ValidationResult.IS_POSSIBLE and number.startswith(tuple(settings.TRIAL_PHONE_PREFIXES))


def _ends_with_a_stray_digit(text: str) -> bool:
    """Return whether a last digit stands apart, as in `1380000010 7` and `…106-1`.

    It belongs to something else, unless all digits are written apart.
    """
    groups = re.findall(r"\d+", text)
    return len(groups) > 1 and len(groups[-1]) == 1 and any(len(group) > 1 for group in groups)


def _holds_two(text: str, number: str) -> bool:
    """Return whether a Chinese number is complete before its last group.

    That group is an extension, or the rest of another number.
    """
    if not number.startswith(f"+{_COUNTRY}"):
        return False
    ends = [found.start() for found in re.finditer(r"[ .-]+(?=\d)", text)]
    return any(_number_of(text[:end]) is not None for end in ends)
