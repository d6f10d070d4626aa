"""Exports made in the background: rows of work like every other queue of this site."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ApiKey, Principal, User
from feedback_site.common.constraints import one_of
from feedback_site.common.leased_jobs import UNFINISHED, LeasedJob
from feedback_site.common.zones import company_zone
from feedback_site.dashboards.enums import ExportFormat, ExportKind, ExportStatus


class ExportQuerySet(models.QuerySet["Export"]):
    def for_user(self, principal: Principal) -> Self:
        """Return the exports that `principal` asked for.

        A file holds what its reader may see, so no other person gets it.
        """
        if isinstance(principal, User):
            return self.filter(requested_by=principal)
        return self.filter(api_key=principal) if isinstance(principal, ApiKey) else self.none()


class Export(LeasedJob):
    """One export, asked for by one principal and scoped to it when it runs.

    The file is kept until `expires_at`.
    """

    kind = models.CharField(_("rows"), max_length=20, choices=ExportKind)
    format = models.CharField(_("format"), max_length=5, choices=ExportFormat)
    filters = models.JSONField(_("filters"), default=dict, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("requested by"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    api_key = models.ForeignKey(
        ApiKey, verbose_name=_("API key"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    status = models.CharField(_("status"), max_length=10, choices=ExportStatus, default=ExportStatus.QUEUED)
    rows_total = models.PositiveIntegerField(_("rows"), null=True, blank=True)
    rows_done = models.PositiveIntegerField(_("rows written"), default=0)
    file_name = models.CharField(_("file"), max_length=120, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"))
    # Whose rows the file holds: the numbers of the teams, or "all". Empty: made before that was noted.
    teams = models.JSONField(null=True, blank=True, editable=False)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        indexes = [
            models.Index(
                fields=["queued_at"],
                condition=Q(status__in=list(UNFINISHED)),
                name="export_to_run_by_request",
            )
        ]
        constraints = [
            one_of("kind", ExportKind, name="is_of_a_known_kind"),
            one_of("format", ExportFormat, name="is_in_a_known_format"),
            one_of("status", ExportStatus, name="has_a_known_status"),
            models.CheckConstraint(
                condition=Q(requested_by__isnull=False, api_key__isnull=True)
                | Q(requested_by__isnull=True, api_key__isnull=False),
                name="%(class)s_is_asked_for_by_one",
            ),
            models.CheckConstraint(
                condition=~Q(status=ExportStatus.DONE)
                | Q(finished_at__isnull=False, rows_total__isnull=False, rows_done=F("rows_total")),
                name="%(class)s_that_is_ready_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.get_kind_display()} {timezone.localtime(self.queued_at, company_zone()):%Y-%m-%d %H:%M}"
        )
