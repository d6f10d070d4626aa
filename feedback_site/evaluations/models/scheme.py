"""How indicators are weighed into one score."""

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback_site.common.texts import Named
from feedback_site.evaluations.models.indicator import Indicator


@pghistory.track()
class EvaluationScheme(Named):
    """A set of weighted indicators; weights add up to 100 (checked when a record is calculated)."""

    slug = models.SlugField(_("code"), max_length=60, unique=True)
    least_weight_covered = models.DecimalField(
        _("least weight with data (%)"),
        max_digits=5,
        decimal_places=2,
        default=80,
        help_text=_("Below this percentage of weight with data, a record gets no grade."),
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
        ]


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
