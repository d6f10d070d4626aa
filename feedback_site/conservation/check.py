"""What a check is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from feedback_site.conservation.recent import Scope


@dataclass(frozen=True, slots=True)
class Check:
    """`slug` for programs, `sentence` for people.

    `sql`, or `rows` where SQL cannot say it, is empty when the sentence holds.

    A run over what was touched lately narrows `sql` to `scope`, or
    takes `recent_sql` where the whole cannot be cut into parts.
    """

    slug: str
    sentence: Promise
    sql: str = ""
    rows: Callable[[datetime | None], Iterable[tuple[str, str]]] | None = None
    scope: Scope = Scope.EVERYTHING
    recent_sql: str = ""
