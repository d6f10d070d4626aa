"""Attempts and reasons of return visits: facts that are only added."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin import ReadOnlyModelAdmin, ScopedTabularInline
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.list_filters import DayTimeRangeFilter
from feedback_site.customers.admin.words import SealedWordsMixin
from visits.admin.colours import OUTCOME_COLOURS, TRIGGER_COLOURS
from visits.models import VisitAttempt, VisitSource
from visits.services.words import ATTEMPT_WORDS


class _FactInline(ScopedTabularInline):
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Facts are written by services."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Facts are not changed by hand."""
        return False


class VisitAttemptInline(_FactInline):
    """Every attempt, first to last."""

    model = VisitAttempt
    fields = ("number", "made_at", "made_by", "shown_outcome", "note", "next_attempt_at")
    readonly_fields = fields
    ordering = ("number",)

    @display(description=_("outcome"), label=OUTCOME_COLOURS)
    def shown_outcome(self, attempt: VisitAttempt) -> tuple[str, Any]:
        """What it brought."""
        return attempt.outcome, attempt.get_outcome_display()


class SourceInline(_FactInline):
    """What asked for the visit."""

    model = VisitSource
    fields = ("kind", "source_id", "added_at")
    readonly_fields = fields
    ordering = ("added_at", "pk")


@admin.register(VisitAttempt)
class VisitAttemptAdmin(SealedWordsMixin, ReadOnlyModelAdmin):
    words_kind = ATTEMPT_WORDS
    actions_detail = ("open_words",)
    list_display = ("made_at", "visit", "number", "shown_outcome", "made_by", "next_attempt_at")
    list_filter = ("outcome", ("made_at", DayTimeRangeFilter))
    list_filter_submit = True
    list_select_related = ("visit", "made_by")
    ordering = ("-made_at", "-pk")
    fields = ("visit", "number", "made_at", "made_by", "shown_outcome", "note", "next_attempt_at")
    readonly_fields = ("shown_outcome",)

    @display(description=_("outcome"), ordering="outcome", label=OUTCOME_COLOURS)
    def shown_outcome(self, attempt: VisitAttempt) -> tuple[str, Any]:
        """What it brought."""
        return attempt.outcome, attempt.get_outcome_display()


@admin.register(VisitSource)
class VisitSourceAdmin(ReadOnlyModelAdmin):
    list_display = ("added_at", "visit", "shown_kind", "source_id")
    list_filter = ("kind", ("added_at", DayTimeRangeFilter))
    list_filter_submit = True
    list_select_related = ("visit",)
    ordering = ("-added_at", "-pk")

    @display(description=_("kind"), ordering="kind", label=TRIGGER_COLOURS)
    def shown_kind(self, source: VisitSource) -> tuple[str, Any]:
        """What asked for the visit."""
        return source.kind, source.get_kind_display()
