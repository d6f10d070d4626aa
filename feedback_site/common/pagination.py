"""Pages by key, so that a page far down costs what the first one costs and rows never repeat."""

from typing import Any

from django.core.exceptions import ValidationError as UnreadableError
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

_MOST_DIGITS = 9


class KeysetPagination(CursorPagination):
    """`{"next", "previous", "results"}`, ordered by id (time-ordered for UUIDv7 keys)."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 1000

    def get_page_size(self, request: Request) -> int | None:
        """Return how many rows a page has: as many as were asked for, up to the limit.

        What is no number of rows is refused.
        """
        asked = request.query_params.get(self.page_size_query_param)
        if asked is not None and not (
            asked.isascii() and asked.isdigit() and len(asked) <= _MOST_DIGITS and int(asked) > 0
        ):
            raise ValidationError(
                {self.page_size_query_param: [_("This is not a number of rows from 1 to 1,000.")]}
            )
        return super().get_page_size(request)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """Return the page that the cursor names; a cursor of a person's own making names none."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (UnreadableError, ValueError):
            raise NotFound(self.invalid_cursor_message) from None
