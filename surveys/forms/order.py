"""The order that a list of rows was posted in: dragged, or by the numbers that were typed."""

from django.http import QueryDict

_MOST_ROWS, _MOST_DIGITS = 1000, 5


def order_posted(posted: QueryDict) -> list[int]:
    """Return the ids of the rows in the order of their numbers; rows without a number come last.

    Of two rows with one number the lower one on the page comes first: who
    types a number over another row's moves up before it, or down behind it.
    """
    rows = []
    for place in range(min(_number(posted.get("form-TOTAL_FORMS")) or 0, _MOST_ROWS)):
        pk, number = _number(posted.get(f"form-{place}-id")), _number(posted.get(f"form-{place}-position"))
        if pk is not None:
            rows.append((float("inf") if number is None else number, -place, pk))
    return [pk for _number_typed, _place, pk in sorted(rows)]


def _number(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
