"""Return visits: a colleague asks the customer whether the repair holds."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.models import Principal, ScopedQuerySet, Team, User
from feedback_site.common.constraints import in_order, one_of
from feedback_site.common.ids import uuid7
from feedback_site.customers.models import Customer
from feedback_site.service_events.models import Agent, ServiceEvent
from surveys.models import Invitation
from visits.enums import VisitMode, VisitOutcome, VisitStatus, VisitTrigger
from visits.models.plan import MOST_ATTEMPTS, VisitPlan


class ReturnVisitQuerySet(ScopedQuerySet["ReturnVisit"]):
    def for_user(self, principal: Principal) -> Self:
        """Return the visits within scope; a person who works by assignment sees those assigned to them."""
        if principal.data_scope is DataScope.ASSIGNMENTS and isinstance(principal, User):
            return self.filter(assignee=principal)
        return super().for_user(principal)

    def open(self) -> Self:
        """Visits that are not concluded."""
        return self.filter(status=VisitStatus.OPEN)

    def due(self, *, at: datetime) -> Self:
        """Open visits whose next attempt may be made now."""
        return self.open().filter(next_attempt_at__lte=at)


class ReturnVisit(models.Model):
    """One visit to one customer about one case.

    `case_id` is the event, or the customer where no event is concerned.

    No colleague calls about their own work: `agent` is the colleague concerned, never the assignee.
    `held_by` is who has the customer on the line until `held_until`. The script's answers are
    a response of their own (`invitation`, purpose visit): the customer's own score stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(
        VisitPlan, verbose_name=_("plan"), on_delete=models.PROTECT, related_name="visits"
    )
    trigger = models.CharField(_("trigger"), max_length=20, choices=VisitTrigger)
    case_id = models.UUIDField(editable=False)
    service_event = models.ForeignKey(
        ServiceEvent,
        verbose_name=_("service event"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="return_visits",
    )
    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="return_visits"
    )
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="+")
    credited_team = models.ForeignKey(
        Team, verbose_name=_("counts for team"), on_delete=models.PROTECT, related_name="+"
    )
    agent = models.ForeignKey(
        Agent, verbose_name=_("agent"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    mode = models.CharField(pgettext_lazy("visit", "contact method"), max_length=10, choices=VisitMode)
    status = models.CharField(_("status"), max_length=10, choices=VisitStatus, default=VisitStatus.OPEN)
    outcome = models.CharField(_("outcome"), max_length=20, choices=VisitOutcome, blank=True)
    planned_at = models.DateTimeField(_("planned at"))
    due_from = models.DateTimeField(_("not before"))
    due_at = models.DateTimeField(pgettext_lazy("visit", "due date"))
    max_attempts = models.PositiveSmallIntegerField(_("attempts allowed"))
    attempts_made = models.PositiveSmallIntegerField(_("attempts made"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned to"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="return_visits",
    )
    assigned_at = models.DateTimeField(_("assigned at"), null=True, blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("in contact"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    held_until = models.DateTimeField(_("held until"), null=True, blank=True)
    invitation = models.OneToOneField(
        Invitation,
        verbose_name=_("call script"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="return_visit",
    )
    closed_at = models.DateTimeField(pgettext_lazy("visit", "ended on"), null=True, blank=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = ReturnVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("return visit")
        verbose_name_plural = _("return visits")
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(status=VisitStatus.OPEN),
                name="visit_open_by_next_attempt",
            ),
            models.Index(
                fields=["assignee"], condition=Q(status=VisitStatus.OPEN), name="visit_open_by_assignee"
            ),
            models.Index(fields=["credited_team", "closed_at"], name="visit_of_team_by_closing"),
            models.Index(fields=["case_id"], name="visit_by_case"),
        ]
        constraints = [
            one_of("trigger", VisitTrigger, name="has_a_known_trigger"),
            one_of("mode", VisitMode, name="has_a_known_mode"),
            models.UniqueConstraint(
                fields=["case_id"],
                condition=Q(status=VisitStatus.OPEN),
                name="%(class)s_is_open_once_per_case",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=VisitStatus.OPEN, outcome="", closed_at__isnull=True, next_attempt_at__isnull=False
                )
                | Q(
                    status=VisitStatus.CLOSED,
                    outcome__in=VisitOutcome.values,
                    closed_at__isnull=False,
                    next_attempt_at__isnull=True,
                ),
                name="%(class)s_is_open_or_closed_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(attempts_made__lte=models.F("max_attempts"), max_attempts__lte=MOST_ATTEMPTS),
                name="%(class)s_tries_no_more_than_allowed",
            ),
            models.CheckConstraint(
                condition=Q(held_by__isnull=True, held_until__isnull=True)
                | Q(held_by__isnull=False, held_until__isnull=False),
                name="%(class)s_is_held_until_some_time",
            ),
            in_order("due_from", "due_at", name="is_due_after_it_may_start"),
        ]

    def __str__(self) -> str:
        return f"{self.get_trigger_display()} {self.due_at:%Y-%m-%d}"


class VisitSourceQuerySet(ScopedQuerySet["VisitSource"]):
    team_lookup = "visit__team_id"


class VisitSource(models.Model):
    """What asked for a visit: each row below us asks once, and several may share a visit.

    `source_id` is the completion (complaint, complex case), the
    follow-up request (low score, detractor) or the action (improvement).
    """

    visit = models.ForeignKey(
        ReturnVisit, verbose_name=_("return visit"), on_delete=models.PROTECT, related_name="sources"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=VisitTrigger)
    source_id = models.UUIDField(_("source"))
    added_at = models.DateTimeField(_("added at"))

    objects = VisitSourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason of a visit")
        verbose_name_plural = _("reasons of visits")
        constraints = [
            models.UniqueConstraint(fields=["kind", "source_id"], name="%(class)s_asks_once"),
            one_of("kind", VisitTrigger, name="has_a_known_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id}"
