"""Files of service events: checked, then imported in chunks that a kill cannot double.

Every row is taken in or listed.
"""

from feedback_site.service_events.services.importing.access import may_import
from feedback_site.service_events.services.importing.background import run_imports
from feedback_site.service_events.services.importing.by_command import begin_import, run_import
from feedback_site.service_events.services.importing.columns import (
    PROPOSED,
    confirm_columns,
    headings_in,
    headings_of,
    hold_for_columns,
    remembered_columns,
)
from feedback_site.service_events.services.importing.parsing import ParsedRow, RowParser, register_row_parser
from feedback_site.service_events.services.importing.requesting import (
    cancel_import,
    check_again,
    confirm_import,
    remove_forgotten,
    request_import,
)
from feedback_site.service_events.services.importing.rows import FileRowProblem
from feedback_site.service_events.services.importing.running import Run

__all__ = [
    "PROPOSED",
    "FileRowProblem",
    "ParsedRow",
    "RowParser",
    "Run",
    "begin_import",
    "cancel_import",
    "check_again",
    "confirm_columns",
    "confirm_import",
    "headings_in",
    "headings_of",
    "hold_for_columns",
    "may_import",
    "register_row_parser",
    "remembered_columns",
    "remove_forgotten",
    "request_import",
    "run_import",
    "run_imports",
]
