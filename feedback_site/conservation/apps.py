from django.apps import AppConfig


class ConservationConfig(AppConfig):
    name = "feedback_site.conservation"
    verbose_name = "Conservation"
