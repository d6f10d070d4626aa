import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.common.constraints import one_of
from feedback_site.delivery.enums import DeliveryChannel, SuppressionReason


@pghistory.track(
    pghistory.InsertEvent(), pghistory.DeleteEvent(), exclude=["address_index", "address_sealed"]
)
class Suppression(models.Model):
    """An address that the site no longer writes to.

    It is found by its blind index, and sealed so that it can be indexed under another key.

    Staff see its mask. Rows from before addresses were kept have
    none until `rotate_keys` meets the address somewhere else.
    """

    channel = models.CharField(_("delivery channel"), max_length=10, choices=DeliveryChannel)
    address_index = models.BinaryField(max_length=36, editable=False)
    address_sealed = models.BinaryField(null=True, editable=False)
    address_mask = models.CharField(
        pgettext_lazy("contact", "phone number or email"), max_length=120, editable=False
    )
    reason = models.CharField(_("reason"), max_length=12, choices=SuppressionReason)
    suppressed_at = models.DateTimeField(_("added on"))

    class Meta:
        verbose_name = _("do-not-contact entry")
        verbose_name_plural = _("do-not-contact list")
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "address_index"], name="%(class)s_is_stated_once_per_address"
            ),
            one_of("channel", DeliveryChannel, name="has_a_known_channel"),
            one_of("reason", SuppressionReason, name="has_a_known_reason"),
        ]

    def __str__(self) -> str:
        return self.address_mask
