"""What a check is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Check:
    """`slug` for programs, `sentence` for people; `sql`, or `rows` where SQL cannot say it, is empty when the sentence holds."""

    slug: str
    sentence: Promise
    sql: str = ""
    rows: Callable[[], Iterable[tuple[str, str]]] | None = None
