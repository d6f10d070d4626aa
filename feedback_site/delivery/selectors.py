"""Reads across the outbox."""

from collections.abc import Collection

from feedback_site.common.sealing import ContactIndex, known_forms, match_forms
from feedback_site.delivery.enums import DeliveryChannel
from feedback_site.delivery.models import Suppression


def suppressed_contacts(channel: DeliveryChannel, contacts: Collection[ContactIndex]) -> set[bytes]:
    """Return the current index of those contacts that `channel` must not write to.

    A suppression counts under every key.

    One query, none without contacts.
    """
    if not contacts:
        return set()
    forms = known_forms(contacts)
    rows = Suppression.objects.filter(channel=channel, address_index__in=list(forms))
    return match_forms(rows.values_list("address_index", flat=True), forms)
