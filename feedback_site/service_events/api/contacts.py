"""Contacts as service systems send them.

One that cannot be used is left out and named, and never refuses the event.
"""

from collections.abc import Callable, Mapping
from typing import Any

from rest_framework import serializers

from feedback_site.common.exceptions import DomainError
from feedback_site.common.sealing import normalise_email, normalise_name, normalise_phone
from feedback_site.common.table_files import says_nothing
from feedback_site.service_events.enums import ContactFault
from feedback_site.service_events.services import LeftOut

_NORMALISERS: dict[str, tuple[Callable[[str], str], ContactFault]] = {
    "name": (normalise_name, ContactFault.NOT_A_NAME),
    "phone": (normalise_phone, ContactFault.NOT_A_PHONE_NUMBER),
    "email": (normalise_email, ContactFault.NOT_AN_EMAIL_ADDRESS),
}


class ContactField(serializers.CharField):
    """A contact as it was written.

    Refuses what is no text; `usable_contacts` finds out whether the text can be used.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, allow_null=True, allow_blank=True, **options)
        # Half characters and NUL make a contact useless, and nothing more.
        self.validators = []


def usable_contacts(customer: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[LeftOut, ...]]:
    """Return the customer with its contacts in their one spelling, and those that had to be left out."""
    usable, left_out = dict(customer), []
    for name, (normalise, fault) in _NORMALISERS.items():
        if name not in usable:
            continue
        written = usable.pop(name)
        if name == "name" and _is_no_name(written):
            left_out.append(LeftOut("customer.name", ContactFault.NAMES_NOBODY))
            continue
        try:
            value = normalise(written)
        except DomainError:
            left_out.append(LeftOut(f"customer.{name}", fault))
            continue
        if value:
            usable[name] = value
    return usable, tuple(left_out)


def known_agent(agent: str) -> tuple[str, tuple[LeftOut, ...]]:
    """Return the number of an agent; none where a word says that the number is not known.

    That word would be credited like an agent.
    """
    return (
        ("", (LeftOut("agent", ContactFault.NAMES_NOBODY),)) if agent and says_nothing(agent) else (agent, ())
    )


def _is_no_name(written: str) -> bool:
    """A word that says nothing, or digits alone: a column has slipped."""
    return bool(written.strip()) and says_nothing(
        "".join(character for character in written if not character.isdigit())
    )


def with_contact_errors(errors: Any, body: Any) -> Any:
    """Add the unusable contacts to the errors of a body that is refused for other reasons.

    The sender can then mend all at once.
    """
    customer = body.get("customer") if isinstance(body, Mapping) else None
    if (
        not isinstance(errors, Mapping)
        or not isinstance(customer, Mapping)
        or not isinstance(errors.get("customer", {}), Mapping)
    ):
        return errors
    wrong = {
        name: [sentence] for name in _NORMALISERS if (sentence := _what_is_wrong(name, customer.get(name)))
    }
    return {**errors, "customer": {**wrong, **errors.get("customer", {})}} if wrong else errors


def _what_is_wrong(name: str, written: Any) -> str:
    try:
        if isinstance(written, str) and written.strip():
            _NORMALISERS[name][0](written)
    except DomainError as error:
        return str(error.message)
    return ""


def as_warnings(left_out: tuple[LeftOut, ...]) -> list[dict[str, str]]:
    """Return what was left out as replies list it."""
    return [{"field": one.field, "code": one.fault.value} for one in left_out]
