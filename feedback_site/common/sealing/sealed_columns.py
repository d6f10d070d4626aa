"""Every column that is sealed or a blind index.

Each app names its own when it is ready, and `rotate_keys` finds them all.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model

_columns: dict[tuple[str, str], "SealedColumn"] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedColumn:
    """A sealed column of a model.

    Where its value is a contact that is looked for, it names the column with its blind index too.

    `column` is the name under which values are bound to their column. `before_seals` returns
    what is to be sealed of a value from before the column was, None for one that is sealed.
    """

    model: type[Model]
    sealed: str
    column: str
    index: str = ""
    before_seals: Callable[[bytes], bytes | None] | None = None

    @property
    def table(self) -> str:
        """The table that values are bound to."""
        return self.model._meta.db_table  # noqa: SLF001 - Django's documented API

    @property
    def name(self) -> str:
        """What reports call it."""
        return f"{self.table}.{self.sealed}"


def register_sealed_column(
    model: type[Model],
    sealed: str,
    *,
    column: str = "",
    index: str = "",
    before_seals: Callable[[bytes], bytes | None] | None = None,
) -> None:
    """Name a sealed column, for `rotate_keys` and the checks.

    Call it from `AppConfig.ready`. Naming a column twice changes nothing.

    Values have to be sealed with `table` = the model's table, `row_id` = the primary key
    and `column` (empty: the column's name without `_sealed`). `index` is the column with
    the blind index of the same contact; whether it is a phone or an email shows by itself.
    """
    found = SealedColumn(
        model=model,
        sealed=sealed,
        column=column or sealed.removesuffix("_sealed"),
        index=index,
        before_seals=before_seals,
    )
    _columns[found.table, sealed] = found


def sealed_columns() -> list[SealedColumn]:
    """Return all columns that were named, by table and column."""
    return [_columns[key] for key in sorted(_columns)]
