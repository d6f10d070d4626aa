"""Fields that only technical staff need, in a section of their own that stays folded."""

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

FOLDED = _("Technical details")


def fold_technical(fieldsets: Sequence[Any], technical: Collection[str]) -> list[Any]:
    """Return fieldsets with the `technical` fields moved into a last one, which is folded.

    Nothing is lost: a field that is in none of the fieldsets stays
    out, one that is in them appears once. Empty lines and sections go.
    """
    kept: list[Any] = []
    folded: list[str] = []
    for title, options in fieldsets:
        lines = []
        for line in options["fields"]:
            names = (line,) if isinstance(line, str) else tuple(line)
            folded += [name for name in names if name in technical]
            if left := tuple(name for name in names if name not in technical):
                lines.append(left[0] if len(left) == 1 else left)
        if lines:
            kept.append((title, {**options, "fields": tuple(lines)}))
    if folded:
        kept.append((FOLDED, {"classes": ("collapse",), "fields": tuple(folded)}))
    return kept
