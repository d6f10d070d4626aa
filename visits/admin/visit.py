"""Return visits: the caller's pages, and the read-only list for those who lead them."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action
from unfold.enums import ActionVariant

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.exporting import ScopedExportMixin
from feedback_site.accounts.admin.list_filters import DayTimeRangeFilter
from feedback_site.customers.admin import CUSTOMER_NUMBER, CustomerNumberSearchMixin
from visits.admin.colours import DUE, OVERDUE, STATE_COLOURS, TRIGGER_COLOURS, WAITING
from visits.admin.facts import SourceInline, VisitAttemptInline
from visits.enums import VisitStatus
from visits.models import ReturnVisit
from visits.resources import ReturnVisitResource
from visits.views import hold, record, release, reveal, work
from visits.views.access import may_make_visits
from visits.views.reassigning import may_reassign, reassign_page

_IS_OVERDUE = Q(status=VisitStatus.OPEN, due_at__lt=Now())
_IS_DUE = Q(status=VisitStatus.OPEN, next_attempt_at__lte=Now())


@admin.register(ReturnVisit)
class ReturnVisitAdmin(CustomerNumberSearchMixin, ScopedExportMixin, ReadOnlyModelAdmin):
    resource_classes = [ReturnVisitResource]
    list_display = (
        "shown_case",
        "shown_trigger",
        "shown_state",
        "team",
        "assignee",
        "due_at",
        "attempts_shown",
    )
    list_filter = ("trigger", "status", "outcome", "team", "assignee", ("due_at", DayTimeRangeFilter))
    list_filter_submit = True
    ordering = ("-pk",)
    search_fields = ("service_event__external_id", CUSTOMER_NUMBER)
    search_help_text = _("Ticket number or customer number.")
    actions = ("reassign",)
    actions_detail = ("make", "reassign_one")
    inlines = (VisitAttemptInline, SourceInline)
    readonly_fields = ("shown_state", "attempts_shown")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("shown_state", "attempts_shown"),
                    ("trigger", "mode"),
                    ("plan", "customer"),
                    "service_event",
                )
            },
        ),
        (
            pgettext_lazy("visit", "Made by"),
            {"fields": (("assignee", "assigned_at"), ("team", "credited_team"), "agent")},
        ),
        (_("When"), {"fields": (("planned_at", "due_from"), ("due_at", "next_attempt_at"), "closed_at")}),
    )

    def get_urls(self) -> list[URLPattern]:
        """Add the caller's pages: the work list, and one visit with its four steps."""
        guarded = self.admin_site.admin_view
        return [
            path("work/", guarded(work), name="visits_returnvisit_work"),
            path("<uuid:object_id>/visit/", guarded(record), name="visits_returnvisit_visit"),
            path("<uuid:object_id>/visit/hold/", guarded(hold), name="visits_returnvisit_hold"),
            path("<uuid:object_id>/visit/reveal/", guarded(reveal), name="visits_returnvisit_reveal"),
            path("<uuid:object_id>/visit/release/", guarded(release), name="visits_returnvisit_release"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the visits within scope, with what their pages name and where they stand now."""
        rows = super().get_queryset(request).annotate(is_overdue=_IS_OVERDUE, is_due=_IS_DUE)
        return rows.select_related(
            "service_event", "customer", "team", "credited_team", "assignee", "agent", "plan"
        )

    # Methods, not names of permissions: Unfold's system check looks
    # names up in the database, which `migrate` has yet to make.
    def has_make_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether the reader makes return visits."""
        return may_make_visits(request.user)

    def has_reassign_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether the reader may hand visits over."""
        return may_reassign(request.user)

    @admin.action(description=_("Hand the selected visits over"), permissions=["reassign"])
    def reassign(self, request: HttpRequest, queryset: QuerySet[ReturnVisit]) -> HttpResponse | None:
        """Ask to whom, then hand the visits over."""
        return reassign_page(request, list(queryset), is_confirmed="confirmed" in request.POST)

    @action(
        description=_("Make this visit"),
        url_path="make",
        permissions=["make"],
        icon="call",
        variant=ActionVariant.PRIMARY,
    )
    def make(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the caller's page."""
        return redirect("admin:visits_returnvisit_visit", self._visit(request, object_id).pk)

    @action(description=_("Hand over"), url_path="reassign", permissions=["reassign"], icon="swap_horiz")
    def reassign_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask to whom, then hand the visit over."""
        visit = self._visit(request, object_id)
        if not self.has_reassign_permission(request):
            raise PermissionDenied
        page = reassign_page(request, [visit], is_confirmed=request.method == "POST")
        return page or redirect("admin:visits_returnvisit_change", visit.pk)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """Offer nothing on a closed visit."""
        offered = super().get_actions_detail(request, object_id)
        visit = self.get_object(request, str(object_id))
        return offered if visit is not None and visit.status == VisitStatus.OPEN else []

    def _visit(self, request: HttpRequest, object_id: str) -> ReturnVisit:
        visit: ReturnVisit = self.row_or_404(request, object_id)
        return visit

    @display(description=_("service event"), header=True)
    def shown_case(self, visit: ReturnVisit) -> tuple[str, str]:
        """The event, or the customer's mask, above the customer's."""
        return (
            (visit.service_event.external_id, str(visit.customer))
            if visit.service_event
            else (str(visit.customer), "")
        )

    @display(description=_("trigger"), ordering="trigger", label=TRIGGER_COLOURS)
    def shown_trigger(self, visit: ReturnVisit) -> tuple[str, Any]:
        """Why it is made."""
        return visit.trigger, visit.get_trigger_display()

    @display(description=_("status"), ordering="status", label=STATE_COLOURS)
    def shown_state(self, visit: Any) -> tuple[str, Any]:
        """Waiting, due or overdue while it is open, then its outcome."""
        if visit.is_overdue:
            return OVERDUE, _("Overdue")
        if visit.is_due:
            return DUE, pgettext_lazy("state of a return visit", "Due")
        return (visit.outcome, visit.get_outcome_display()) if visit.outcome else (WAITING, _("Not due yet"))

    @display(description=_("Attempts"), ordering="attempts_made")
    def attempts_shown(self, visit: ReturnVisit) -> str:
        """Attempts made of those allowed."""
        return _("%(made)d of %(most)d made") % {"made": visit.attempts_made, "most": visit.max_attempts}
