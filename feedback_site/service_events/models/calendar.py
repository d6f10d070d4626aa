"""Working calendars: hours by team and purpose, and the days that the hours of the week get wrong."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import OwnedQuerySet, Team
from feedback_site.common.constraints import one_of
from feedback_site.common.week_hours import WeekHours, week_constraints
from feedback_site.service_events.enums import CalendarPurpose, DaySource


class WorkingCalendarQuerySet(OwnedQuerySet["WorkingCalendar"]):
    """Calendars by the team that owns them; one without an owner is shared."""

    is_aggregate = True


@pghistory.track()
class WorkingCalendar(WeekHours):
    """The hours that hold for one purpose in a team and the teams below it.

    The nearest team's calendar holds, then the shared one of the purpose, then the company's working hours.
    """

    purpose = models.CharField(_("holds for"), max_length=20, choices=CalendarPurpose)
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_(
            "For this team and the teams below it; comes before a shared calendar. Leave empty to share it "
            "with the whole company."
        ),
    )
    keeps_public_holidays = models.BooleanField(
        _("keeps public holidays"),
        default=True,
        help_text=_(
            "Whether the days that hold for the whole company (holidays, make-up workdays) hold here. A "
            "service station that is open every day has only days of its own."
        ),
    )

    objects = WorkingCalendarQuerySet.as_manager()

    class Meta:
        verbose_name = _("working calendar")
        verbose_name_plural = _("working calendars")
        constraints = [
            one_of("purpose", CalendarPurpose, name="has_a_known_purpose"),
            models.UniqueConstraint(
                fields=["purpose", "team"],
                nulls_distinct=False,
                name="%(class)s_is_one_per_purpose_and_team",
                violation_error_message=_("There is a working calendar for this purpose and team already."),
            ),
            *week_constraints(),
        ]

    def __str__(self) -> str:
        owner = self.team.name if self.team else _("all teams")
        return f"{owner}: {self.get_purpose_display()}"


class CalendarDayQuerySet(OwnedQuerySet["CalendarDay"]):
    """Days by the team whose calendar they belong to; days of no calendar hold for the whole company."""

    team_lookup = "calendar__team_id"
    is_aggregate = True


@pghistory.track()
class CalendarDay(models.Model):
    """One day that is a holiday or a make-up workday, in one calendar or in all.

    A day that is not listed follows the hours of its weekday.
    """

    date = models.DateField(_("date"))
    is_working = models.BooleanField(_("workday"))
    name = models.CharField(_("name"), max_length=80, blank=True)
    calendar = models.ForeignKey(
        WorkingCalendar,
        verbose_name=_("working calendar"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="days",
        help_text=_("Leave empty for a day of the whole company."),
    )
    source = models.CharField(
        _("recorded by"), max_length=10, choices=DaySource, default=DaySource.STAFF, editable=False
    )

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("holidays and workdays")
        constraints = [
            models.UniqueConstraint(
                fields=["date", "calendar"],
                nulls_distinct=False,
                name="%(class)s_is_stated_once",
                violation_error_message=_("This day is stated already."),
            ),
            one_of("source", DaySource, name="has_a_known_source"),
            models.CheckConstraint(
                condition=~Q(source=DaySource.PUBLISHED) | Q(calendar__isnull=True),
                name="%(class)s_published_holds_for_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d}"
