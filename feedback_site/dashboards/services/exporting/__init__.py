"""Exports in the background: asked for, run one at a time from one snapshot, kept for a week."""

from feedback_site.dashboards.services.exporting.access import may_export
from feedback_site.dashboards.services.exporting.filters import count_rows, described_filters
from feedback_site.dashboards.services.exporting.keeping import (
    ExportFile,
    open_export,
    remove_expired,
    remove_leftovers,
)
from feedback_site.dashboards.services.exporting.requesting import cancel_export, request_export
from feedback_site.dashboards.services.exporting.running import run_exports
from feedback_site.dashboards.services.exporting.sources import SOURCES, ExportSource

__all__ = [
    "SOURCES",
    "ExportFile",
    "ExportSource",
    "cancel_export",
    "count_rows",
    "described_filters",
    "may_export",
    "open_export",
    "remove_expired",
    "remove_leftovers",
    "request_export",
    "run_exports",
]
