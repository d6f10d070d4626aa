"""How many answers, and how many invitations, a wanted precision costs. Sizes are rounded up."""

import math
from dataclasses import dataclass

from feedback_site.statistics.distributions import critical_z, normal_quantile
from feedback_site.statistics.net_promoter import net_promoter_variance
from feedback_site.statistics.validation import (
    require,
    require_counts,
    require_not_negative,
    require_positive,
    require_share,
)

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class SampleSize:
    """Answers needed: for an endless population, for the given one, and as a whole number."""

    variance: float
    n_infinite: float
    n_exact: float
    n_required: int


@dataclass(frozen=True, slots=True)
class ChangeSampleSize:
    """Answers needed in each of two periods to detect a change in points; None for no change."""

    difference: float
    n_per_period: int | None


@dataclass(frozen=True, slots=True)
class InvitationVolume:
    """Invitations to send; None when no number of them would do."""

    invitations: int | None
    feasible: bool
    expected_completes_if_all_invited: float | None


def size_for_share(
    margin: float, confidence: float = 0.95, p: float = 0.5, population: int | None = None
) -> SampleSize:
    """Return the answers needed for a share within ``margin`` (0-1), Cochran (1977) section 4.4."""
    require_share(p, "p")
    return _size(p * (1 - p), margin, confidence, population)


def size_for_net_promoter_score(
    margin: float,
    promoter_share: float,
    detractor_share: float,
    confidence: float = 0.95,
    population: int | None = None,
) -> SampleSize:
    """Return the answers needed for a score within ``margin`` points; the worst case is half and half."""
    return _size(_variance(promoter_share, detractor_share), margin / 100, confidence, population)


def margin_of_net_promoter_score(
    n: int, promoter_share: float, detractor_share: float, confidence: float = 0.95
) -> float | None:
    """Return the half width of the Wald interval in points; None without answers."""
    require_counts([n], "n")
    variance = _variance(promoter_share, detractor_share)
    return 100 * critical_z(confidence) * math.sqrt(variance / n) if n else None


def size_for_net_promoter_change(
    earlier: tuple[float, float], later: tuple[float, float], alpha: float = 0.05, power: float = 0.8
) -> ChangeSampleSize:
    """Return the answers per period that detect a change.

    Each period is (promoter share, detractor share).
    """
    require(0 < power < 1, f"power must lie strictly between 0 and 1, got {power}")
    variance = _variance(*earlier) + _variance(*later)
    change = (later[0] - later[1]) - (earlier[0] - earlier[1])
    if abs(change) < _ROUNDING:
        return ChangeSampleSize(difference=100 * change, n_per_period=None)
    reach = critical_z(1 - alpha) + normal_quantile(power)
    return ChangeSampleSize(difference=100 * change, n_per_period=round_up(reach**2 * variance / change**2))


def invitation_volume(
    completes: int,
    response_rate: float,
    deliverability: float = 1.0,
    eligibility: float = 1.0,
    contactable: int | None = None,
) -> InvitationVolume:
    """Return the invitations for ``completes`` answers, and whether that many people can be contacted at all.

    ``response_rate`` is expected among delivered and eligible
    invitations; ``contactable`` None means no limit.
    """
    require_counts([completes, contactable or 0], "completes and contactable")
    for value, name in (
        (response_rate, "response_rate"),
        (deliverability, "deliverability"),
        (eligibility, "eligibility"),
    ):
        require_share(value, name)
    yield_per_invitation = response_rate * deliverability * eligibility
    expected = None if contactable is None else contactable * yield_per_invitation
    if yield_per_invitation == 0 and completes > 0:
        return InvitationVolume(invitations=None, feasible=False, expected_completes_if_all_invited=expected)
    invitations = round_up(completes / yield_per_invitation) if completes else 0
    return InvitationVolume(
        invitations=invitations,
        feasible=contactable is None or invitations <= contactable,
        expected_completes_if_all_invited=expected,
    )


def round_up(value: float) -> int:
    """Return the next whole number, forgiving the last digits of a binary fraction.

    600.0000000001 is 600.
    """
    return math.ceil(value - _ROUNDING * max(1.0, abs(value) * 1e-3))


def _variance(promoter_share: float, detractor_share: float) -> float:
    require_not_negative([promoter_share, detractor_share], "shares")
    require(
        promoter_share + detractor_share <= 1 + _ROUNDING,
        "promoter and detractor share must not exceed 1 together",
    )
    return net_promoter_variance(promoter_share, detractor_share)


def _size(variance: float, margin: float, confidence: float, population: int | None) -> SampleSize:
    require_positive([margin], "margin")
    infinite = critical_z(confidence) ** 2 * variance / margin**2
    exact = infinite if population is None else _with_finite_population(infinite, population)
    return SampleSize(variance=variance, n_infinite=infinite, n_exact=exact, n_required=round_up(exact))


def _with_finite_population(infinite: float, population: int) -> float:
    require_counts([population], "population")
    if population == 0 or infinite == 0:
        return 0.0
    return population * infinite / (population - 1 + infinite)
