"""Measurements: read where they are measured here, entered by hand where they come from outside."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action

from feedback_site.accounts.admin import ScopedModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.models import User
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.evaluations.admin.sheet import ENTERING, sheet_view
from feedback_site.evaluations.enums import PeriodKind, StatedBy
from feedback_site.evaluations.forms import MeasurementForm
from feedback_site.evaluations.models import Measurement, subject_in_words
from feedback_site.evaluations.rules import Visibility, visibility_of
from feedback_site.evaluations.selectors.indicators import indicators_by_hand
from feedback_site.evaluations.services import Statement, Teller, state_measurements
from feedback_site.evaluations.services.pooling import is_own
from feedback_site.evaluations.templatetags.figures import DASH, cases, figure, interval, period

_READ = (
    "indicator",
    "shown_subject",
    "shown_period",
    "shown_value",
    "shown_n",
    "shown_interval",
    "source",
    "measured_at",
)

# What a new figure is about, and what one on record is about.
_NEW = (
    ("indicator", "subject_kind"),
    ("team", "agent"),
    ("channel", "kind"),
    ("period_kind", "period_start"),
)
_KNOWN = ("indicator", ("shown_subject", "shown_period"))


@admin.register(Measurement)
class MeasurementAdmin(ScopedModelAdmin):
    form = MeasurementForm
    list_display = (
        "indicator",
        "shown_subject",
        "shown_period",
        "shown_value",
        "shown_n",
        "shown_interval",
        "source_name",
        "measured_at",
    )
    list_filter = ("indicator", "subject_kind", "team", "channel", "kind", "period_kind", "source")
    list_select_related = ("indicator", "team", "agent", "channel", "kind")
    date_hierarchy = "period_start"
    autocomplete_fields = ("agent",)
    actions_list = ("open_sheet",)
    ordering = ("-period_start", "period_kind", "subject_kind", "team_id", "indicator_id")

    def get_urls(self) -> list[URLPattern]:
        """Add the sheet of all teams."""
        return [
            path("sheet/", self.admin_site.admin_view(sheet_view), name="evaluations_measurement_sheet"),
            *super().get_urls(),
        ]

    def has_sheet_permission(self, request: HttpRequest) -> bool:
        """Return whether the reader may enter figures."""
        return bool(request.user.has_perm(ENTERING))

    @action(description=_("Sheet"), url_path="open-sheet", permissions=["sheet"], icon="table_chart")
    def open_sheet(self, request: HttpRequest) -> HttpResponse:
        """Go to the sheet of all teams."""
        return redirect("admin:evaluations_measurement_sheet")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show entry fields where a figure may be entered, else what its cases allow to show."""
        if obj is None or self.has_change_permission(request, obj):
            key = _NEW if obj is None else _KNOWN
            return (*key, ("value", "n"), ("low", "high"))
        return _READ

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep what a figure is about; other subjects and periods are other measurements."""
        if obj is None:
            return ()
        return ("indicator", *_KNOWN[1]) if self.has_change_permission(request, obj) else _READ

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only figures from outside are entered by hand; what is pooled into quarters follows them."""
        if not super().has_change_permission(request, obj):
            return False
        if obj is None:
            return True
        return bool(
            (is_own(obj) or obj.period_kind == PeriodKind.MONTH)
            and indicators_by_hand().filter(pk=obj.indicator_id).exists()
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing that a record rests on is deleted; a figure is stated again instead."""
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """State the figure by its service, and let its quarter and the records of both follow."""
        at = database_now()
        entered = form.figure()
        statement = Statement(
            indicator=entered.indicator,
            subject=entered.subject,
            period_kind=entered.period_kind,
            period_start=entered.period_start,
            value=entered.value,
            n=entered.n,
            low=entered.low,
            high=entered.high,
        )
        by = Teller(StatedBy.STAFF, user=cast("User", request.user))
        (result,) = state_measurements(statements=[statement], by=by, at=at)
        if isinstance(result, DomainError):
            raise result
        obj.pk = result.measurement.pk
        if result.is_new or result.is_revised:
            messages.info(
                request, _("The evaluation records that rest on this figure were calculated again.")
            )

    @display(description=pgettext_lazy("evaluation", "subject"))
    def shown_subject(self, measurement: Measurement) -> str:
        """What was measured."""
        return subject_in_words(measurement)

    @display(description=_("period"), ordering="period_start")
    def shown_period(self, measurement: Measurement) -> str:
        """The period in words."""
        return period(measurement.period_kind, measurement.period_start)

    @display(description=_("value"), ordering="value")
    def shown_value(self, measurement: Measurement) -> str:
        """The value with its unit, where there are enough cases to show it."""
        return figure(measurement.value, measurement.indicator.unit) if _shows_value(measurement) else DASH

    @display(description=_("sample size"), ordering="n")
    def shown_n(self, measurement: Measurement) -> str:
        """The number of cases, where there are enough to state it."""
        return DASH if visibility_of(measurement.n) is Visibility.NOTHING else cases(measurement.n)

    @display(description=_("95% confidence interval"))
    def shown_interval(self, measurement: Measurement) -> str:
        """The interval with the unit."""
        shown = (
            interval(measurement.low, measurement.high, measurement.indicator.unit)
            if _shows_value(measurement)
            else ""
        )
        return shown or DASH

    @display(description=_("source"), ordering="source", label=True)
    def source_name(self, measurement: Measurement) -> str:
        """Where the figure comes from."""
        return measurement.get_source_display()


def _shows_value(measurement: Measurement) -> bool:
    return visibility_of(measurement.n) in {Visibility.GREYED, Visibility.FULL}
