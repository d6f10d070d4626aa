"""How indicators are weighed into one score."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.common.constraints import one_of
from feedback_site.common.texts import Named
from feedback_site.evaluations.enums import PeriodKind, SubjectKind
from feedback_site.evaluations.models.indicator import Indicator


def periods_of_new_schemes() -> list[str]:
    """Return the kinds of periods that a scheme has records for, unless staff choose others."""
    return [PeriodKind.MONTH.value, PeriodKind.QUARTER.value, PeriodKind.YEAR.value]


@pghistory.track()
class EvaluationScheme(Named):
    """A set of weighted indicators, and what it evaluates by which periods.

    Weights add up to 100 (checked when a record is calculated).
    """

    slug = models.SlugField(_("code"), max_length=60, unique=True)
    least_weight_covered = models.DecimalField(
        _("least weight with data (%)"),
        max_digits=5,
        decimal_places=2,
        default=80,
        help_text=_("Below this percentage of weight with data, a record gets no grade."),
    )
    subject_kind = models.CharField(
        pgettext_lazy("evaluation", "subject"), max_length=10, choices=SubjectKind, default=SubjectKind.TEAM
    )
    period_kinds = ArrayField(
        models.CharField(max_length=10, choices=PeriodKind),
        verbose_name=_("period kinds"),
        default=periods_of_new_schemes,
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("evaluation scheme")
        verbose_name_plural = _("evaluation schemes")
        constraints = [
            models.CheckConstraint(
                condition=Q(least_weight_covered__gt=0, least_weight_covered__lte=100),
                name="%(class)s_least_weight_is_a_share",
            ),
            one_of("subject_kind", SubjectKind, name="has_a_known_subject_kind"),
            models.CheckConstraint(
                condition=Q(period_kinds__contained_by=PeriodKind.values) & ~Q(period_kinds=[]),
                name="%(class)s_has_known_period_kinds",
            ),
        ]

    def evaluates(self, subject_kind: str, period_kind: str) -> bool:
        """Return whether there are records of such a subject and period."""
        return subject_kind == self.subject_kind and period_kind in self.period_kinds


@pghistory.track()
class SchemeItem(models.Model):
    """The weight of one indicator in one scheme."""

    scheme = models.ForeignKey(
        EvaluationScheme, verbose_name=_("scheme"), on_delete=models.CASCADE, related_name="items"
    )
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.PROTECT, related_name="+"
    )
    weight = models.DecimalField(
        _("weight (%)"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("scheme item")
        verbose_name_plural = _("scheme items")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "indicator"], name="%(class)s_weighs_an_indicator_once"
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=100), name="%(class)s_weight_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weight.normalize():f}%"
