"""Normal, t, chi-square, F and beta distributions to about 1e-10, from the standard library.

Regularised incomplete beta and gamma functions by series and modified Lentz continued fractions
(Press et al. 2007, Numerical Recipes, sections 6.2 and 6.4); quantiles by safeguarded Newton steps.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from statistics import NormalDist

from feedback_site.statistics.validation import require, require_confidence, require_positive

_STANDARD_NORMAL = NormalDist()
_TINY = 1e-300
_PRECISION = 1e-16
_STIRLING_FROM = 12.0
_MAX_TERMS = 200_000
_MAX_STEPS = 300


def normal_quantile(probability: float) -> float:
    """Return z with P(Z <= z) = probability."""
    return _STANDARD_NORMAL.inv_cdf(probability)


def critical_z(confidence: float) -> float:
    """Return the two-sided normal critical value, 1.96 for 0.95."""
    require_confidence(confidence)
    return normal_quantile(0.5 + confidence / 2)


def normal_two_sided_p(z: float) -> float:
    """Return P(|Z| >= |z|)."""
    return math.erfc(abs(z) / math.sqrt(2))


def chi_square_upper_tail(x: float, degrees: float) -> float:
    """Return P(X >= x) for a chi-square variable."""
    require_positive([degrees], "degrees of freedom")
    require(x >= 0, f"chi-square must be at least 0, got {x}")
    return _gamma_upper(degrees / 2, x / 2)


def t_two_sided_p(t: float, degrees: float) -> float:
    """Return P(|T| >= |t|) for Student's t; degrees may be fractional."""
    require_positive([degrees], "degrees of freedom")
    total = degrees + t * t
    return _beta_tails(degrees / 2, 0.5, degrees / total, t * t / total)[0]


def f_upper_tail(f: float, numerator: float, denominator: float) -> float:
    """Return P(F >= f); both degrees of freedom may be fractional."""
    require_positive([numerator, denominator], "degrees of freedom")
    require(f >= 0, f"F must be at least 0, got {f}")
    total = denominator + numerator * f
    return _beta_tails(denominator / 2, numerator / 2, denominator / total, numerator * f / total)[0]


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b)."""
    require_positive([a, b], "beta parameters")
    return _beta_tails(a, b, x, 1 - x)[0]


@lru_cache(maxsize=4096)
def critical_t(confidence: float, degrees: float) -> float:
    """Return the two-sided critical value of Student's t."""
    require_confidence(confidence)
    log_scale = -_log_beta(degrees / 2, 0.5) - math.log(degrees) / 2

    def central(t: float) -> float:
        total = degrees + t * t
        return _beta_tails(degrees / 2, 0.5, degrees / total, t * t / total)[1]

    def density(t: float) -> float:
        return 2 * math.exp(log_scale - (degrees + 1) / 2 * math.log1p(t * t / degrees))

    start = critical_z(confidence)
    high = 2 * start
    while central(high) < confidence:
        high *= 2
    return _invert(central, density, confidence, (0.0, start, high))


@lru_cache(maxsize=4096)
def beta_quantile(probability: float, a: float, b: float) -> float:
    """Return x with I_x(a, b) = probability."""
    require_positive([a, b], "beta parameters")

    def cdf(x: float) -> float:
        return _beta_tails(a, b, x, 1 - x)[0]

    def density(x: float) -> float:
        return math.exp(_log_beta_kernel(a, b, x, 1 - x)) / (x * (1 - x))

    return _invert(cdf, density, probability, (0.0, a / (a + b), 1.0))


def _invert(
    cdf: Callable[[float], float],
    density: Callable[[float], float],
    target: float,
    bracket: tuple[float, float, float],
) -> float:
    """Solve cdf(x) = target for an increasing cdf; bracket is (low, start, high)."""
    low, x, high = bracket
    for _ in range(_MAX_STEPS):
        gap = cdf(x) - target
        if gap > 0:
            high = x
        else:
            low = x
        slope = density(x)
        candidate = x - gap / slope if slope > _TINY else math.inf
        if not low < candidate < high:
            # Newton left the bracket (flat tails), so halve it instead.
            candidate = (low + high) / 2
        if abs(candidate - x) <= 4 * _PRECISION * abs(candidate):
            return candidate
        x = candidate
    return x


def _log_beta_kernel(a: float, b: float, x: float, y: float) -> float:
    log_x = math.log1p(-y) if y < x else math.log(x)
    log_y = math.log1p(-x) if x < y else math.log(y)
    return a * log_x + b * log_y - _log_beta(a, b)


def _log_beta(a: float, b: float) -> float:
    """Return log B(a, b); by Stirling's series where log-gammas would cancel each other's digits."""
    large, small = max(a, b), min(a, b)
    if large < _STIRLING_FROM:
        return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    rest = _stirling_correction(large) - _stirling_correction(large + small)
    rest -= (large - 0.5) * math.log1p(small / large)
    if small < _STIRLING_FROM:
        return math.lgamma(small) - small * math.log(large + small) + small + rest
    half_log = (math.log(2 * math.pi) - math.log(small)) / 2
    return rest - small * math.log1p(large / small) + half_log + _stirling_correction(small)


def _stirling_correction(x: float) -> float:
    """Return log Gamma(x) minus its leading terms (Abramowitz & Stegun 1964, 6.1.41)."""
    square = x * x
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / x


def _beta_tails(a: float, b: float, x: float, y: float) -> tuple[float, float]:
    """Return (I_x(a, b), 1 - I_x(a, b)); y = 1 - x is handed in to keep its digits."""
    if x <= 0:
        return 0.0, 1.0
    if y <= 0:
        return 1.0, 0.0
    kernel = math.exp(_log_beta_kernel(a, b, x, y))
    # The continued fraction converges fast only below the mean, so use the nearer tail.
    if x < (a + 1) / (a + b + 2):
        lower = kernel * _beta_fraction(a, b, x) / a
        return lower, 1 - lower
    upper = kernel * _beta_fraction(b, a, y) / b
    return 1 - upper, upper


def _beta_fraction(a: float, b: float, x: float) -> float:
    c = 1.0
    d = 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, _MAX_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        step = 1.0
        for term in (even, odd):
            d = 1 / _away_from_zero(1 + term * d)
            c = _away_from_zero(1 + term / c)
            step = d * c
            fraction *= step
        if abs(step - 1) <= 2 * _PRECISION:
            break
    return fraction


def _gamma_upper(a: float, x: float) -> float:
    """Return the regularised upper incomplete gamma function Q(a, x)."""
    if x <= 0:
        return 1.0
    kernel = math.exp(a * math.log(x) - x - math.lgamma(a))
    return 1 - kernel * _gamma_series(a, x) if x < a + 1 else kernel * _gamma_fraction(a, x)


def _gamma_series(a: float, x: float) -> float:
    term = total = 1 / a
    for k in range(1, _MAX_TERMS):
        term *= x / (a + k)
        total += term
        if term <= total * _PRECISION:
            break
    return total


def _gamma_fraction(a: float, x: float) -> float:
    b = x + 1 - a
    c = 1 / _TINY
    d = 1 / _away_from_zero(b)
    fraction = d
    for k in range(1, _MAX_TERMS):
        numerator = -k * (k - a)
        b += 2
        d = 1 / _away_from_zero(numerator * d + b)
        c = _away_from_zero(b + numerator / c)
        step = d * c
        fraction *= step
        if abs(step - 1) <= 2 * _PRECISION:
            break
    return fraction


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
