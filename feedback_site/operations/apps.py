from django.apps import AppConfig
from django.core.checks import Tags, register

from feedback_site.operations import task_logs
from feedback_site.operations.checks import metrics_can_be_read


class OperationsConfig(AppConfig):
    name = "feedback_site.operations"
    verbose_name = "Operations"

    def ready(self) -> None:
        """Register the check for operators and listen to the task queue."""
        register(metrics_can_be_read, Tags.security, deploy=True)
        task_logs.connect()
