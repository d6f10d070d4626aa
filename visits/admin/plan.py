"""Visit plans: which cases are gone back to, when and with which script."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from feedback_site.accounts.admin import OwnedModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.common.clock import database_now
from feedback_site.common.texts import searched
from feedback_site.service_events.selectors.calendar import calendar_warnings
from visits.admin.colours import MODE_COLOURS, TRIGGER_COLOURS
from visits.forms import VisitPlanForm
from visits.models import VisitPlan


@admin.register(VisitPlan)
class VisitPlanAdmin(OwnedModelAdmin):
    form = VisitPlanForm
    list_display = (
        "shown_name",
        "shown_trigger",
        "shown_mode",
        "owner",
        "window",
        "attempts",
        "questionnaire",
        "state",
    )
    list_filter = ("trigger", "mode", "team", "is_active")
    list_select_related = ("questionnaire", "team")
    search_fields = ("slug", *searched("names"))
    ordering = ("-is_active", "trigger", "slug")
    prepopulated_fields = {"slug": ("names",)}
    list_before_template = "admin/service_events/calendar_warnings.html"
    fieldsets = (
        (None, {"fields": ("names", ("slug", "is_active"))}),
        (_("Which service events"), {"fields": (("trigger", "mode"), ("team", "questionnaire"))}),
        (
            _("When"),
            {
                "fields": (("wait_hours", "window_hours"), ("retry_hours", "max_attempts")),
                "description": _(
                    "Working hours by the working calendars of the team; customers are called in the hours "
                    "for calls only."
                ),
            },
        ),
    )

    class Media:
        css = {"all": ["visits/visits.css"]}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the list, with a warning for years whose holidays that are not entered yet."""
        return super().changelist_view(
            request, {"calendar_warnings": calendar_warnings(at=database_now()), **(extra_context or {})}
        )

    @display(description=_("plan"), header=True, ordering="slug")
    def shown_name(self, plan: VisitPlan) -> tuple[str, str]:
        """The name over the slug."""
        return plan.name, plan.slug

    @display(description=_("trigger"), ordering="trigger", label=TRIGGER_COLOURS)
    def shown_trigger(self, plan: VisitPlan) -> tuple[str, Any]:
        """What makes a visit."""
        return plan.trigger, plan.get_trigger_display()

    @display(description=pgettext_lazy("visit", "Contact method"), ordering="mode", label=MODE_COLOURS)
    def shown_mode(self, plan: VisitPlan) -> tuple[str, Any]:
        """How the customer is spoken to."""
        return plan.mode, plan.get_mode_display()

    @display(description=_("team"), ordering="team")
    def owner(self, plan: VisitPlan) -> str:
        """Whose cases it is for."""
        return plan.team.name if plan.team else str(_("all teams"))

    @display(description=_("due window"))
    def window(self, plan: VisitPlan) -> str:
        """From when to when a visit is made, in working hours."""
        return _("%(from)d to %(to)d working hours") % {"from": plan.wait_hours, "to": plan.window_hours}

    @display(description=_("Attempts"))
    def attempts(self, plan: VisitPlan) -> str:
        """How often a customer is tried, and how long between."""
        if plan.max_attempts == 1:
            return str(plan.max_attempts)
        text = ngettext(
            "%(count)d, every %(hours)d working hour",
            "%(count)d, every %(hours)d working hours",
            plan.retry_hours,
        )
        return text % {"count": plan.max_attempts, "hours": plan.retry_hours}

    @display(description=_("state"), label={"active": "success", "inactive": "default"})
    def state(self, plan: VisitPlan) -> tuple[str, Any]:
        """Whether the plan makes visits."""
        return ("active", _("active")) if plan.is_active else ("inactive", _("inactive"))
