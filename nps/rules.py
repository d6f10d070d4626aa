"""Quarters, random numbers, and how many to ask: pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from feedback_site.statistics.sample_size import invitation_volume, round_up, size_for_net_promoter_change
from feedback_site.statistics.sampling import proportional_allocation, round_allocation

SCORES = 11
DETRACTOR_UP_TO = 6
_MONTHS = 3
_HUNDRED = 100
_TENTHS_OF_ALL_POINTS = 2000
# Below this many invitations a stratum's own response rate
# says little; what all strata together show is taken.
_LEAST_FOR_OWN_RATE = 30


def quarter_start_of(moment: datetime, zone: ZoneInfo) -> date:
    """Return the first day of the quarter in which `moment` falls by the clocks of `zone`."""
    local = moment.astimezone(zone).date()
    return local.replace(month=local.month - (local.month - 1) % _MONTHS, day=1)


def allocate(contactable: Sequence[int], *, target: int, minimum: int) -> list[int]:
    """Share `target` completes out in proportion to who can be contacted.

    Each stratum that has as many gets at least `minimum`.

    Never more than a stratum has. More than `target` in sum only
    where the minimums alone exceed it (Cochran 1977, section 5.5).
    """
    floors = [min(minimum, people) for people in contactable]
    wanted = min(target, sum(contactable))
    fixed = {h for h, people in enumerate(contactable) if not people}
    while True:
        open_strata = [h for h in range(len(contactable)) if h not in fixed]
        left = max(0, wanted - sum(floors[h] for h in fixed))
        if not open_strata:
            return floors
        shares = proportional_allocation([contactable[h] for h in open_strata], left)
        below = {h for h, share in zip(open_strata, shares, strict=True) if share < floors[h]}
        if not below:
            return _with(floors, dict(zip(open_strata, round_allocation(shares), strict=True)))
        fixed |= below


def invitations_for(completes: int, *, rate: float, people: int) -> int:
    """Return how many of `people` to invite for so many completes at this response rate.

    It is all of them, where they are too few.
    """
    volume = invitation_volume(completes, rate, contactable=people)
    return people if volume.invitations is None else min(volume.invitations, people)


@dataclass(frozen=True, slots=True)
class Fielded:
    """Where a stratum stands: completes wanted, people invited, completes there, people not yet in a wave."""

    allocated: int
    invited: int
    completes: int
    left: int


def plan_wave(strata: Sequence[Fielded], *, target: int, expected_rate: float) -> list[int]:
    """Return how many to invite in each stratum of a later wave; all 0 once the target is reached.

    Each stratum asks for what its own allocation still lacks, at the response rate observed there;
    what exhausted strata cannot give is asked of those that have people left, in proportion to them.
    """
    lacking = target - sum(stratum.completes for stratum in strata)
    if lacking <= 0:
        return [0] * len(strata)
    rates = [_rate(stratum, strata, expected_rate) for stratum in strata]
    plan = [
        invitations_for(max(0, stratum.allocated - stratum.completes), rate=rate, people=stratum.left)
        for stratum, rate in zip(strata, rates, strict=True)
    ]
    left = [stratum.left - invited for stratum, invited in zip(strata, plan, strict=True)]
    missing = lacking - sum(invited * rate for invited, rate in zip(plan, rates, strict=True))
    if missing <= 0 or not sum(left):
        return plan
    extra = [round_up(missing * people / sum(left) / rate) for people, rate in zip(left, rates, strict=True)]
    return [invited + min(more, people) for invited, more, people in zip(plan, extra, left, strict=True)]


def smallest_change(n: int, *, promoters: float, detractors: float) -> float | None:
    """Return the least change in points that two periods of `n` answers tell from chance.

    With 80 % power at 5 %; None where no change would.

    Shares are 0-1. The inverse of `size_for_net_promoter_change`, to a tenth of a point.
    """
    if n <= 0:
        return None
    low, high = 0, _TENTHS_OF_ALL_POINTS
    if not _is_told(high, n, promoters, detractors):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if _is_told(middle, n, promoters, detractors):
            high = middle
        else:
            low = middle
    return high / 10


def _is_told(tenths: int, n: int, promoters: float, detractors: float) -> bool:
    """Return whether `n` answers a period suffice for a rise of so many tenths of a point.

    Half of the rise is won from the detractors.
    """
    move = tenths / (10 * _HUNDRED)
    fewer = min(detractors, move / 2)
    later = (min(1 - (detractors - fewer), promoters + move - fewer), detractors - fewer)
    size = size_for_net_promoter_change((promoters, detractors), later).n_per_period
    return size is not None and size <= n


def _rate(stratum: Fielded, strata: Sequence[Fielded], expected: float) -> float:
    if stratum.invited >= _LEAST_FOR_OWN_RATE and stratum.completes:
        return stratum.completes / stratum.invited
    invited, completes = sum(other.invited for other in strata), sum(other.completes for other in strata)
    return completes / invited if invited >= _LEAST_FOR_OWN_RATE and completes else expected


def _with(floors: Sequence[int], shares: dict[int, int]) -> list[int]:
    return [shares.get(h, floor) for h, floor in enumerate(floors)]


def expected_completes(invitations: int, percent: int) -> int:
    """Return the completes that so many invitations may be expected to bring, rounded down."""
    return invitations * percent // _HUNDRED
