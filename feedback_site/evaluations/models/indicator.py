"""What is evaluated: dimensions and their indicators."""

from itertools import product

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback_site.common.constraints import one_of
from feedback_site.common.texts import Named
from feedback_site.evaluations.enums import (
    TIMED_UNITS,
    Direction,
    MeasurementSource,
    PeriodKind,
    SubjectKind,
    Unit,
)

# What the site measures of its own accord.
_ALWAYS = ({SubjectKind.TEAM.value}, {PeriodKind.MONTH.value, PeriodKind.QUARTER.value})


class Dimension(Named):
    """One of the handbook's six dimensions."""

    slug = models.SlugField(_("code"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")


@pghistory.track()
class Indicator(Named):
    """Something measured per subject and period, with a baseline, a target and, where timed, a rubric.

    What the site measures itself is measured of teams by month and quarter; of other subjects and by
    other periods where `more_subject_kinds` and `more_period_kinds` ask for them.

    `rubric` is a list of `[limit, points]` from best to worst for `hours` and
    `minutes`: a value up to the limit earns the points, and the last limit is null.
    """

    slug = models.SlugField(_("code"), max_length=60, unique=True)
    dimension = models.ForeignKey(
        Dimension, verbose_name=_("dimension"), on_delete=models.PROTECT, related_name="indicators"
    )
    unit = models.CharField(_("unit"), max_length=10, choices=Unit)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    baseline = models.DecimalField(_("baseline"), max_digits=10, decimal_places=3)
    target = models.DecimalField(_("target"), max_digits=10, decimal_places=3)
    rubric = models.JSONField(_("rubric"), default=list, blank=True)
    source = models.CharField(_("source"), max_length=20, choices=MeasurementSource)
    more_subject_kinds = ArrayField(
        models.CharField(max_length=10, choices=SubjectKind),
        verbose_name=_("measured for teams and also for"),
        default=list,
        blank=True,
    )
    more_period_kinds = ArrayField(
        models.CharField(max_length=10, choices=PeriodKind),
        verbose_name=_("measured by month and quarter and also by"),
        default=list,
        blank=True,
    )

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            one_of("unit", Unit, name="has_a_known_unit"),
            one_of("direction", Direction, name="has_a_known_direction"),
            one_of("source", MeasurementSource, name="has_a_known_source"),
            models.CheckConstraint(
                condition=~Q(unit__in=TIMED_UNITS) | ~Q(rubric=[]), name="%(class)s_timed_has_a_rubric"
            ),
            models.CheckConstraint(
                condition=Q(more_subject_kinds__contained_by=SubjectKind.values)
                & Q(more_period_kinds__contained_by=PeriodKind.values),
                name="%(class)s_has_known_kinds_of_subjects_and_periods",
            ),
        ]

    @property
    def measured_kinds(self) -> set[tuple[str, str]]:
        """The kinds of subjects and of periods that the site measures it for, in pairs."""
        subjects, periods = _ALWAYS
        return set(product({*subjects, *self.more_subject_kinds}, {*periods, *self.more_period_kinds}))
