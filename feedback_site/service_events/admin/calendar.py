"""Working calendars by team and purpose, and the days that the hours of the week get wrong."""

from datetime import MINYEAR
from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin import OwnedModelAdmin, ScopedTabularInline
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.list_filters import ScopedRelatedFilter
from feedback_site.accounts.admin.scope import scoped
from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.models import Team, User
from feedback_site.common.clock import database_now
from feedback_site.common.week_hours import WEEK_FIELDS, written_week
from feedback_site.service_events.enums import DaySource
from feedback_site.service_events.models import CalendarDay, WorkingCalendar
from feedback_site.service_events.rules.calendar import holiday_name
from feedback_site.service_events.selectors.calendar import (
    calendar_warnings,
    teams_of_calendar,
    unknown_year,
    unknown_years,
)

_YEAR_DIGITS = 4


class CalendarFilter(ScopedRelatedFilter):
    """Offers the calendars of the reader's scope, read with their teams."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """List them as they name themselves."""
        rows = scoped(WorkingCalendar.objects.select_related("team"), request.user)
        return [(row.pk, str(row)) for row in rows.order_by("purpose", "team")]


class CalendarDayInline(ScopedTabularInline):
    model = CalendarDay
    fields = ("date", "is_working", "name")
    ordering = ("-date",)


@admin.register(WorkingCalendar)
class WorkingCalendarAdmin(OwnedModelAdmin):
    list_display = ("__str__", "hours", "keeps_public_holidays", "own_days")
    list_filter = ("purpose", "team")
    list_select_related = ("team",)
    ordering = ("purpose", "team")
    inlines = (CalendarDayInline,)
    change_form_outer_after_template = "admin/service_events/calendar_teams.html"
    fieldsets = (
        (None, {"fields": (("purpose", "team"), "keeps_public_holidays")}),
        (
            _("Working hours"),
            {
                "fields": WEEK_FIELDS,
                "description": _(
                    "Leave both fields of a day off empty. Until 0:00 is until the end of the day."
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the calendars with the number of their own days."""
        return super().get_queryset(request).select_related("team").annotate(day_count=Count("days"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the calendar with the teams that go by it, as far as the reader may see them."""
        calendar = self.get_object(request, object_id)
        teams = Team.objects.none()
        if calendar is not None and isinstance(request.user, User):
            visible = Team.objects.without_tree_fields().for_user(request.user)
            teams = visible.filter(pk__in=teams_of_calendar(calendar)).order_by("code")
        return super().change_view(
            request, object_id, form_url, {"teams_of_calendar": teams, **(extra_context or {})}
        )

    @display(description=_("Working hours"))
    def hours(self, calendar: WorkingCalendar) -> str:
        """The hours of the week."""
        return written_week(calendar.week)

    @display(description=_("days of its own"), ordering="day_count")
    def own_days(self, calendar: Any) -> int:
        """How many days are stated for it alone."""
        return int(calendar.day_count)


@admin.register(CalendarDay)
class CalendarDayAdmin(OwnedModelAdmin):
    list_display = ("shown_date", "weekday", "kind", "shown_name", "holds_for", "shown_source")
    list_filter = ("is_working", "source", ("calendar", CalendarFilter))
    list_select_related = ("calendar__team",)
    date_hierarchy = "date"
    ordering = ("-date",)
    search_fields = ("name",)
    list_before_template = "admin/service_events/calendar_warnings.html"
    list_per_page = 100
    fieldsets = (
        (
            None,
            {
                "fields": (("date", "is_working"), ("name", "calendar")),
                "description": _("Only days that differ from the hours of their weekday."),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A day stays that day: another date is another day."""
        return ("date", "calendar") if obj else ()

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """Ask staff who see some teams for a calendar of theirs: other days hold for the whole company."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and isinstance(request.user, User):
            field.queryset = WorkingCalendar.objects.changeable_by(request.user).select_related("team")
            field.required = request.user.data_scope is not DataScope.ALL
        return field

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the days, with a warning for years that are not entered yet."""
        warnings = calendar_warnings(at=database_now()) + _warnings_of_year(request.GET.get("date__year", ""))
        return super().changelist_view(
            request, {"calendar_warnings": list(dict.fromkeys(warnings)), **(extra_context or {})}
        )

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Save the day as stated by staff: loading the published calendar again leaves it alone."""
        if isinstance(obj, CalendarDay):
            obj.source = DaySource.STAFF
        super().save_model(request, obj, form, change)

    @display(description=_("date"), ordering="date")
    def shown_date(self, day: CalendarDay) -> str:
        """The date as people write it."""
        return formats.date_format(day.date, "DATE_FORMAT")

    @display(description=_("weekday"))
    def weekday(self, day: CalendarDay) -> str:
        """The day of the week."""
        return formats.date_format(day.date, "l")

    @display(description=_("workday"), ordering="is_working", label={"working": "info", "free": "success"})
    def kind(self, day: CalendarDay) -> tuple[str, Any]:
        """Whether work is done on it."""
        return ("working", _("Workday")) if day.is_working else ("free", _("Day off"))

    @display(description=_("name"), ordering="name")
    def shown_name(self, day: CalendarDay) -> str:
        """The holiday in the reader's language."""
        return str(holiday_name(day.name))

    @display(description=_("holds for"), ordering="calendar")
    def holds_for(self, day: CalendarDay) -> str:
        """The calendar that states it."""
        return str(day.calendar or _("all teams"))

    @display(
        description=_("recorded by"),
        ordering="source",
        label={DaySource.PUBLISHED.value: "default", DaySource.STAFF.value: "warning"},
    )
    def shown_source(self, day: CalendarDay) -> tuple[str, Any]:
        """Who says so."""
        return day.source, day.get_source_display()


def _warnings_of_year(asked: str) -> list[str]:
    if not (asked.isascii() and asked.isdecimal() and len(asked) == _YEAR_DIGITS):
        return []
    return [unknown_year(year) for year in unknown_years({max(int(asked), MINYEAR)})]
