from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from feedback_site.common.working_time import provide_calendar


class VisitsConfig(AppConfig):
    name = "visits"
    verbose_name = _("Return visits")

    def ready(self) -> None:
        """Let the apps below reckon in the working days that are stated here, and learn which plans ask with a questionnaire."""
        from surveys.services.retiring import register_users  # noqa: PLC0415 - models are ready only now
        from visits.selectors.calendar import calendar_around  # noqa: PLC0415
        from visits.selectors.questionnaires import active_plans  # noqa: PLC0415

        provide_calendar(calendar_around)
        register_users(active_plans)
