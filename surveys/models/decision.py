"""What became of each completed event: invited, or not and why."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ScopedQuerySet
from feedback_site.common.headings import dated
from feedback_site.service_events.models import ServiceEvent, ServiceEventTransition
from surveys.enums import DecisionReason
from surveys.models.invitation import Invitation
from surveys.models.survey import Survey


class EventDecisionQuerySet(ScopedQuerySet["EventDecision"]):
    team_lookup = "service_event__team_id"


class EventDecision(models.Model):
    """The decision on one event: exactly one of an invitation and a reason.

    The event is the primary key, so it is decided once.
    """

    service_event = models.OneToOneField(
        ServiceEvent,
        verbose_name=_("service event"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="decision",
    )
    completion = models.ForeignKey(
        ServiceEventTransition, verbose_name=_("completion"), on_delete=models.PROTECT, related_name="+"
    )
    survey = models.ForeignKey(
        Survey,
        verbose_name=_("survey rule"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    invitation = models.OneToOneField(
        Invitation,
        verbose_name=_("invitation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decision",
    )
    reason = models.CharField(_("reason"), max_length=15, choices=DecisionReason, blank=True)
    decided_at = models.DateTimeField(_("decided at"))

    objects = EventDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("event decision")
        verbose_name_plural = _("event decisions")
        constraints = [
            models.CheckConstraint(
                condition=Q(invitation__isnull=False, reason="")
                | Q(invitation__isnull=True, reason__in=DecisionReason.values),
                name="%(class)s_is_an_invitation_or_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return dated(self.get_reason_display() or gettext("invited"), self.decided_at)
