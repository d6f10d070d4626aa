from feedback_site.delivery.channels import Envelope, Void
from feedback_site.delivery.selectors import suppressed_contacts
from feedback_site.delivery.services.building import (
    Builder,
    Content,
    preview,
    register_builder,
    shows_live_links,
)
from feedback_site.delivery.services.delivering import BATCH, DeliveryCounts, deliver_messages
from feedback_site.delivery.services.queueing import FIRST_STEP, NewMessage, queue_messages
from feedback_site.delivery.services.stopping import Stopped, move_messages, stop_messages
from feedback_site.delivery.services.suppressing import forms_of_bounces, index_of, mask_of, suppress_address

__all__ = [
    "BATCH",
    "FIRST_STEP",
    "Builder",
    "Content",
    "DeliveryCounts",
    "Envelope",
    "NewMessage",
    "Stopped",
    "Void",
    "deliver_messages",
    "forms_of_bounces",
    "index_of",
    "mask_of",
    "move_messages",
    "preview",
    "queue_messages",
    "register_builder",
    "shows_live_links",
    "stop_messages",
    "suppress_address",
    "suppressed_contacts",
]
