"""The working calendar: days that the weekday rule gets wrong, and days that staff decided about."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback_site.common.constraints import one_of
from feedback_site.service_events.enums import DaySource


@pghistory.track()
class CalendarDay(models.Model):
    """One day that is a holiday or a make-up workday.

    A day that is not listed follows the weekday rule: Monday to Friday.
    """

    date = models.DateField(_("date"), primary_key=True)
    is_working = models.BooleanField(_("workday"))
    name = models.CharField(_("name"), max_length=80, blank=True)
    source = models.CharField(
        _("recorded by"), max_length=10, choices=DaySource, default=DaySource.STAFF, editable=False
    )

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("working calendar")
        constraints = [one_of("source", DaySource, name="has_a_known_source")]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d}"
