from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NpsConfig(AppConfig):
    name = "nps"
    verbose_name = _("NPS campaigns")

    def ready(self) -> None:
        """Tell surveys what asks with a questionnaire; surveys knows no app above it."""
        from feedback_site.questionnaires.services.retiring import (  # noqa: PLC0415
            register_users,
        )
        from nps.selectors.questionnaires import active_programmes, open_campaigns  # noqa: PLC0415 - models are ready only now

        register_users(active_programmes)
        register_users(open_campaigns)
