"""What happened to an event later: facts that are only added."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ScopedQuerySet
from feedback_site.common.constraints import one_of
from feedback_site.common.headings import dated
from feedback_site.common.ids import uuid7
from feedback_site.service_events.enums import TransitionType
from feedback_site.service_events.models.event import ServiceEvent


class ServiceEventTransitionQuerySet(ScopedQuerySet["ServiceEventTransition"]):
    team_lookup = "event__team_id"


class ServiceEventTransition(models.Model):
    """One later fact about an event.

    The sweep that asks customers follows *completed* facts by their own `recorded_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event = models.ForeignKey(
        ServiceEvent, verbose_name=_("service event"), on_delete=models.PROTECT, related_name="transitions"
    )
    type = models.CharField(_("type"), max_length=12, choices=TransitionType)
    at = models.DateTimeField(_("at"))
    details = models.JSONField(_("details"), default=dict, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = ServiceEventTransitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("later change")
        verbose_name_plural = _("later changes")
        indexes = [models.Index(fields=["type", "recorded_at"], name="transition_by_recording")]
        constraints = [
            models.UniqueConstraint(fields=["event", "type", "at"], name="%(class)s_is_recorded_once"),
            one_of("type", TransitionType, name="has_a_known_type"),
        ]
        triggers = [
            pgtrigger.Protect(name="facts_are_only_added", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return dated(self.get_type_display(), self.at)
