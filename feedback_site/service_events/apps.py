from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServiceEventsConfig(AppConfig):
    name = "feedback_site.service_events"
    verbose_name = _("Service")
