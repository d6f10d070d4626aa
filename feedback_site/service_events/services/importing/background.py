"""Uploads, one after the other, by any worker."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import structlog
from django.db import InterfaceError, OperationalError
from django.utils import translation
from django.utils.translation import gettext as _

from feedback_site.common.doorbell import ring
from feedback_site.common.exceptions import DomainError
from feedback_site.common.table_files import UPLOAD
from feedback_site.common.task_table import RUN_IMPORTS
from feedback_site.service_events.models import EventImport
from feedback_site.service_events.services.importing.claiming import LeaseLostError, claim_import
from feedback_site.service_events.services.importing.keeping import kept_file
from feedback_site.service_events.services.importing.requesting import may_import, remove_forgotten
from feedback_site.service_events.services.importing.running import Run, fail, finish, pause, run_file

# A worker is back for its customers after this; the import goes on where it was.
STRETCH_SECONDS = 20.0

logger = structlog.get_logger(__name__)


def run_imports(*, clock: Callable[[], datetime]) -> int:
    """Work on the next upload for a while; return 1, or 0 when
    none waits. Not inside a transaction: each chunk has its own.
    """
    remove_forgotten(at=clock())
    event_import = claim_import(at=clock())
    if event_import is None:
        return 0
    with translation.override(event_import.language):
        try:
            _run(event_import, clock)
        except LeaseLostError:
            logger.info("import_stopped", id=str(event_import.pk))
        except DomainError as error:
            _fail(event_import, str(error.message), clock)
        except (InterfaceError, OperationalError) as error:
            # The server is away or overloaded: the lease runs out,
            # and the next worker that finds the import goes on.
            logger.warning("import_interrupted", id=str(event_import.pk), error=type(error).__name__)
        except Exception as error:
            # Whatever it was, it would happen again: the import
            # ends with a sentence instead of starting for ever.
            logger.exception("import_failed", id=str(event_import.pk), error=type(error).__name__)
            _fail(
                event_import,
                _("The import was stopped by an error after row %(row)d.") % {"row": event_import.position},
                clock,
            )
    return 1


def _fail(event_import: EventImport, sentence: str, clock: Callable[[], datetime]) -> None:
    with suppress(LeaseLostError):
        fail(event_import, sentence, at=clock())


def _run(event_import: EventImport, clock: Callable[[], datetime]) -> None:
    if event_import.requested_by is None or not may_import(event_import.requested_by):
        raise DomainError(_("The person who started this import may no longer import service events."))
    run = Run(clock=clock, limits=UPLOAD, stop_at=time.monotonic() + STRETCH_SECONDS)
    with kept_file(event_import) as stream:
        is_whole = run_file(event_import, stream, run)
    if is_whole:
        finish(event_import, at=clock())
    else:
        pause(event_import)
        ring(RUN_IMPORTS)
