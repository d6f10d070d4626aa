"""Whether a set of items measures one thing, and whether a respondent read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import stdev, variance

from feedback_site.statistics.drivers import correlation
from feedback_site.statistics.validation import require, require_finite

_LEAST = 2


@dataclass(frozen=True, slots=True)
class ScaleReliability:
    """Cronbach's alpha with what each item does to it; None where there is too little or no variation."""

    n: int
    alpha: float | None
    alpha_if_deleted: tuple[float | None, ...]
    item_rest_correlations: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class ResponsePattern:
    """Straight-lining indices of one respondent; None without answers (variability: below two)."""

    longest_run: int
    average_run: float | None
    variability: float | None


def cronbach_alpha(rows: Sequence[Sequence[float | None]]) -> ScaleReliability:
    """Return alpha = k/(k-1) (1 - sum var_i / var_total) over complete rows (Cronbach 1951).

    One row per respondent, one item per column, scored in the same direction. ValueError on ragged rows.
    """
    require(len({len(row) for row in rows}) <= 1, "every row needs the same number of items")
    complete = [
        known for row in rows if len(known := [value for value in row if value is not None]) == len(row)
    ]
    for row in complete:
        require_finite(row, "answers")
    columns = [list(column) for column in zip(*complete, strict=True)]
    size = len(columns) or (len(rows[0]) if rows else 0)
    if len(complete) < _LEAST:
        return ScaleReliability(len(complete), None, (None,) * size, (None,) * size)
    without = [[*columns[:i], *columns[i + 1 :]] for i in range(size)]
    return ScaleReliability(
        n=len(complete),
        alpha=_alpha(columns),
        alpha_if_deleted=tuple(_alpha(rest) for rest in without),
        item_rest_correlations=tuple(
            correlation(column, _totals(rest)) if rest else None
            for column, rest in zip(columns, without, strict=True)
        ),
    )


def response_pattern(answers: Sequence[float | None]) -> ResponsePattern:
    """Return longest and average run of equal answers (Johnson 2005) and their sample SD (Dunn et al. 2018).

    Unanswered items are left out.
    """
    given = [answer for answer in answers if answer is not None]
    require_finite(given, "answers")
    runs = [len(list(run)) for _, run in groupby(given)]
    return ResponsePattern(
        longest_run=max(runs, default=0),
        average_run=len(given) / len(runs) if runs else None,
        variability=stdev(given) if len(given) >= _LEAST else None,
    )


def _alpha(columns: Sequence[Sequence[float]]) -> float | None:
    k = len(columns)
    if k < _LEAST:
        return None
    total = variance(_totals(columns))
    return k / (k - 1) * (1 - sum(variance(column) for column in columns) / total) if total else None


def _totals(columns: Sequence[Sequence[float]]) -> list[float]:
    return [sum(values) for values in zip(*columns, strict=True)]
