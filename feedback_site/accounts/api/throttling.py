"""How many requests one API key may make: counted by minute, refused with 429 and `Retry-After`."""

import time
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from feedback_site.accounts.models import ApiKey

if TYPE_CHECKING:  # DRF's views import this module while they are imported
    from rest_framework.views import APIView

_WINDOW = 60

logger = structlog.get_logger(__name__)


class ApiKeyThrottle(BaseThrottle):
    """Limits the requests of each key, counted in Redis.

    Without Redis no request is refused, since nothing else that the API does depends on Redis.
    """

    _left = 0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Count the request and return whether it is one of those that the minute holds."""
        del view
        limit = settings.API_REQUESTS_PER_MINUTE
        if not limit or not isinstance(request.user, ApiKey):
            return True
        now = int(time.time())
        self._left = _WINDOW - now % _WINDOW
        return self._count(request.user, now // _WINDOW) <= limit

    def wait(self) -> float:
        """Return the seconds until the next minute begins."""
        return float(self._left)

    @staticmethod
    def _count(key: ApiKey, minute: int) -> int:
        name = f"api-requests|{key.pk}|{minute}"
        try:
            cache.add(name, 0, timeout=2 * _WINDOW)
            return int(cache.incr(name))
        except (RedisError, ValueError) as error:
            logger.warning("api_requests_not_counted", error=type(error).__name__)
            return 0
