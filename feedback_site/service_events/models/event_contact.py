"""The contact that an event came with.

The customer's contact of today does not prove who was written to then.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ScopedQuerySet
from feedback_site.service_events.models.event import ServiceEvent


class EventContactQuerySet(ScopedQuerySet["EventContact"]):
    team_lookup = "service_event__team_id"


class EventContact(models.Model):
    """Phone and email of one event as they were sent, sealed to this row.

    There is a row only where one of them could be used.
    """

    service_event = models.OneToOneField(
        ServiceEvent,
        verbose_name=_("service event"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="contact",
    )
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_index = models.BinaryField(null=True, editable=False)
    email_sealed = models.BinaryField(null=True, editable=False)
    email_index = models.BinaryField(null=True, editable=False)

    objects = EventContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact of a service event")
        verbose_name_plural = _("contacts of service events")
        constraints = [
            models.CheckConstraint(
                condition=Q(phone_sealed__isnull=True, phone_index__isnull=True)
                | Q(phone_sealed__isnull=False, phone_index__isnull=False),
                name="%(class)s_phone_is_sealed_with_its_index",
            ),
            models.CheckConstraint(
                condition=Q(email_sealed__isnull=True, email_index__isnull=True)
                | Q(email_sealed__isnull=False, email_index__isnull=False),
                name="%(class)s_email_is_sealed_with_its_index",
            ),
            models.CheckConstraint(
                condition=Q(phone_sealed__isnull=False) | Q(email_sealed__isnull=False),
                name="%(class)s_holds_something",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
