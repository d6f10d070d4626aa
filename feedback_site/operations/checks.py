"""System checks for `check --deploy`: who can read the figures."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Info


def metrics_can_be_read(**_options: Any) -> list[CheckMessage]:
    """Say when operators cannot be told from the public: no token, and proxies whose number is unknown."""
    if settings.METRICS_TOKEN or settings.TRUSTED_PROXIES > 0:
        return []
    return [
        Info(
            "/metrics has no token, so callers behind a proxy cannot read it.",
            hint="Set METRICS_TOKEN, or TRUSTED_PROXIES to the number of proxies in front.",
            id="feedback_site.I001",
        )
    ]
