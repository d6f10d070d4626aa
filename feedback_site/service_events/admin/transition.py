from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin import ReadOnlyModelAdmin, ScopedTabularInline
from feedback_site.accounts.admin.display import display
from feedback_site.service_events.enums import TransitionType
from feedback_site.service_events.models import ServiceEventTransition

_COLOURS = {
    TransitionType.COMPLETED.value: "success",
    TransitionType.REOPENED.value: "warning",
    TransitionType.CANCELLED.value: "danger",
    TransitionType.SUPERSEDED.value: "default",
    TransitionType.CORRECTED.value: "info",
}


class _ShownTransition:
    """What the list and the inline share."""

    @display(description=_("what happened"), ordering="type", label=_COLOURS)
    def what(self, transition: ServiceEventTransition) -> tuple[str, Any]:
        """The type as a label."""
        return transition.type, transition.get_type_display()


@admin.register(ServiceEventTransition)
class ServiceEventTransitionAdmin(_ShownTransition, ReadOnlyModelAdmin):
    list_display = ("event", "what", "at", "recorded_at")
    list_filter = ("type",)
    list_select_related = ("event",)
    ordering = ("-recorded_at", "-id")
    fields = ("event", "what", "at", "details", "recorded_at")


class TransitionInline(_ShownTransition, ScopedTabularInline):
    model = ServiceEventTransition
    fields = ("what", "at", "recorded_at", "details")
    readonly_fields = fields
    ordering = ("at", "id")
    can_delete = False
    max_num = 0
