from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "feedback_site.common"

    def ready(self) -> None:
        """Register the system checks."""
        from feedback_site.common import checks  # noqa: F401, PLC0415 - importing registers them
