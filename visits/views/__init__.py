"""The caller's pages: short function views under the admin site, which lets only staff in."""

from visits.views.steps import hold, release, reveal
from visits.views.visit import record
from visits.views.work_list import work

__all__ = ["hold", "record", "release", "reveal", "work"]
