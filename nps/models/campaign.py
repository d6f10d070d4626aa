"""Campaigns: one programme in one quarter, from the prepared frame to the published result."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ScopedQuerySet, Team
from feedback_site.common.constraints import in_order, one_of
from feedback_site.common.ids import uuid7
from feedback_site.questionnaires.models import QuestionnaireVersion
from nps.enums import LAUNCHED, CampaignStatus, ClosingCause
from nps.models.programme import Programme

_FROZEN = (
    "programme_id",
    "quarter_start",
    "team_id",
    "version_id",
    "seed",
    "frame_from",
    "frame_at",
    "target_completes",
    "minimum_per_stratum",
    "expected_response_percent",
    "cap_days",
    "launched_at",
)


def _columns(row: str) -> str:
    return ", ".join(f"{row}.{column}" for column in _FROZEN)


class CampaignQuerySet(ScopedQuerySet["Campaign"]):
    """Campaigns by team; one of every team is for those who see all. Its figures are of many people."""

    is_aggregate = True


class Campaign(models.Model):
    """One campaign.

    What the sample depends on is copied from the programme when it is drawn and frozen by the launch.

    The frame is who was served in [`frame_from`, `frame_at`). A member's random number is the first 60
    bits of SHA-256("<seed>:<customer id>"): with seed and frame the sample can be drawn again. `result` is
    written once, at the close.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.PROTECT, related_name="campaigns"
    )
    quarter_start = models.DateField(_("quarter"))
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = models.CharField(
        _("status"), max_length=10, choices=CampaignStatus, default=CampaignStatus.PREPARED
    )
    seed = models.BigIntegerField(_("draw number"))
    version = models.ForeignKey(
        QuestionnaireVersion,
        verbose_name=_("questionnaire version"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    target_completes = models.PositiveIntegerField(_("target of responses"))
    minimum_per_stratum = models.PositiveIntegerField(_("least responses per group"))
    expected_response_percent = models.PositiveSmallIntegerField(_("expected response rate (%)"))
    cap_days = models.PositiveSmallIntegerField(_("days between invitations"))
    frame_from = models.DateTimeField(_("served from"), null=True, blank=True)
    frame_at = models.DateTimeField(_("sampling list as of"), null=True, blank=True)
    prepared_at = models.DateTimeField(_("prepared at"))
    draw_requested_at = models.DateTimeField(_("draw requested at"), null=True, blank=True)
    drawn_at = models.DateTimeField(_("drawn at"), null=True, blank=True)
    launched_at = models.DateTimeField(_("launched at"), null=True, blank=True)
    launched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("launched by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    field_ends_at = models.DateTimeField(_("survey period ends at"), null=True, blank=True)
    closed_at = models.DateTimeField(pgettext_lazy("campaign", "ended on"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=pgettext_lazy("campaign", "ended by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    closing_cause = models.CharField(_("closed because"), max_length=20, choices=ClosingCause, blank=True)
    result = models.JSONField(_("result"), null=True, blank=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("NPS campaign")
        verbose_name_plural = _("NPS campaigns")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "quarter_start"], name="%(class)s_is_prepared_once_a_quarter"
            ),
            one_of("status", CampaignStatus, name="has_a_known_status"),
            models.CheckConstraint(
                condition=Q(quarter_start__day=1, quarter_start__month__in=[1, 4, 7, 10]),
                name="%(class)s_starts_with_its_quarter",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[CampaignStatus.DRAWN, *LAUNCHED])
                | Q(
                    drawn_at__isnull=False,
                    frame_at__isnull=False,
                    frame_from__isnull=False,
                    version__isnull=False,
                ),
                name="%(class)s_drawn_knows_its_frame",
            ),
            models.CheckConstraint(
                condition=Q(status__in=LAUNCHED, launched_at__isnull=False, field_ends_at__isnull=False)
                | (~Q(status__in=LAUNCHED) & Q(launched_at__isnull=True)),
                name="%(class)s_launched_states_when",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=CampaignStatus.CLOSED,
                    closed_at__isnull=False,
                    closing_cause__in=ClosingCause.values,
                    result__isnull=False,
                )
                | (
                    ~Q(status=CampaignStatus.CLOSED)
                    & Q(closed_at__isnull=True, closing_cause="", result__isnull=True)
                ),
                name="%(class)s_closed_has_a_result",
            ),
            models.CheckConstraint(
                condition=~Q(closing_cause=ClosingCause.TIME_OVER) | Q(closed_at__gte=F("field_ends_at")),
                name="%(class)s_is_over_when_its_field_is",
            ),
            models.CheckConstraint(
                condition=~Q(closing_cause=ClosingCause.STAFF) | Q(closed_by__isnull=False),
                name="%(class)s_closed_by_staff_knows_by_whom",
            ),
            in_order("frame_from", "frame_at", name="frame_has_a_length"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="closed_is_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status=CampaignStatus.CLOSED.value),
            ),
            pgtrigger.Protect(
                name="launched_is_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"OLD.launched_at IS NOT NULL AND ({_columns('OLD')}) IS DISTINCT FROM "
                    f"({_columns('NEW')})"
                ),
            ),
            pgtrigger.Protect(
                name="launched_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__launched_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(year)d Q%(quarter)d") % {
            "year": self.quarter_start.year,
            "quarter": (self.quarter_start.month + 2) // 3,
        }


class CampaignWaveQuerySet(ScopedQuerySet["CampaignWave"]):
    team_lookup = "campaign__team_id"
    is_aggregate = True


class CampaignWave(models.Model):
    """One wave: how many were to be invited, and whether that is done. At most one is unfinished."""

    campaign = models.ForeignKey(
        Campaign, verbose_name=_("campaign"), on_delete=models.PROTECT, related_name="waves"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    planned = models.PositiveIntegerField(_("to be invited"))
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = CampaignWaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("wave")
        verbose_name_plural = _("waves")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="%(class)s_number_is_used_once"),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(finished_at__isnull=True), name="%(class)s_runs_alone"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="%(class)s_counts_from_one"),
        ]

    def __str__(self) -> str:
        return gettext("Wave %(number)d") % {"number": self.number}
