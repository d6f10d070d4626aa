from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        """Tell delivery, which knows no app above it, how a message about an invitation is built; name what is sealed here."""
        from feedback_site.customers.services import register_sealed_column  # noqa: PLC0415 - models are ready only now
        from feedback_site.delivery.services import register_builder  # noqa: PLC0415
        from surveys.models import Invitation  # noqa: PLC0415
        from surveys.services.messages import MESSAGE_SUBJECT, build_messages, look_once_more  # noqa: PLC0415

        register_sealed_column(Invitation, "contact_sealed", index="contact_index")
        register_builder(MESSAGE_SUBJECT, build_messages, last_look=look_once_more)
