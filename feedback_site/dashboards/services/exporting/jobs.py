"""Exports as jobs of the background: one at a time, from the first row each time."""

from django.utils.translation import gettext_lazy as _

from feedback_site.common.leased_jobs import JobKind
from feedback_site.common.locks import Lock
from feedback_site.common.task_table import RUN_EXPORTS
from feedback_site.dashboards.models import Export


class Exports(JobKind[Export]):
    model = Export
    lock = Lock.EXPORTS
    task = RUN_EXPORTS
    given_up = _("The export was interrupted three times. Choose fewer rows.")
    broken = _("The export was stopped by an error. Ask again, or choose fewer rows.")
    lost = _("The export was cancelled, or another process runs it.")
    has_ended = _("This export has ended already.")
    # A file that is not whole is gone with its worker.
    set_back = {"rows_done": 0, "rows_total": None}


EXPORTS = Exports()
