from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VoiceConfig(AppConfig):
    name = "feedback_site.voice"
    verbose_name = _("Customer feedback")
