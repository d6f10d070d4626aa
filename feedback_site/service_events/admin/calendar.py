"""The working calendar: days that the rule "Monday to Friday" gets wrong."""

from datetime import MINYEAR, date
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin import ScopedModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.common.clock import database_now
from feedback_site.service_events.enums import DaySource
from feedback_site.service_events.models import CalendarDay
from feedback_site.service_events.rules.calendar import holiday_name
from feedback_site.service_events.selectors.calendar import calendar_warnings, load_calendar

_YEAR_DIGITS = 4


@admin.register(CalendarDay)
class CalendarDayAdmin(ScopedModelAdmin):
    list_display = ("shown_date", "weekday", "kind", "shown_name", "shown_source")
    list_filter = ("is_working", "source")
    date_hierarchy = "date"
    ordering = ("-date",)
    search_fields = ("name",)
    list_before_template = "admin/service_events/calendar_warnings.html"
    list_per_page = 100
    fieldsets = (
        (
            None,
            {
                "fields": (("date", "is_working"), "name"),
                "description": _(
                    "Only days that differ from the rule: Monday to Friday are workdays, Saturday and Sunday "
                    "are not."
                ),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A day stays that day: another date is another day."""
        return ("date",) if obj else ()

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
    year = max(int(asked), MINYEAR)
    if load_calendar(from_on=date(year, 1, 1), to_on=date(year, 1, 1)).is_known(year):
        return []
    text = gettext(
        "The holidays of %(year)s are not in the working calendar: Monday to Friday are taken for workdays."
    )
    return [text % {"year": year}]
