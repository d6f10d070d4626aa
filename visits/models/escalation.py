"""Escalations: a repair that did not hold gets an owner and a deadline."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.models import ScopedQuerySet, Team
from feedback_site.common.constraints import one_of
from feedback_site.common.headings import dated
from feedback_site.common.ids import uuid7
from feedback_site.improvements.models import Problem
from visits.enums import EscalationStatus
from visits.models.visit import ReturnVisit


class EscalationQuerySet(ScopedQuerySet["Escalation"]):
    def open(self) -> Self:
        """Escalations that are not closed."""
        return self.filter(status=EscalationStatus.OPEN)


class Escalation(models.Model):
    """One escalation of one visit that found the case not resolved.

    `case_id` is the visit's: open once per case.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    visit = models.OneToOneField(
        ReturnVisit, verbose_name=_("return visit"), on_delete=models.PROTECT, related_name="escalation"
    )
    case_id = models.UUIDField(editable=False)
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    problem = models.OneToOneField(
        Problem,
        verbose_name=_("problem"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="escalation",
    )
    opened_at = models.DateTimeField(pgettext_lazy("escalation", "escalated on"))
    deadline_at = models.DateTimeField(pgettext_lazy("escalation", "solve by"))
    status = models.CharField(
        _("status"), max_length=10, choices=EscalationStatus, default=EscalationStatus.OPEN
    )
    closed_at = models.DateTimeField(pgettext_lazy("escalation", "closed on"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=pgettext_lazy("escalation", "closed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    closing_note = models.CharField(_("closing note"), max_length=300, blank=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        indexes = [
            models.Index(
                fields=["deadline_at"],
                condition=Q(status=EscalationStatus.OPEN),
                name="escalation_open_by_deadline",
            )
        ]
        constraints = [
            one_of("status", EscalationStatus, name="has_a_known_status"),
            models.UniqueConstraint(
                fields=["case_id"],
                condition=Q(status=EscalationStatus.OPEN),
                name="%(class)s_is_open_once_per_case",
            ),
            models.CheckConstraint(
                condition=Q(status=EscalationStatus.OPEN, closed_at__isnull=True)
                | (~Q(status=EscalationStatus.OPEN) & Q(closed_at__isnull=False)),
                name="%(class)s_closed_states_when",
            ),
        ]

    def __str__(self) -> str:
        return dated(self.get_status_display(), self.opened_at)
