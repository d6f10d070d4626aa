"""Reads what a person typed into the form: an entry, or a sentence at each field that cannot be taken."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError
from feedback_site.common.sealing import normalise_email, normalise_phone
from feedback_site.voice.enums import EntryKind
from feedback_site.voice.rules import LONGEST_TEXT

FIELDS = ("kind", "text", "ticket", "name", "phone", "email", "may_contact", "may_publish")
LONGEST = {"text": LONGEST_TEXT, "ticket": 80, "name": 80, "phone": 40, "email": 120}
_YES = "yes"


class _WrongError(ValueError):
    """A value that cannot be taken; `str()` is the sentence."""


@dataclass(frozen=True, kw_only=True)
class EntryDraft:
    """What a customer wrote. The contact is normalised, and empty unless they agreed to be contacted."""

    kind: EntryKind
    text: str
    ticket_number: str = ""
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    may_contact: bool = False
    may_publish: bool = False


@dataclass(frozen=True)
class ReadEntry:
    """The entry, or `errors` by field; `values` are what was typed, to be shown again."""

    draft: EntryDraft | None
    errors: Mapping[str, str]
    values: Mapping[str, str]


def read_entry(fields: Mapping[str, Sequence[str]]) -> ReadEntry:
    """Check `fields` (name -> values as sent).

    Names that the form does not have are ignored and never stored.
    """
    values = {name: (fields.get(name) or [""])[0] for name in FIELDS}
    read: dict[str, str] = {}
    errors: dict[str, str] = {}
    for name in FIELDS:
        try:
            read[name] = _READERS.get(name, _read_line)(name, _single(fields.get(name, ())))
        except (_WrongError, DomainError) as error:
            errors[name] = str(error)
    errors |= _contact_errors(read, errors)
    ordered = {name: errors[name] for name in FIELDS if name in errors}
    return ReadEntry(None if ordered else _draft(read), ordered, values)


def _draft(read: Mapping[str, str]) -> EntryDraft:
    return EntryDraft(
        kind=EntryKind(read["kind"]),
        text=read["text"],
        ticket_number=read["ticket"],
        name=read["name"],
        phone=read["phone"],
        email=read["email"],
        may_contact=bool(read["may_contact"]),
        may_publish=bool(read["may_publish"]),
    )


def _contact_errors(read: Mapping[str, str], errors: Mapping[str, str]) -> dict[str, str]:
    """Refuse a contact without a yes, and a yes without a contact.

    The first may not be kept, the second helps no customer: ask rather than guess.
    """
    if {"name", "phone", "email", "may_contact"} & errors.keys():
        return {}
    is_reachable = bool(read["phone"] or read["email"])
    if read["may_contact"] and not is_reachable:
        return {
            "phone": _(
                "Please give a phone number or an email address, or clear the box that allows us to contact "
                "you."
            )
        }
    if (is_reachable or read["name"]) and not read["may_contact"]:
        return {
            "may_contact": _(
                "Please tick this box so that we may contact you, or leave name, phone and email empty."
            )
        }
    return {}


def _single(values: Sequence[str]) -> str:
    given = {value for value in values if value.strip()}
    if len(given) > 1:
        raise _WrongError(_("Please give one answer only."))
    return given.pop() if given else ""


def _read_kind(_name: str, raw: str) -> str:
    if raw not in EntryKind.values:
        raise _WrongError(_("Please choose what you would like to tell us."))
    return raw


def _read_text(name: str, raw: str) -> str:
    # Browsers send line ends as CRLF but count one character each.
    text = _checked(name, raw.replace("\r\n", "\n").strip())
    if not text:
        raise _WrongError(_("Please write something here."))
    return text


def _read_line(name: str, raw: str) -> str:
    return _checked(name, " ".join(unicodedata.normalize("NFKC", raw).split()))


def _read_phone(name: str, raw: str) -> str:
    text = _checked(name, raw.strip())
    return normalise_phone(text) if text else ""


def _read_email(name: str, raw: str) -> str:
    text = _checked(name, raw.strip())
    return normalise_email(text) if text else ""


def _read_tick(_name: str, raw: str) -> str:
    if raw not in {"", _YES}:
        raise _WrongError(_("Please tick the box or leave it empty."))
    return raw


def _checked(name: str, text: str) -> str:
    if "\x00" in text:
        raise _WrongError(_("This text contains characters that cannot be stored. Please remove them."))
    if len(text) > LONGEST[name]:
        message = _("Please shorten this text to %(most)s characters; it has %(length)s.")
        raise _WrongError(message % {"most": LONGEST[name], "length": len(text)})
    return text


_READERS: dict[str, Callable[[str, str], str]] = {
    "kind": _read_kind,
    "text": _read_text,
    "phone": _read_phone,
    "email": _read_email,
    "may_contact": _read_tick,
    "may_publish": _read_tick,
}
