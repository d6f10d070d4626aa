"""What the dashboards show of a figure.

All of them ask here whether few cases hide it, and how far management, who see no case, may count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model

from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.models import ScopedQuerySet, User
from feedback_site.dashboards.enums import GoalVerdict
from feedback_site.evaluations.rules import Visibility, visibility_of
from feedback_site.statistics.intervals import Interval
from feedback_site.statistics.proportions import estimate_share
from feedback_site.statistics.ratings import effort_score, mean_rating

RowT = TypeVar("RowT", bound=Model)
_HUNDRED = 100.0
_POINTS = range(1, 6)
_SATISFIED_FROM, _EASY_FROM = 4, 5


@dataclass(frozen=True, slots=True)
class ShownShare:
    """A share in percent with its 95 % interval (Wilson); whatever too few cases forbid to show is None."""

    visibility: Visibility
    n: int | None
    percent: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class ShownMean:
    """A mean rating of 5 with its 95 % interval (Student) and the satisfied share; the same rule."""

    visibility: Visibility
    n: int | None
    mean: float | None
    interval: Interval | None
    satisfied: ShownShare


@dataclass(frozen=True, slots=True)
class ShownEffort:
    """A mean effort of 7, 7 being the easiest, and the share of 5 to 7 (CES 2.0); the same rule."""

    visibility: Visibility
    n: int | None
    mean: float | None
    easy: ShownShare


def shown_share(hits: int, n: int) -> ShownShare:
    """Return what may be shown of `hits` in `n`."""
    visibility = visibility_of(n)
    if visibility in {Visibility.NOTHING, Visibility.COUNT}:
        return ShownShare(visibility, n if visibility is Visibility.COUNT else None, None, None)
    estimate = estimate_share(hits, n)
    percent = None if estimate.share is None else estimate.share * _HUNDRED
    return ShownShare(
        visibility, n, percent, estimate.interval.scaled(_HUNDRED) if estimate.interval else None
    )


def shown_mean(counts: Sequence[int]) -> ShownMean:
    """Return what may be shown of ratings whose counts from 1 to 5 are given."""
    n = sum(counts)
    visibility = visibility_of(n)
    satisfied = shown_share(sum(counts[_SATISFIED_FROM - 1 :]), n)
    if visibility in {Visibility.NOTHING, Visibility.COUNT}:
        return ShownMean(visibility, satisfied.n, None, None, satisfied)
    rating = mean_rating(counts)
    interval = rating.interval.clipped(_POINTS[0], _POINTS[-1]) if rating.interval else None
    return ShownMean(visibility, n, rating.mean, interval, satisfied)


def shown_effort(counts: Sequence[int]) -> ShownEffort:
    """Return what may be shown of answers about effort whose counts from 1 to 7 are given."""
    score = effort_score(counts)
    easy = shown_share(sum(counts[_EASY_FROM - 1 :]), score.n)
    return ShownEffort(easy.visibility, easy.n, None if easy.percent is None else score.mean, easy)


def shown_count(n: int) -> int | None:
    """Return how many cases there are, unless they are too few even to be counted."""
    return None if visibility_of(n) is Visibility.NOTHING else n


def shown_hits(hits: int, n: int) -> int | None:
    """Return how many of `n` cases, where their share may be shown.

    With the count of `n` beside it, the one tells the other.
    """
    return None if visibility_of(n) in {Visibility.NOTHING, Visibility.COUNT} else hits


def goal_verdict(share: ShownShare, *, goal: float) -> GoalVerdict:
    """Say whether the share reaches its goal in percent.

    It does only when its whole interval lies on one side, and on 30 cases or more.
    """
    if share.visibility is not Visibility.FULL or share.interval is None:
        return GoalVerdict.TOO_FEW
    if share.interval.low >= goal:
        return GoalVerdict.MET
    return GoalVerdict.NOT_MET if share.interval.high < goal else GoalVerdict.UNCLEAR


def shown_gap(share: ShownShare, population: ShownShare) -> float | None:
    """Return by how many percentage points a share differs from the population's, where both may be shown."""
    return None if share.percent is None or population.percent is None else share.percent - population.percent


def countable(queryset: ScopedQuerySet[RowT], user: User) -> Any:
    """Return the rows that may be counted for `user`.

    Management counts the cases of all teams without seeing one.
    """
    return queryset.all() if user.data_scope is DataScope.AGGREGATES else queryset.for_user(user)
