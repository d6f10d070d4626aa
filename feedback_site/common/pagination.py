"""Pages by key, so that a page far down costs what the first one costs and rows never repeat."""

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request


class KeysetPagination(CursorPagination):
    """`{"next", "previous", "results"}`, ordered by id (time-ordered for UUIDv7 keys)."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 1000

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """Return the page that the cursor names; a cursor of somebody's own making names none."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValidationError, ValueError):
            raise NotFound(self.invalid_cursor_message) from None
