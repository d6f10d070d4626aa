"""The contact that an invitation was written to.

A customer who opens its link has shown that they read what comes there.
"""

from feedback_site.common.sealing import ContactColumn, ContactIndex, index_of_normalised, reveal, seal
from surveys.models import Invitation

_PLACE = {"table": Invitation._meta.db_table, "column": "contact"}  # noqa: SLF001 - Django's documented API


def keep_contact(invitation: Invitation, contact: ContactIndex | None) -> None:
    """Give a new invitation the contact that it is written to, sealed, and its index for contact caps.

    The invitation is not saved yet.
    """
    if contact is not None:
        invitation.contact_index = contact.current
        invitation.contact_sealed = seal(value=contact.value, row_id=invitation.pk, **_PLACE)


def asked_contacts(invitation: Invitation) -> list[ContactIndex]:
    """Return the contact that an invitation was written to.

    Nothing where it was not sent, or is from before contacts were kept.
    """
    if invitation.contact_sealed is None:
        return []
    value = reveal(sealed=bytes(invitation.contact_sealed), row_id=invitation.pk, **_PLACE)
    column: ContactColumn = "email" if "@" in value else "phone"
    return [index_of_normalised(column=column, value=value)]
