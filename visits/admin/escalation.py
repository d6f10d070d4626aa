"""Escalations: repairs that did not hold, with an owner and a deadline."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.enums import ActionVariant

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.list_filters import DayTimeRangeFilter
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.customers.admin.words import SealedWordsMixin
from visits.admin.colours import ESCALATION_COLOURS, OVERDUE
from visits.enums import EscalationStatus
from visits.forms import EscalationClosingForm
from visits.models import Escalation
from visits.services.escalating import close_escalation
from visits.services.words import ESCALATION_WORDS

CLOSING = "visits.change_escalation"
_IS_OVERDUE = Q(status=EscalationStatus.OPEN, deadline_at__lt=Now())


@admin.register(Escalation)
class EscalationAdmin(SealedWordsMixin, ReadOnlyModelAdmin):
    words_kind = ESCALATION_WORDS
    list_display = (
        "shown_case",
        "shown_status",
        "team",
        "owner",
        "opened_at",
        "deadline_at",
        "shown_problem",
    )
    list_filter = ("status", "team", "owner", ("deadline_at", DayTimeRangeFilter))
    list_filter_submit = True
    ordering = (F("closed_at").desc(nulls_first=True), "deadline_at", "pk")
    search_fields = ("visit__service_event__external_id",)
    search_help_text = _("Ticket number.")
    fieldsets = (
        (None, {"fields": (("shown_status", "owner"), ("team", "service_event"), "visit", "problem")}),
        (_("When"), {"fields": (("opened_at", "deadline_at"), ("closed_at", "closed_by"), "closing_note")}),
    )
    readonly_fields = ("shown_status", "service_event", "problem")
    actions_detail = ("close_without_proof", "open_words")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the escalations within scope, and whether the deadline of each has passed.

        They come with what their pages name.
        """
        rows = super().get_queryset(request).annotate(is_overdue=_IS_OVERDUE)
        return rows.select_related(
            "visit__service_event", "visit__customer", "team", "owner", "problem", "closed_by"
        )

    # A method, not the permission's name: Unfold's system check looks
    # names up in the database, which `migrate` has yet to make.
    def has_close_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether the reader may close escalations."""
        return bool(request.user.has_perm(CLOSING))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """Offer closing as long as it is open, and what is masked in its note."""
        offered = super().get_actions_detail(request, object_id)
        escalation = self.get_object(request, str(object_id))
        is_open = escalation is not None and escalation.status == EscalationStatus.OPEN
        return offered if is_open else [one for one in offered if one.path == "open-words"]

    @action(
        description=_("Close without verification"),
        url_path="close",
        permissions=["close"],
        icon="do_not_disturb_on",
        variant=ActionVariant.WARNING,
    )
    def close_without_proof(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the reason, then close."""
        escalation = self.row_or_404(request, object_id)
        if not self.has_close_permission(request):
            raise PermissionDenied
        form = EscalationClosingForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            return self._close(request, escalation, form.cleaned_data["note"])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Close without verification"),
            "opts": self.opts,
            "original": escalation,
            "escalation": escalation,
            "form": form,
        }
        return TemplateResponse(request, "admin/visits/close_escalation.html", context)

    def _close(self, request: HttpRequest, escalation: Escalation, note: str) -> HttpResponse:
        by = staff_of(request)
        try:
            close_escalation(escalation=escalation, by=by, note=note, at=database_now())
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(
                request, _("The escalation is closed. The service event counts as not verified.")
            )
        return redirect("admin:visits_escalation_change", escalation.pk)

    @display(description=_("service event"), header=True)
    def shown_case(self, escalation: Escalation) -> tuple[str, str]:
        """The event, or the customer, above why they were visited."""
        visit = escalation.visit
        return visit.service_event.external_id if visit.service_event else str(
            visit.customer
        ), visit.get_trigger_display()

    @display(description=_("problem"))
    def shown_problem(self, escalation: Escalation) -> SafeString | str:
        """A way to the problem that it opened; what is in it is read there."""
        if escalation.problem is None:
            return "–"
        address = reverse("admin:improvements_problem_change", args=[escalation.problem.pk])
        return format_html(
            '<a class="text-primary-600" href="{}">{}</a>', address, escalation.problem.get_status_display()
        )

    @display(description=_("service event"))
    def service_event(self, escalation: Escalation) -> str:
        """The event whose repair did not hold."""
        return str(escalation.visit.service_event or "–")

    @display(description=_("status"), ordering="status", label=ESCALATION_COLOURS)
    def shown_status(self, escalation: Any) -> tuple[str, Any]:
        """The escalation's status, as a label; an open one past its deadline is overdue."""
        if escalation.is_overdue:
            return OVERDUE, _("Overdue")
        return escalation.status, escalation.get_status_display()
