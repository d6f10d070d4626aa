"""Pages by key, so that a page far down costs what the first one costs and rows never repeat."""

from rest_framework.pagination import CursorPagination


class KeysetPagination(CursorPagination):
    """`{"next", "previous", "results"}`, ordered by id (time-ordered for UUIDv7 keys)."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 1000
