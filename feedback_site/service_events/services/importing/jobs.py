"""Imports as jobs, which go on where they were.

Uploads run in the background, one at a time; files that a command names run in its own process.
"""

from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from feedback_site.common.exceptions import LeaseLostError
from feedback_site.common.leased_jobs import UNFINISHED, JobKind
from feedback_site.common.locks import Lock
from feedback_site.common.task_table import RUN_IMPORTS
from feedback_site.service_events.enums import ImportOrigin, ImportStatus
from feedback_site.service_events.models import EventImport
from feedback_site.service_events.services.importing.access import log_import
from feedback_site.service_events.services.importing.keeping import remove_file


class EventImports(JobKind[EventImport]):
    model = EventImport
    lock = Lock.EVENT_IMPORTS
    task = RUN_IMPORTS
    given_up = _("The import was interrupted three times after row %(row)d. Split the file there.")
    broken = _("The import was stopped by an error after row %(row)d.")
    lost = _("The import was cancelled, or another process continues it.")
    has_ended = _("This import has ended already.")
    stoppable = (*UNFINISHED, ImportStatus.CHECKED)
    interruptions = (InterfaceError, OperationalError)

    def rows(self) -> QuerySet[EventImport]:
        """Return the uploads."""
        return EventImport.objects.filter(origin=ImportOrigin.UPLOAD)

    def on_end(self, job: EventImport, *, at: datetime) -> None:
        """Forget the file, and put on record what was brought in; a file that was checked waits for a go."""
        if job.status != ImportStatus.CHECKED:
            remove_file(job)
            log_import(job, at=at)

    def take_over(self, job: EventImport, *, at: datetime) -> EventImport:
        """Lease an import no matter which process held it.

        The other process, if it lives, stops at its next chunk.
        """
        with transaction.atomic():
            held = EventImport.objects.select_for_update(of=("self",), no_key=True).get(pk=job.pk)
            if held.status != ImportStatus.RUNNING:
                raise LeaseLostError(_("This import has ended meanwhile."))
            return self.lease(held, at=at)

    def lock_held(self, job: EventImport) -> EventImport:
        """Refuse also where the position has moved: the chunk at hand was taken in already."""
        held = super().lock_held(job)
        if held.position != job.position:
            raise LeaseLostError(self.lost)
        return held


IMPORTS = EventImports()
