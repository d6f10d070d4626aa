from django.apps import AppConfig
from django.core.checks import Tags, register

from feedback_site.accounts.rules import register_access_actions
from feedback_site.operations import task_logs
from feedback_site.operations.checks import metrics_can_be_read
from feedback_site.operations.enums import OperationsAccess


class OperationsConfig(AppConfig):
    name = "feedback_site.operations"
    verbose_name = "Operations"

    def ready(self) -> None:
        """Register the check for operators and listen to the task queue."""
        register(metrics_can_be_read, Tags.security, deploy=True)
        register_access_actions(OperationsAccess)
        task_logs.connect()
