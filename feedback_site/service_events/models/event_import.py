"""Files of service events: how far each one is, and what became of its rows.

The file itself is kept while it is needed.
"""

from collections.abc import Mapping

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ScopedQuerySet, Team
from feedback_site.common.constraints import one_of
from feedback_site.common.ids import uuid7
from feedback_site.common.leased_jobs import UNFINISHED, LeasedJob
from feedback_site.service_events.enums import ImportOrigin, ImportStatus


class EventImportQuerySet(ScopedQuerySet["EventImport"]):
    """Imports by the team of the person who asked for them.

    Imports of people who see all teams are shown to people who see all teams.
    """


class EventImport(LeasedJob):
    """One file.

    `position` is the number of rows behind us; it moves in the transaction that takes them in, so no row
    is taken in twice.

    A chunk under another lease does not commit. An upload is first checked
    (`is_dry_run`), then imported. `notes` are sentences about the file as a whole. `mapping` says how its
    columns are read; `fingerprint` is SHA-256 over the file and everything that decides what becomes of it.
    """

    origin = models.CharField(_("origin"), max_length=10, choices=ImportOrigin)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("requested by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    file_name = models.CharField(_("file"), max_length=120)
    file_size = models.PositiveBigIntegerField(_("bytes"))
    fingerprint = models.BinaryField(max_length=32, editable=False)
    mapping = models.JSONField(_("mapping"), default=dict, blank=True)
    is_replayed = models.BooleanField(_("historical data"), default=False)
    is_dry_run = models.BooleanField(_("only checked"), default=True)
    status = models.CharField(_("status"), max_length=10, choices=ImportStatus, default=ImportStatus.QUEUED)
    rows_total = models.PositiveIntegerField(_("rows"), null=True, blank=True)
    position = models.PositiveIntegerField(_("rows read"), default=0)
    imported = models.PositiveIntegerField(_("new"), default=0)
    completed = models.PositiveIntegerField(_("completed by this file"), default=0)
    continued = models.PositiveIntegerField(_("known, with later facts"), default=0)
    repeated = models.PositiveIntegerField(_("known already"), default=0)
    listed = models.PositiveIntegerField(_("not imported"), default=0)
    warned = models.PositiveIntegerField(_("taken in with a warning"), default=0)
    notes = models.JSONField(_("notes on the file"), default=list, blank=True)
    rows_per_second = models.PositiveIntegerField(_("rows per second"), default=0)

    objects = EventImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of events")
        verbose_name_plural = _("imports of events")
        indexes = [
            models.Index(
                fields=["queued_at"],
                condition=Q(status__in=list(UNFINISHED)),
                name="event_import_to_run",
            ),
        ]
        constraints = [
            one_of("origin", ImportOrigin, name="has_a_known_origin"),
            one_of("status", ImportStatus, name="has_a_known_status"),
            models.CheckConstraint(
                condition=Q(position=F("imported") + F("continued") + F("repeated") + F("listed")),
                name="%(class)s_says_what_became_of_each_row",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[ImportStatus.CHECKED, ImportStatus.DONE])
                | Q(rows_total__isnull=False, rows_total=F("position")),
                name="%(class)s_that_is_over_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status=ImportStatus.CHECKED) | Q(is_dry_run=True),
                name="%(class)s_that_is_checked_changed_nothing",
            ),
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=Q(origin=ImportOrigin.COMMAND, status=ImportStatus.RUNNING),
                name="%(class)s_by_command_runs_once_per_file",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def progress_words(self) -> Mapping[str, int]:
        """The row at which it stopped."""
        return {"row": self.position}


def sentence_of(reason: str, *, is_taken_in: bool) -> str:
    """Return a reason with what became of the row."""
    return gettext("Taken in, but: %(reason)s") % {"reason": reason} if is_taken_in else reason


class EventImportProblem(models.Model):
    """A row that was not taken in, and why, or what was left out of one that was.

    It never says what a cell about the customer says.
    """

    event_import = models.ForeignKey(
        EventImport, verbose_name=_("import"), on_delete=models.CASCADE, related_name="problems"
    )
    line = models.PositiveIntegerField(_("line"))
    reason = models.CharField(_("reason"), max_length=1000)
    # What is on record and what the row says, by field,
    # where the two differ and the reader may see the event.
    changes = models.JSONField(_("differences"), default=dict, blank=True)
    is_taken_in = models.BooleanField(_("taken in"), default=False)

    class Meta:
        verbose_name = _("row with a problem")
        verbose_name_plural = _("rows with a problem")
        constraints = [
            models.UniqueConstraint(fields=["event_import", "line"], name="%(class)s_lists_a_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.line}"

    @property
    def sentence(self) -> str:
        """What is to be said of the row."""
        return sentence_of(self.reason, is_taken_in=self.is_taken_in)


class EventImportPart(models.Model):
    """A piece of an uploaded file, sealed; gone when the import is over."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event_import = models.ForeignKey(EventImport, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content_sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event_import", "number"], name="%(class)s_has_its_place")
        ]

    def __str__(self) -> str:
        return f"{self.event_import_id} {self.number}"
