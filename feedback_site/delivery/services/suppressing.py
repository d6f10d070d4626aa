"""Addresses we no longer write to."""

from datetime import datetime

from feedback_site.common.masking import mask_email, mask_phone
from feedback_site.customers.services import blind_index
from feedback_site.delivery.enums import DeliveryChannel, SuppressionReason
from feedback_site.delivery.models import Suppression


def index_of(*, channel: DeliveryChannel, address: str) -> bytes:
    """Return the blind index under which `channel` knows `address`; what is no phone number or email raises as `blind_index` does."""
    return blind_index(column="phone" if channel == DeliveryChannel.SMS else "email", value=address)


def mask_of(*, channel: DeliveryChannel, address: str) -> str:
    """Return what staff may see of `address`."""
    return mask_phone(address) if channel == DeliveryChannel.SMS else mask_email(address)


def suppress_address(*, channel: DeliveryChannel, address: str, reason: SuppressionReason, at: datetime) -> Suppression:
    """Never write to `address` by `channel` again; a repeat returns what was stated first."""
    suppression, _is_new = Suppression.objects.get_or_create(
        channel=channel,
        address_index=index_of(channel=channel, address=address),
        defaults={"address_mask": mask_of(channel=channel, address=address), "reason": reason, "suppressed_at": at},
    )
    return suppression
