"""Improvement actions: who does what by when, and what will prove that it worked."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.models import ScopedQuerySet
from feedback_site.common.constraints import one_of
from feedback_site.common.ids import uuid7
from feedback_site.evaluations.models import Indicator, Measurement
from feedback_site.improvements.enums import ActionStatus, ProofKind
from feedback_site.improvements.models.problem import Problem


class ImprovementActionQuerySet(ScopedQuerySet["ImprovementAction"]):
    team_lookup = "problem__team_id"


@pghistory.track()
class ImprovementAction(models.Model):
    """One measure against a problem.

    Proved only by a return visit (`proof_visit_id`, without a key to the upper app) or a later
    measurement.

    `standard_value` is in the indicator's unit and is met from its better side.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    problem = models.ForeignKey(
        Problem, verbose_name=_("problem"), on_delete=models.PROTECT, related_name="actions"
    )
    measure = models.TextField(pgettext_lazy("improvement", "action"), max_length=2000)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(_("due on"))
    resources = models.CharField(_("resources"), max_length=300, blank=True)
    proof_kind = models.CharField(_("verified by"), max_length=15, choices=ProofKind)
    standard_indicator = models.ForeignKey(
        Indicator,
        verbose_name=_("indicator of the standard"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    standard_value = models.DecimalField(
        _("target"),
        max_digits=10,
        decimal_places=3,
        null=True,
        blank=True,
        help_text=_("For a later measurement: reach this figure or better."),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=ActionStatus, default=ActionStatus.PLANNED, editable=False
    )
    created_at = models.DateTimeField(_("created at"), editable=False)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True, editable=False)
    proved_at = models.DateTimeField(_("verified at"), null=True, blank=True, editable=False)
    proof_measurement = models.ForeignKey(
        Measurement,
        verbose_name=_("verification"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    proof_visit_id = models.UUIDField(_("return visit"), null=True, blank=True, editable=False)

    objects = ImprovementActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("improvement action")
        verbose_name_plural = _("improvement actions")
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(status=ActionStatus.PLANNED), name="action_planned_by_due"
            )
        ]
        constraints = [
            one_of("proof_kind", ProofKind, name="has_a_known_proof_kind"),
            one_of("status", ActionStatus, name="has_a_known_status"),
            models.CheckConstraint(
                condition=Q(
                    proof_kind=ProofKind.VISIT, standard_indicator__isnull=True, standard_value__isnull=True
                )
                | Q(
                    proof_kind=ProofKind.MEASUREMENT,
                    standard_indicator__isnull=False,
                    standard_value__isnull=False,
                ),
                name="%(class)s_standard_fits_its_proof",
            ),
            models.CheckConstraint(
                condition=Q(status=ActionStatus.PLANNED, done_at__isnull=True)
                | (~Q(status=ActionStatus.PLANNED) & Q(done_at__isnull=False)),
                name="%(class)s_done_states_when",
            ),
            models.CheckConstraint(
                condition=Q(
                    proved_at__isnull=True, proof_visit_id__isnull=True, proof_measurement__isnull=True
                )
                & ~Q(status=ActionStatus.PROVED)
                | Q(status=ActionStatus.PROVED, proved_at__isnull=False)
                & (
                    Q(proof_kind=ProofKind.VISIT, proof_visit_id__isnull=False)
                    | Q(proof_kind=ProofKind.MEASUREMENT, proof_measurement__isnull=False)
                ),
                name="%(class)s_proved_has_its_proof",
            ),
        ]

    def __str__(self) -> str:
        return self.measure[:80]
