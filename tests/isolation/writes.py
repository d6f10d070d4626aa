"""Which tables a request wrote to.

That nothing was written is seen in the statements, not guessed from a page.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

_STATEMENT = re.compile(
    r'\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(?!SKIP|NOWAIT|OF\b)(\w+)"?', re.IGNORECASE
)
# Signing in and out, and counting what was refused, are no writing of rows.
NO_ROWS = {"django_session", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog"}


@contextmanager
def watching_writes() -> Iterator[set[str]]:
    """Collect the tables that are written to meanwhile."""
    tables: set[str] = set()

    def watch(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's signature
        text = sql if isinstance(sql, str) else str(sql)
        if "FOR UPDATE" not in text and "FOR NO KEY UPDATE" not in text:
            tables.update(table.lower() for table in _STATEMENT.findall(text))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield tables
    tables -= NO_ROWS
