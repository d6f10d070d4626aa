"""Problems: what is wrong, which indicator it harms, why it happens."""

from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.models import ScopedQuerySet, Team
from feedback_site.common.constraints import one_of
from feedback_site.common.ids import uuid7
from feedback_site.evaluations.models import Indicator, Measurement
from feedback_site.improvements.enums import ClosingReason, ProblemSource, ProblemStatus, ProblemTheme
from feedback_site.service_events.models import ServiceEvent


class ProblemQuerySet(ScopedQuerySet["Problem"]):
    def open(self) -> Self:
        """Problems that are not closed."""
        return self.filter(status=ProblemStatus.OPEN)


@pghistory.track()
class Problem(models.Model):
    """One problem of one team.

    `source_id` is the row of an upper app that opened it (an escalation), without a key to it.

    `measurement` is the figure that showed a weak indicator; it
    may have changed since, so what it said is in `manifestation`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="+")
    source = models.CharField(
        _("opened by"), max_length=20, choices=ProblemSource, default=ProblemSource.MANUAL, editable=False
    )
    source_id = models.UUIDField(null=True, editable=False)
    indicator = models.ForeignKey(
        Indicator,
        verbose_name=_("affected indicator"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    measurement = models.ForeignKey(
        Measurement,
        verbose_name=_("measurement"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    service_event = models.ForeignKey(
        ServiceEvent,
        verbose_name=_("service event"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    theme = models.CharField(_("theme"), max_length=20, choices=ProblemTheme, default=ProblemTheme.OTHER)
    manifestation = models.TextField(
        _("manifestation"), max_length=2000, help_text=_("What is wrong, without names or phone numbers.")
    )
    root_cause = models.TextField(
        _("root cause"), max_length=2000, blank=True, help_text=_("Ask why five times.")
    )
    direction = models.TextField(_("direction of improvement"), max_length=2000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    due_at = models.DateTimeField(pgettext_lazy("problem", "due date"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=ProblemStatus, default=ProblemStatus.OPEN, editable=False
    )
    opened_at = models.DateTimeField(pgettext_lazy("problem", "raised on"), editable=False)
    closed_at = models.DateTimeField(
        pgettext_lazy("problem", "closed on"), null=True, blank=True, editable=False
    )
    closing_reason = models.CharField(
        _("closed because"), max_length=20, choices=ClosingReason, blank=True, editable=False
    )

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        indexes = [models.Index(fields=["team", "-opened_at"], name="problem_of_team_newest")]
        constraints = [
            one_of("source", ProblemSource, name="has_a_known_source"),
            one_of("theme", ProblemTheme, name="has_a_known_theme"),
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=Q(source_id__isnull=False),
                name="%(class)s_is_opened_once_by_its_source",
            ),
            models.UniqueConstraint(
                fields=["team", "indicator"],
                condition=Q(source=ProblemSource.WEAK_INDICATOR, status=ProblemStatus.OPEN),
                name="%(class)s_of_a_weak_indicator_is_open_once",
            ),
            models.CheckConstraint(
                condition=Q(status=ProblemStatus.OPEN, closed_at__isnull=True, closing_reason="")
                | Q(
                    status=ProblemStatus.CLOSED,
                    closed_at__isnull=False,
                    closing_reason__in=ClosingReason.values,
                ),
                name="%(class)s_closed_states_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.manifestation[:80]
