from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from feedback_site.accounts.admin import ScopedModelAdmin
from feedback_site.common.texts import searched
from feedback_site.customers.models import Segment


@admin.register(Segment)
class SegmentAdmin(ScopedModelAdmin):
    list_display = ("__str__", "slug", "position")
    ordering = ("position", "slug")
    search_fields = ("slug", *searched("names"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the slug once it exists: service systems name the segment by it."""
        return ("slug",) if obj else ()
