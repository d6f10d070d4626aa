from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "feedback_site.demo"
    verbose_name = "Demo"
