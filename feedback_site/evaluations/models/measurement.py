"""What was measured, of whom, in which period."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from feedback_site.common.constraints import one_of
from feedback_site.common.ids import uuid7
from feedback_site.evaluations.enums import MeasurementSource
from feedback_site.evaluations.models.indicator import Indicator
from feedback_site.evaluations.models.subject import OfSubject, SubjectQuerySet
from feedback_site.evaluations.rules import period_in_words

# A figure's key, in the order in which restating looks for it.
KEY = ("indicator", "period_kind", "period_start", "subject_kind", "team", "agent", "channel", "kind")


class MeasurementQuerySet(SubjectQuerySet["Measurement"]):
    """Measurements by subject."""


class Measurement(OfSubject):
    """One indicator of one subject in one period: recomputable, so writing it again replaces the figures.

    `value` is in the indicator's unit (a percentage is 0-100, a rating 1-5); `low` and
    `high` bound it with 95 % confidence where known. A parent team's value pools the cases
    of its subtree, never the averages. `evidence` is handed in by the app that measured.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.PROTECT, related_name="measurements"
    )
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=4, null=True)
    n = models.PositiveIntegerField(_("n"))
    low = models.DecimalField(_("low"), max_digits=12, decimal_places=4, null=True, blank=True)
    high = models.DecimalField(_("high"), max_digits=12, decimal_places=4, null=True, blank=True)
    source = models.CharField(_("source"), max_length=20, choices=MeasurementSource)
    evidence = models.JSONField(_("evidence"), default=dict, blank=True)
    measured_at = models.DateTimeField(_("measured at"))

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        constraints = [
            *OfSubject.Meta.constraints,
            models.UniqueConstraint(
                fields=KEY, nulls_distinct=False, name="%(class)s_is_stated_once_per_period"
            ),
            one_of("source", MeasurementSource, name="has_a_known_source"),
            models.CheckConstraint(
                condition=Q(n=0, value__isnull=True) | Q(n__gt=0, value__isnull=False),
                name="%(class)s_without_cases_has_no_value",
            ),
            models.CheckConstraint(
                # Stated in full: a check that compares with null passes.
                condition=Q(low__isnull=True, high__isnull=True)
                | Q(
                    low__isnull=False,
                    high__isnull=False,
                    value__isnull=False,
                    low__lte=F("value"),
                    high__gte=F("value"),
                ),
                name="%(class)s_interval_holds_the_value",
            ),
        ]

    def __str__(self) -> str:
        return period_in_words(self.period_kind, self.period_start)
