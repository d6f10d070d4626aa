from django.contrib import admin

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.service_events.models import IdempotencyKey


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnlyModelAdmin):
    list_display = ("value", "api_key", "response_status", "created_at")
    list_filter = ("api_key",)
    list_select_related = ("api_key",)
    ordering = ("-created_at", "-id")
