from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.rules import register_access_actions
from feedback_site.customers.enums import CustomerAccess


class CustomersConfig(AppConfig):
    name = "feedback_site.customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        """Name what is sealed here, and check that its keys are there."""
        from feedback_site.common.sealing import register_sealed_column  # noqa: PLC0415
        from feedback_site.customers import checks  # noqa: F401, PLC0415 - models are ready only now
        from feedback_site.customers.models import (  # noqa: PLC0415 - models are ready only now
            ContactRefusal,
            Customer,
            SealedFile,
            SealedText,
        )

        register_access_actions(CustomerAccess)
        register_sealed_column(Customer, "name_sealed")
        register_sealed_column(Customer, "phone_sealed", index="phone_index")
        register_sealed_column(Customer, "email_sealed", index="email_index")
        register_sealed_column(ContactRefusal, "contact_sealed", index="contact_index")
        register_sealed_column(SealedFile, "content_sealed")
        register_sealed_column(SealedText, "content_sealed")
