"""Uploads, one after the other, by any worker."""

import time

from django.utils.translation import gettext as _

from feedback_site.common.clock import Clock
from feedback_site.common.exceptions import DomainError
from feedback_site.common.table_files import UPLOAD
from feedback_site.service_events.models import EventImport
from feedback_site.service_events.services.importing.access import may_import
from feedback_site.service_events.services.importing.jobs import IMPORTS
from feedback_site.service_events.services.importing.keeping import kept_file
from feedback_site.service_events.services.importing.requesting import remove_forgotten
from feedback_site.service_events.services.importing.running import Run, finish, run_file

# A worker is back for its customers after this; the import goes on where it was.
STRETCH_SECONDS = 20.0


def run_imports(*, clock: Clock) -> int:
    """Work on the next upload for a while; return 1, or 0 when none waits.

    Not inside a transaction: each chunk has its own.
    """
    remove_forgotten(at=clock())
    return IMPORTS.run_next(_run, at=clock(), clock=clock)


def _run(event_import: EventImport, clock: Clock) -> None:
    if event_import.requested_by is None or not may_import(event_import.requested_by):
        raise DomainError(_("The person who started this import may no longer import service events."))
    run = Run(clock=clock, limits=UPLOAD, stop_at=time.monotonic() + STRETCH_SECONDS)
    with kept_file(event_import) as stream:
        is_whole = run_file(event_import, stream, run)
    if is_whole:
        finish(event_import, at=clock())
    else:
        IMPORTS.put_back(event_import)
