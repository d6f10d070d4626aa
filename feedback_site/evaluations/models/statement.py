"""What another system, a file or a member of staff measured, each time it was stated."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ApiKey, ScopedQuerySet
from feedback_site.common.constraints import one_of
from feedback_site.common.ids import uuid7
from feedback_site.evaluations.enums import MeasurementSource, StatedBy
from feedback_site.evaluations.models.measurement import Measurement


class MeasurementStatementQuerySet(ScopedQuerySet["MeasurementStatement"]):
    team_lookup = "measurement__team_id"


class MeasurementStatement(models.Model):
    """One revision of a measurement: figures, who stated them and when.

    The measurement holds the last one; no revision is ever changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    measurement = models.ForeignKey(
        Measurement, verbose_name=_("measurement"), on_delete=models.PROTECT, related_name="statements"
    )
    revision = models.PositiveIntegerField(_("revision"))
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=4, null=True)
    n = models.PositiveIntegerField(_("n"))
    low = models.DecimalField(_("low"), max_digits=12, decimal_places=4, null=True)
    high = models.DecimalField(_("high"), max_digits=12, decimal_places=4, null=True)
    source = models.CharField(_("source"), max_length=20, choices=MeasurementSource)
    way = models.CharField(_("stated by"), max_length=10, choices=StatedBy)
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("member of staff"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    api_key = models.ForeignKey(
        ApiKey, verbose_name=_("API key"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    stated_at = models.DateTimeField(_("stated at"))

    objects = MeasurementStatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision of a measurement")
        verbose_name_plural = _("revisions of measurements")
        constraints = [
            models.UniqueConstraint(fields=["measurement", "revision"], name="%(class)s_is_numbered_once"),
            one_of("source", MeasurementSource, name="has_a_known_source"),
            one_of("way", StatedBy, name="has_a_known_way"),
            models.CheckConstraint(
                condition=Q(way=StatedBy.API, api_key__isnull=False, stated_by__isnull=True)
                | Q(way=StatedBy.EARLIER, api_key__isnull=True, stated_by__isnull=True)
                | Q(way__in=[StatedBy.FILE, StatedBy.STAFF], api_key__isnull=True, stated_by__isnull=False),
                name="%(class)s_names_who_stated_it",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="facts_are_only_added", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.measurement_id} r{self.revision}"
