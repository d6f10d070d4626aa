from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        """Tell delivery how a message about an invitation is built; delivery knows no app above it."""
        from feedback_site.delivery.services import register_builder  # noqa: PLC0415 - models are ready only now
        from surveys.services.messages import MESSAGE_SUBJECT, build_messages, look_once_more  # noqa: PLC0415

        register_builder(MESSAGE_SUBJECT, build_messages, last_look=look_once_more)
