"""Reads across the outbox."""

from collections.abc import Collection

from feedback_site.delivery.enums import DeliveryChannel
from feedback_site.delivery.models import Suppression


def suppressed_indexes(channel: DeliveryChannel, indexes: Collection[bytes]) -> set[bytes]:
    """Return those blind indexes of `indexes` that `channel` must not write to. One query, none without indexes."""
    if not indexes:
        return set()
    rows = Suppression.objects.filter(channel=channel, address_index__in=list(indexes))
    return {bytes(index) for index in rows.values_list("address_index", flat=True)}
