"""Log lines that name rows, so that one of them can be followed through web and worker."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from structlog.typing import FilteringBoundLogger

ROWS_PER_LINE = 100


def log_rows(logger: FilteringBoundLogger, event: str, rows: Sequence[Any]) -> None:
    """Log ids, or mappings of ids and states, once the transaction has committed.

    What was rolled back never happened.
    """
    for start in range(0, len(rows), ROWS_PER_LINE):
        transaction.on_commit(partial(logger.info, event, rows=list(rows[start : start + ROWS_PER_LINE])))
