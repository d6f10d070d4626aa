from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin import ReadOnlyModelAdmin, ScopedTabularInline
from feedback_site.accounts.admin.display import display
from feedback_site.common.listing import labelled, listed
from feedback_site.customers.admin.words import SealedWordsMixin
from feedback_site.service_events.enums import TransitionType
from feedback_site.service_events.models import ServiceEventTransition
from feedback_site.service_events.services.words import TRANSITION_WORDS

_COLOURS = {
    TransitionType.COMPLETED.value: "success",
    TransitionType.REOPENED.value: "warning",
    TransitionType.CANCELLED.value: "danger",
    TransitionType.SUPERSEDED.value: "default",
    TransitionType.CORRECTED.value: "info",
}


class _ShownTransition:
    """What the list and the inline share."""

    @display(description=_("details"))
    def shown_details(self, transition: ServiceEventTransition) -> str:
        """What was said with it, a dash where that is nothing."""
        return listed(labelled(name, value) for name, value in transition.details.items()) or "-"

    @display(description=_("what happened"), ordering="type", label=_COLOURS)
    def what(self, transition: ServiceEventTransition) -> tuple[str, Any]:
        """The type as a label."""
        return transition.type, transition.get_type_display()


@admin.register(ServiceEventTransition)
class ServiceEventTransitionAdmin(_ShownTransition, SealedWordsMixin, ReadOnlyModelAdmin):
    words_kind = TRANSITION_WORDS
    list_display = ("event", "what", "at", "recorded_at")
    list_filter = ("type",)
    list_select_related = ("event",)
    ordering = ("-recorded_at", "-id")
    fields = ("event", "what", "at", "shown_details", "recorded_at")
    actions_detail = ("open_words",)


class TransitionInline(_ShownTransition, ScopedTabularInline):
    model = ServiceEventTransition
    fields = ("what", "at", "recorded_at", "shown_details")
    readonly_fields = fields
    ordering = ("at", "id")
    # Where the details are opened.
    show_change_link = True
    can_delete = False
    max_num = 0
