"""The ways to a customer: one module per channel. `open_gateway` is the only entry."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from feedback_site.delivery.channels.email import open_email_gateway
from feedback_site.delivery.channels.envelopes import Envelope, Handover, Result, Void
from feedback_site.delivery.channels.sms import open_sms_gateway
from feedback_site.delivery.enums import DeliveryChannel


class Gateway(Protocol):
    """One connection, used for one batch by one thread."""

    def send(self, handover: Handover) -> Result:
        """Hand over one message.

        Never raises for what the other side does: every answer, and none, is a `Result`.
        """
        ...


_GATEWAYS: dict[DeliveryChannel, Callable[[], AbstractContextManager[Gateway]]] = {
    DeliveryChannel.EMAIL: open_email_gateway,
    DeliveryChannel.SMS: open_sms_gateway,
}


def open_gateway(channel: DeliveryChannel) -> AbstractContextManager[Gateway]:
    """Return the gateway of `channel`; it connects with the first message and closes with the block."""
    return _GATEWAYS[channel]()


__all__ = ["Envelope", "Gateway", "Handover", "Result", "Void", "open_gateway"]
