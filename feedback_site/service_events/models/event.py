"""Service events: the facts that everything else follows from."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.models import Principal, ScopedQuerySet, Team, intake_team_of, team_subtree
from feedback_site.common.constraints import in_order, one_of
from feedback_site.common.ids import uuid7
from feedback_site.customers.models import Customer, Segment
from feedback_site.service_events.enums import Area, Complexity, EventStatus, Level, Priority
from feedback_site.service_events.models.agent import Agent
from feedback_site.service_events.models.reference import ServiceChannel, ServiceKind


class ServiceEventQuerySet(ScopedQuerySet["ServiceEvent"]):
    def completed(self) -> Self:
        """Events whose service has ended and stays ended."""
        return self.filter(status=EventStatus.COMPLETED)

    def known_to(self, principal: Principal | None) -> Self:
        """Return the events that `principal` names when it sends their number.

        They are of its own intake, or its teams see them or did the work.
        """
        intake = intake_team_of(principal)
        if intake is None:
            return self.all()
        teams = team_subtree(intake)
        return self.filter(Q(intake_team=intake) | Q(team_id__in=teams) | Q(credited_team_id__in=teams))


class ServiceEvent(models.Model):
    """One case: what happened, to whom, by which team.

    `team` is who may see it now; `credited_team`, agent, channel, kind and segment are frozen at
    intake: they say whose work it was. A number of a source is known within `intake_team`: by the
    same number the system of another team means another case. `body` is what was sent, without the
    customer; `content_hash` (over the normalised form, sealed) tells a repeat from a conflict.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.CharField(_("source"), max_length=40)
    external_id = models.CharField(_("ticket number"), max_length=80)
    intake_team = models.ForeignKey(
        Team,
        verbose_name=_("known within"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text=_(
            "The team whose system or file brought in this number; empty: a system of the whole company."
        ),
    )
    kind = models.ForeignKey(ServiceKind, verbose_name=_("kind"), on_delete=models.PROTECT, related_name="+")
    channel = models.ForeignKey(
        ServiceChannel, verbose_name=_("service channel"), on_delete=models.PROTECT, related_name="+"
    )
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="+")
    credited_team = models.ForeignKey(
        Team, verbose_name=_("counts for team"), on_delete=models.PROTECT, related_name="+"
    )
    agent = models.ForeignKey(
        Agent, verbose_name=_("agent"), on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="events"
    )
    segment = models.ForeignKey(
        Segment, verbose_name=_("segment"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = models.CharField(_("status"), max_length=10, choices=EventStatus, default=EventStatus.OPEN)
    superseded_by = models.ForeignKey(
        "self",
        verbose_name=_("superseded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    opened_at = models.DateTimeField(pgettext_lazy("service event", "registered on"))
    first_response_at = models.DateTimeField(_("first response at"), null=True, blank=True)
    completed_at = models.DateTimeField(
        _("completed at"), null=True, blank=True, help_text=_("The latest completion.")
    )
    priority = models.CharField(_("priority"), max_length=10, choices=Priority, default=Priority.ROUTINE)
    is_complaint = models.BooleanField(_("complaint"), default=False)
    is_resolved = models.BooleanField(_("resolved"), null=True, blank=True)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, null=True, blank=True)
    complexity = models.CharField(_("complexity"), max_length=10, choices=Complexity, blank=True)
    handovers = models.PositiveSmallIntegerField(_("hand-overs"), null=True, blank=True)
    area = models.CharField(_("area"), max_length=10, choices=Area, blank=True)
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    eta_told_at = models.DateTimeField(_("arrival time told at"), null=True, blank=True)
    product_line = models.CharField(_("product line"), max_length=80, blank=True)
    is_in_warranty = models.BooleanField(_("in warranty"), null=True, blank=True)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    body = models.JSONField(_("body"), default=dict, editable=False)
    content_hash = models.BinaryField(editable=False)
    is_replayed = models.BooleanField(
        _("historical data"),
        default=False,
        help_text=_(
            "Historical data: decided in order of time, not counted in “sent within ten minutes”, never sent "
            "to customers."
        ),
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = ServiceEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("service event")
        verbose_name_plural = _("service events")
        indexes = [
            models.Index(fields=["team", "-recorded_at"], name="event_of_team_newest_first"),
            models.Index(fields=["credited_team", "completed_at"], name="event_of_team_by_completion"),
            models.Index(fields=["-updated_at"], name="event_changed_last_first"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id", "intake_team"],
                nulls_distinct=False,
                name="%(class)s_is_recorded_once_per_source",
            ),
            one_of("status", EventStatus, name="has_a_known_status"),
            one_of("priority", Priority, name="has_a_known_priority"),
            models.CheckConstraint(
                condition=Q(complexity="") | Q(complexity__in=Complexity.values),
                name="%(class)s_has_a_known_complexity",
            ),
            models.CheckConstraint(
                condition=Q(area="") | Q(area__in=Area.values), name="%(class)s_has_a_known_area"
            ),
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__in=Level.values),
                name="%(class)s_has_a_known_level",
            ),
            in_order("opened_at", "first_response_at", name="responded_after_it_opened"),
            in_order("opened_at", "completed_at", name="completed_after_it_opened"),
            models.CheckConstraint(
                condition=~Q(status=EventStatus.COMPLETED) | Q(completed_at__isnull=False),
                name="%(class)s_completed_knows_when",
            ),
            models.CheckConstraint(
                condition=Q(status=EventStatus.SUPERSEDED, superseded_by__isnull=False)
                | (~Q(status=EventStatus.SUPERSEDED) & Q(superseded_by__isnull=True)),
                name="%(class)s_superseded_knows_by_what",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by__isnull=True) | ~Q(superseded_by=F("id")),
                name="%(class)s_does_not_supersede_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}/{self.external_id}"
