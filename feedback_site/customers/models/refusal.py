"""Contacts that do not want to be written to or called for a purpose, whatever customer they belong to."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.models import ScopedQuerySet, User
from feedback_site.common.ids import uuid7
from feedback_site.customers.enums import CONSENT_PURPOSES, Purpose
from feedback_site.customers.models.customer import Customer


class ContactRefusalQuerySet(ScopedQuerySet["ContactRefusal"]):
    def within(self, team_id: int) -> Self:
        """Refusals of customers whom the team, or a team below it, has served."""
        return self.filter(customer__in=Customer.objects.within(team_id))

    def standing(self) -> Self:
        """Refusals that have not been lifted."""
        return self.filter(lifted_at__isnull=True)


class ContactRefusal(models.Model):
    """One refusal of one contact for one purpose.

    It stands until the customer says otherwise; no event lifts it.

    The contact is found by its blind index and sealed, bound to this row, so that it
    can be indexed under another key. `customer` is who said so, `recorded_by` the
    member of staff who wrote it down, empty where the customer or a service system did.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.CharField(pgettext_lazy("consent", "purpose"), max_length=10, choices=Purpose)
    contact_sealed = models.BinaryField(editable=False)
    contact_index = models.BinaryField(max_length=36, editable=False)
    contact_mask = models.CharField(_("contact"), max_length=120, editable=False)
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="refusals",
    )
    refused_at = models.DateTimeField(_("refused at"))
    source = models.CharField(
        _("source"), max_length=60, help_text=_("The system or page where the customer agreed or refused.")
    )
    recorded_by = models.ForeignKey(
        User, verbose_name=_("recorded by"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_source = models.CharField(_("lifted where"), max_length=60, blank=True)
    lifted_by = models.ForeignKey(
        User, verbose_name=_("lifted by"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_reason = models.CharField(_("why lifted"), max_length=200, blank=True)

    objects = ContactRefusalQuerySet.as_manager()

    class Meta:
        verbose_name = _("refusal of a contact")
        verbose_name_plural = _("refusals of contacts")
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=CONSENT_PURPOSES), name="%(class)s_is_for_a_known_purpose"
            ),
            models.UniqueConstraint(
                fields=["contact_index", "purpose"],
                condition=Q(lifted_at__isnull=True),
                name="%(class)s_stands_once_per_contact",
            ),
            models.CheckConstraint(
                condition=Q(
                    lifted_at__isnull=True, lifted_source="", lifted_by__isnull=True, lifted_reason=""
                )
                | (Q(lifted_at__isnull=False) & ~Q(lifted_source="")),
                name="%(class)s_lifted_says_where",
            ),
        ]
        triggers = [pgtrigger.Protect(name="refusals_are_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.contact_mask}: {self.get_purpose_display()}"
