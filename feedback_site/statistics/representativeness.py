"""Whether those who answered look like those who were served: composition and non-response bias."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback_site.statistics.distributions import chi_square_upper_tail
from feedback_site.statistics.validation import require, require_counts, require_finite

_VALID_EXPECTED = 5


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """One category: answers in the sample and people in the population."""

    sample: int
    population: int


@dataclass(frozen=True, slots=True)
class CategoryComparison:
    """Sample share minus population share (0-1), their ratio, and Austin's standardised difference."""

    difference: float | None
    ratio: float | None
    standardised: float | None


@dataclass(frozen=True, slots=True)
class CompositionTest:
    """Pearson's goodness of fit; p is None with one category.

    chi2 is None when a respondent falls outside the population.
    """

    n: int
    chi2: float | None
    degrees: int
    p_value: float | None
    min_expected: float | None
    cohen_w: float | None
    dissimilarity: float | None
    categories: Mapping[str, CategoryComparison]
    uncovered: tuple[str, ...]

    @property
    def is_valid(self) -> bool | None:
        """The chi-square approximation needs an expected count of 5 everywhere."""
        return None if self.min_expected is None else self.min_expected >= _VALID_EXPECTED


@dataclass(frozen=True, slots=True)
class FrameGroup:
    """Invited people alike in a variable known for all of them."""

    invited: int
    responded: int
    frame_mean: float


@dataclass(frozen=True, slots=True)
class NonresponseBias:
    """Bias of the respondents' mean on a frame variable, in its unit, in three equal forms."""

    response_rate: float | None
    mean_invited: float | None
    mean_respondents: float | None
    mean_nonrespondents: float | None
    bias: float | None
    deterministic_form: float | None
    covariance_form: float | None


def compare_composition(categories: Mapping[str, CategoryCount]) -> CompositionTest:
    """Compare the sample's composition with the population's (Pearson 1900; Cohen 1988; Austin 2009).

    ``uncovered`` names categories with people but no respondent: a failure whatever p says.
    """
    for count in categories.values():
        require_counts([count.sample, count.population], "category counts")
    n = sum(count.sample for count in categories.values())
    total = sum(count.population for count in categories.values())
    require(total > 0, "the population must not be empty")
    peopled = {name: count for name, count in categories.items() if count.population}
    expected = {name: n * count.population / total for name, count in peopled.items()}
    chi2 = _chi_square(categories, expected) if n else None
    compared = {name: _compare(count, n, total) for name, count in categories.items()}
    degrees = len(expected) - 1
    return CompositionTest(
        n=n,
        chi2=chi2,
        degrees=degrees,
        p_value=None if chi2 is None or degrees == 0 else chi_square_upper_tail(chi2, degrees),
        min_expected=min(expected.values()) if n else None,
        cohen_w=None if chi2 is None else math.sqrt(chi2 / n),
        dissimilarity=sum(abs(item.difference or 0.0) for item in compared.values()) / 2 if n else None,
        categories=compared,
        uncovered=tuple(name for name, count in peopled.items() if not count.sample),
    )


def nonresponse_bias(groups: Sequence[FrameGroup]) -> NonresponseBias:
    """Return the bias of the respondents' mean, ybar_r - ybar.

    Bethlehem 1988; Groves 2006, equations 1-2.
    """
    for group in groups:
        require_counts([group.invited, group.responded], "invited and responded")
        require(group.responded <= group.invited, "responded must not exceed invited")
        require_finite([group.frame_mean], "frame_mean")
    invited = sum(group.invited for group in groups)
    responded = sum(group.responded for group in groups)
    mean_all = _mean([(group.invited, group.frame_mean) for group in groups])
    mean_yes = _mean([(group.responded, group.frame_mean) for group in groups])
    mean_no = _mean([(group.invited - group.responded, group.frame_mean) for group in groups])
    rate = responded / invited if invited else None
    bias = None if mean_yes is None or mean_all is None else mean_yes - mean_all
    return NonresponseBias(
        response_rate=rate,
        mean_invited=mean_all,
        mean_respondents=mean_yes,
        mean_nonrespondents=mean_no,
        bias=bias,
        deterministic_form=_deterministic(rate, mean_yes, mean_no),
        covariance_form=_covariance(groups, rate, mean_all),
    )


def _chi_square(categories: Mapping[str, CategoryCount], expected: Mapping[str, float]) -> float | None:
    if any(count.sample and not count.population for count in categories.values()):
        return None
    return sum((categories[name].sample - value) ** 2 / value for name, value in expected.items())


def _compare(count: CategoryCount, n: int, total: int) -> CategoryComparison:
    if n == 0:
        return CategoryComparison(difference=None, ratio=None, standardised=None)
    sample, population = count.sample / n, count.population / total
    spread = math.sqrt((sample * (1 - sample) + population * (1 - population)) / 2)
    return CategoryComparison(
        difference=sample - population,
        ratio=sample / population if population else None,
        standardised=(sample - population) / spread if spread else None,
    )


def _mean(weighted: Sequence[tuple[int, float]]) -> float | None:
    total = sum(weight for weight, _ in weighted)
    return sum(weight * value for weight, value in weighted) / total if total else None


def _deterministic(rate: float | None, mean_yes: float | None, mean_no: float | None) -> float | None:
    if rate is None or mean_yes is None:
        return None
    # Without non-respondents nothing is missing, so nothing is biased.
    return 0.0 if mean_no is None else (1 - rate) * (mean_yes - mean_no)


def _covariance(groups: Sequence[FrameGroup], rate: float | None, mean_all: float | None) -> float | None:
    if not rate or mean_all is None:
        return None
    invited = sum(group.invited for group in groups)
    covariance = sum(
        (group.responded - group.invited * rate) * (group.frame_mean - mean_all)
        for group in groups
        if group.invited
    )
    return covariance / invited / rate
