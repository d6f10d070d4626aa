"""Addresses we no longer write to."""

from datetime import datetime

from django.db import transaction

from feedback_site.common.masking import mask_email, mask_phone
from feedback_site.common.sealing import (
    ContactColumn,
    ContactIndex,
    contact_index,
    index_of_normalised,
    reveal,
    seal,
)
from feedback_site.common.sealing.keys import index_keys
from feedback_site.delivery.enums import DeliveryChannel, SuppressionReason
from feedback_site.delivery.models import Suppression

_PLACE = {"table": Suppression._meta.db_table, "column": "address"}  # noqa: SLF001 - Django's documented API


def column_of(channel: str) -> ContactColumn:
    """Return which kind of contact a delivery channel writes to."""
    return "phone" if channel == DeliveryChannel.SMS else "email"


def index_of(*, channel: DeliveryChannel, address: str) -> ContactIndex:
    """Return how rows may know `address`; what is no phone number or email raises as `contact_index` does."""
    return contact_index(column=column_of(channel), value=address)


def mask_of(*, channel: DeliveryChannel, address: str) -> str:
    """Return what staff may see of `address`."""
    return mask_phone(address) if channel == DeliveryChannel.SMS else mask_email(address)


@transaction.atomic
def suppress_address(
    *, channel: DeliveryChannel, address: str, reason: SuppressionReason, at: datetime
) -> Suppression:
    """Never write to `address` by `channel` again; a repeat returns what was stated first."""
    contact = index_of(channel=channel, address=address)
    known = (
        Suppression.objects.filter(channel=channel, address_index__in=contact.known_as).order_by("pk").first()
    )
    if known is not None:
        return known
    suppression, is_new = Suppression.objects.get_or_create(
        channel=channel,
        address_index=contact.current,
        defaults={
            "address_mask": mask_of(channel=channel, address=address),
            "reason": reason,
            "suppressed_at": at,
        },
    )
    if is_new:
        # Bound to the row, whose id is known only now.
        suppression.address_sealed = seal(value=contact.value, row_id=suppression.pk, **_PLACE)
        suppression.save(update_fields=["address_sealed"])
    return suppression


def forms_of_bounces() -> dict[bytes, bytes]:
    """Return the index under which each address that bounced is held, by every other form of it.

    Empty while one key is in use: all rows hold the same form then. One query, which opens the addresses.
    """
    if len(index_keys()) == 1:
        return {}
    bounces = Suppression.objects.filter(reason=SuppressionReason.BOUNCED, address_sealed__isnull=False)
    held: dict[bytes, bytes] = {}
    for row in bounces.only("channel", "address_index", "address_sealed"):
        address = reveal(sealed=bytes(row.address_sealed or b""), row_id=row.pk, **_PLACE)
        index = index_of_normalised(column=column_of(row.channel), value=address)
        held |= dict.fromkeys(index.known_as, bytes(row.address_index))
    return held
