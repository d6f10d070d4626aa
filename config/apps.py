from django.apps import AppConfig
from django.core.checks import Tags, register

from config.operations import task_logs
from config.operations.checks import metrics_can_be_read


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Wiring"

    def ready(self) -> None:
        """Register the check for operators and listen to the task queue."""
        register(metrics_can_be_read, Tags.security, deploy=True)
        task_logs.connect()
