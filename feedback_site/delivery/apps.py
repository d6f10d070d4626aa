from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "feedback_site.delivery"
    verbose_name = _("Delivery")

    def ready(self) -> None:
        """Name what is sealed here."""
        from feedback_site.common.sealing import register_sealed_column  # noqa: PLC0415 - models are ready only now
        from feedback_site.delivery.models import Suppression  # noqa: PLC0415

        register_sealed_column(Suppression, "address_sealed", index="address_index")
