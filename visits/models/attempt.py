"""Attempts: each call or visit, and what it brought. Facts that are only added."""

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.models import Principal, ScopedQuerySet, User
from feedback_site.common.constraints import one_of
from feedback_site.common.headings import dated
from visits.enums import VisitAttemptOutcome
from visits.models.plan import MOST_ATTEMPTS
from visits.models.visit import ReturnVisit


class VisitAttemptQuerySet(ScopedQuerySet["VisitAttempt"]):
    team_lookup = "visit__team_id"

    def for_user(self, principal: Principal) -> Self:
        """Return the attempts within scope; a person who works by assignment sees those of their visits."""
        if principal.data_scope is DataScope.ASSIGNMENTS and isinstance(principal, User):
            return self.filter(visit__assignee=principal)
        return super().for_user(principal)


class VisitAttempt(models.Model):
    """One attempt. The number is unique per visit: two callers cannot both record the first."""

    visit = models.ForeignKey(
        ReturnVisit, verbose_name=_("return visit"), on_delete=models.PROTECT, related_name="attempts"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"))
    outcome = models.CharField(_("outcome"), max_length=20, choices=VisitAttemptOutcome)
    note = models.TextField(
        _("note"), max_length=1000, blank=True, help_text=_("Please leave out names and phone numbers.")
    )
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True)

    objects = VisitAttemptQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("visit", "contact attempt")
        verbose_name_plural = pgettext_lazy("visit", "contact attempts")
        constraints = [
            models.UniqueConstraint(fields=["visit", "number"], name="%(class)s_number_is_used_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=MOST_ATTEMPTS), name="%(class)s_is_one_of_three"
            ),
            one_of("outcome", VisitAttemptOutcome, name="has_a_known_outcome"),
        ]
        triggers = [
            pgtrigger.Protect(name="facts_are_only_added", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return dated(self.get_outcome_display(), self.made_at)
