from django.apps import AppConfig
from django.conf import settings


class ChaosConfig(AppConfig):
    name = "tests.chaos"
    label = "chaos"

    def ready(self) -> None:
        """Plant the bug that was asked for, if any."""
        if settings.PLANT:
            from tests.chaos.planted import plant  # noqa: PLC0415 - it patches modules that need loaded models

            plant(settings.PLANT)
