"""Net promoter score: one period, two periods, and three kinds of interval.

Scores are points in [-100, 100].
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from feedback_site.statistics.distributions import critical_z, normal_quantile, normal_two_sided_p
from feedback_site.statistics.intervals import Interval
from feedback_site.statistics.validation import require, require_confidence, require_counts, require_length

_POINTS = 11
_PROMOTERS_FROM = 9
_PASSIVES_FROM = 7
_PSEUDO_OUTER = 0.75
_PSEUDO_PASSIVE = 1.5
_EXACT_UP_TO = 1500
_HALVINGS = 60
_NEGLIGIBLE = 1e-30


@dataclass(frozen=True, slots=True)
class NetPromoterScore:
    """Score in points with its uncertainty; everything but the counts is None without answers."""

    n: int
    promoters: int
    passives: int
    detractors: int
    nps: float | None = None
    variance: float | None = None
    se: float | None = None
    margin: float | None = None
    wald: Interval | None = None
    adjusted_centre: float | None = None
    adjusted: Interval | None = None


@dataclass(frozen=True, slots=True)
class NetPromoterChange:
    """Later minus earlier score in points; z and p are None where neither period varies."""

    nps_earlier: float | None
    nps_later: float | None
    difference: float | None = None
    se: float | None = None
    z: float | None = None
    p_value: float | None = None
    interval: Interval | None = None
    significant: bool | None = None


def split_counts(counts: Sequence[int]) -> tuple[int, int, int]:
    """Return (promoters 9-10, passives 7-8, detractors 0-6) of the eleven counts."""
    require_length(counts, _POINTS, "counts of a 0-10 question")
    require_counts(counts)
    return (
        sum(counts[_PROMOTERS_FROM:]),
        sum(counts[_PASSIVES_FROM:_PROMOTERS_FROM]),
        sum(counts[:_PASSIVES_FROM]),
    )


def net_promoter_variance(promoter_share: float, detractor_share: float) -> float:
    """Return P + D - (P - D)^2, the variance of one answer scored +1, 0, -1."""
    return max(0.0, promoter_share + detractor_share - (promoter_share - detractor_share) ** 2)


def net_promoter_score(counts: Sequence[int], confidence: float = 0.95) -> NetPromoterScore:
    """Return the score with Wald and adjusted Wald intervals (Rocks 2016; Lewis & Sauro 2021).

    ``counts`` holds the answers 0..10; blanks stay out. The adjusted interval is the one to show:
    the Wald interval claims certainty when all answers are alike.
    """
    z = critical_z(confidence)
    promoters, passives, detractors = split_counts(counts)
    n = promoters + passives + detractors
    if n == 0:
        return NetPromoterScore(n=0, promoters=0, passives=0, detractors=0)
    nps = 100 * (promoters - detractors) / n
    variance = net_promoter_variance(promoters / n, detractors / n)
    se = 100 * math.sqrt(variance / n)
    centre, adjusted = _adjusted_wald(promoters, detractors, n, z)
    return NetPromoterScore(
        n=n,
        promoters=promoters,
        passives=passives,
        detractors=detractors,
        nps=nps,
        variance=variance,
        se=se,
        margin=z * se,
        wald=Interval.around(nps, z * se),
        adjusted_centre=centre,
        adjusted=adjusted,
    )


def tango_interval(promoters: int, detractors: int, n: int, confidence: float = 0.95) -> Interval:
    """Return the score interval of a difference of paired shares (Tango 1998), in points.

    ValueError without answers.
    """
    z = critical_z(confidence)
    _require_answers(promoters, detractors, n)
    high = _tango_limit(promoters, detractors, n, z)
    low = -_tango_limit(detractors, promoters, n, z)
    return Interval(100 * low, 100 * high)


def bootstrap_interval(promoters: int, detractors: int, n: int, confidence: float = 0.95) -> Interval:
    """Return the percentile bootstrap interval in points, as endlessly many resamples would give it.

    Exact convolution of the resampling distribution up to 1,500 answers, beyond that its normal limit.
    """
    require_confidence(confidence)
    _require_answers(promoters, detractors, n)
    tail = (1 - confidence) / 2
    if n > _EXACT_UP_TO:
        se = math.sqrt(net_promoter_variance(promoters / n, detractors / n) / n)
        return Interval.around(100 * (promoters - detractors) / n, -100 * normal_quantile(tail) * se)
    shares = (detractors / n, (n - promoters - detractors) / n, promoters / n)
    weights = _power(shares, n)
    return Interval(100 * (_position(weights, tail) - n) / n, 100 * (_position(weights, 1 - tail) - n) / n)


def compare_periods(
    earlier: Sequence[int], later: Sequence[int], confidence: float = 0.95
) -> NetPromoterChange:
    """Return the change between two independent samples: z test, not pooled, and interval."""
    first, second = net_promoter_score(earlier, confidence), net_promoter_score(later, confidence)
    if first.nps is None or second.nps is None or first.se is None or second.se is None:
        return NetPromoterChange(nps_earlier=first.nps, nps_later=second.nps)
    difference = second.nps - first.nps
    se = math.hypot(first.se, second.se)
    z = difference / se if se else None
    p_value = None if z is None else normal_two_sided_p(z)
    return NetPromoterChange(
        nps_earlier=first.nps,
        nps_later=second.nps,
        difference=difference,
        se=se,
        z=z,
        p_value=p_value,
        interval=Interval.around(difference, critical_z(confidence) * se),
        significant=None if p_value is None else p_value < 1 - confidence,
    )


def _adjusted_wald(promoters: int, detractors: int, n: int, z: float) -> tuple[float, Interval]:
    total = n + 2 * _PSEUDO_OUTER + _PSEUDO_PASSIVE
    up, down = (promoters + _PSEUDO_OUTER) / total, (detractors + _PSEUDO_OUTER) / total
    centre = 100 * (up - down)
    margin = 100 * z * math.sqrt(net_promoter_variance(up, down) / total)
    return centre, Interval.around(centre, margin).clipped(-100, 100)


def _tango_limit(wins: int, losses: int, n: int, z: float) -> float:
    """Return the largest difference of shares that the score test does not reject."""
    if wins == n:
        return 1.0
    low, high = (wins - losses) / n, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _tango_score(wins, losses, n, middle) < z:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _tango_score(wins: int, losses: int, n: int, difference: float) -> float:
    linear = (2 * n - wins + losses) * difference - wins - losses
    constant = -losses * difference * (1 - difference)
    root = (math.sqrt(max(0.0, linear * linear - 8 * n * constant)) - linear) / (4 * n)
    variance = n * (2 * root + difference * (1 - difference))
    return (n * difference - wins + losses) / math.sqrt(variance) if variance > 0 else math.inf


def _power(shares: Sequence[float], n: int) -> list[float]:
    """Return the coefficients of (shares)(x)^n by repeated squaring."""
    result, base = [1.0], list(shares)
    while n:
        if n & 1:
            result = _convolve(result, base)
        n >>= 1
        if n:
            base = _convolve(base, base)
    return result


def _convolve(first: Sequence[float], second: Sequence[float]) -> list[float]:
    result = [0.0] * (len(first) + len(second) - 1)
    for i, x in enumerate(first):
        # Terms this small cannot move a percentile and cost most of the time.
        if x > _NEGLIGIBLE:
            for j, y in enumerate(second):
                result[i + j] += x * y
    return result


def _position(weights: Sequence[float], probability: float) -> int:
    """Return the first index at which the cumulated weights reach the probability."""
    cumulated = 0.0
    for index, weight in enumerate(weights):
        cumulated += weight
        if cumulated >= probability:
            return index
    return len(weights) - 1


def _require_answers(promoters: int, detractors: int, n: int) -> None:
    require_counts([promoters, detractors, n], "promoters, detractors and n")
    require(n > 0, "an interval needs at least one answer")
    require(promoters + detractors <= n, "promoters and detractors must not exceed n")
