from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServiceEventsConfig(AppConfig):
    name = "feedback_site.service_events"
    verbose_name = _("Service")

    def ready(self) -> None:
        """Tell imports how rows are parsed, by the rules of the API, which stands above them, and name what is sealed here."""
        from feedback_site.customers.services import register_sealed_column  # noqa: PLC0415 - models are ready only now
        from feedback_site.service_events.api.event_files.parsing import heading_test, make_parser  # noqa: PLC0415
        from feedback_site.service_events.models import EventContact, EventImportPart, WebhookSecret  # noqa: PLC0415
        from feedback_site.service_events.services.importing import register_row_parser  # noqa: PLC0415

        register_row_parser(make_parser, heading_test)
        register_sealed_column(WebhookSecret, "secret_sealed")
        register_sealed_column(EventContact, "phone_sealed", index="phone_index")
        register_sealed_column(EventContact, "email_sealed", index="email_index")
        register_sealed_column(EventImportPart, "content_sealed")
