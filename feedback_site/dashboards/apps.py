from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.rules import register_access_actions
from feedback_site.dashboards.enums import ExportAccess


class DashboardsConfig(AppConfig):
    name = "feedback_site.dashboards"
    verbose_name = _("Dashboards")

    def ready(self) -> None:
        """Name what is put on record here."""
        register_access_actions(ExportAccess)
