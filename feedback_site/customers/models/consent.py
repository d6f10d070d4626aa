"""What customers allowed us to contact them for."""

from typing import Self

import pgtrigger
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ScopedQuerySet
from feedback_site.common.ids import uuid7
from feedback_site.common.listing import labelled
from feedback_site.customers.enums import CONSENT_PURPOSES, Purpose
from feedback_site.customers.models.customer import Customer


class ConsentQuerySet(ScopedQuerySet["Consent"]):
    def within(self, team_id: int) -> Self:
        """Statements of customers whom the team, or a team below it, has served."""
        return self.filter(customer__in=Customer.objects.within(team_id))


class Consent(models.Model):
    """One statement of a customer about one purpose: rows are only added, the latest wins, none means no."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="consents"
    )
    purpose = models.CharField(pgettext_lazy("consent", "purpose"), max_length=10, choices=Purpose)
    is_granted = models.BooleanField(_("granted"))
    stated_at = models.DateTimeField(_("recorded on"))
    source = models.CharField(
        _("source"), max_length=60, help_text=_("The system or page where the customer agreed or refused.")
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [
            models.Index(fields=["customer", "purpose", "-stated_at", "-id"], name="consent_latest_first")
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(purpose__in=CONSENT_PURPOSES), name="%(class)s_is_for_a_known_purpose"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="facts_are_only_added", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return labelled(
            self.get_purpose_display(), gettext("allowed") if self.is_granted else gettext("refused")
        )
