"""What is evaluated: dimensions and their indicators."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback_site.common.constraints import one_of
from feedback_site.common.texts import Named
from feedback_site.evaluations.enums import TIMED_UNITS, Direction, MeasurementSource, Unit


class Dimension(Named):
    """One of the handbook's six dimensions."""

    slug = models.SlugField(_("code"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")


@pghistory.track()
class Indicator(Named):
    """Something measured per team and period, with a baseline, a target and, where timed, a rubric.

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
        ]
