"""Special functions against closed forms and published table values."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_site.statistics import distributions


def test_t_with_one_degree_is_cauchy() -> None:
    assert distributions.critical_t(0.95, 1) == pytest.approx(math.tan(0.475 * math.pi), rel=1e-12)
    assert distributions.t_two_sided_p(3.0, 1) == pytest.approx(1 - 2 * math.atan(3.0) / math.pi, rel=1e-12)


def test_t_with_two_degrees_has_its_closed_form() -> None:
    q = 0.95

    assert distributions.critical_t(q, 2) == pytest.approx(q * math.sqrt(2 / (1 - q * q)), rel=1e-12)


def test_t_nears_the_normal_with_many_degrees() -> None:
    assert distributions.critical_t(0.95, 1e7) == pytest.approx(distributions.critical_z(0.95), abs=1e-6)


@pytest.mark.parametrize("t", [0.3, 2.262157, 8.0])
def test_t_with_nine_degrees_has_its_closed_form(t: float) -> None:
    """Abramowitz & Stegun 1964, 26.7.3."""
    angle = math.atan(t / 3)
    cosine = math.cos(angle)
    central = angle + math.sin(angle) * (
        cosine + 2 / 3 * cosine**3 + 8 / 15 * cosine**5 + 16 / 35 * cosine**7
    )

    assert distributions.t_two_sided_p(t, 9) == pytest.approx(1 - 2 / math.pi * central, abs=1e-14)


@pytest.mark.parametrize(("degrees", "value"), [(5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980)])
def test_t_equals_the_printed_table(degrees: int, value: float) -> None:
    assert distributions.critical_t(0.95, degrees) == pytest.approx(value, abs=5e-4)


@pytest.mark.parametrize("x", [0.1, 2.0, 30.0, 200.0])
def test_chi_square_with_two_degrees_is_exponential(x: float) -> None:
    assert distributions.chi_square_upper_tail(x, 2) == pytest.approx(math.exp(-x / 2), rel=1e-11)


@pytest.mark.parametrize("z", [0.01, 1.0, 1.96, 6.0])
def test_chi_square_with_one_degree_is_a_squared_normal(z: float) -> None:
    assert distributions.chi_square_upper_tail(z * z, 1) == pytest.approx(
        math.erfc(z / math.sqrt(2)), rel=1e-11
    )


def test_f_with_one_numerator_degree_is_a_squared_t() -> None:
    assert distributions.f_upper_tail(2.5**2, 1, 7.3) == pytest.approx(
        distributions.t_two_sided_p(2.5, 7.3), rel=1e-11
    )


def test_f_with_two_numerator_degrees_has_its_closed_form() -> None:
    assert distributions.f_upper_tail(3.7, 2, 11) == pytest.approx((1 + 2 * 3.7 / 11) ** -5.5, rel=1e-11)


@pytest.mark.parametrize(("successes", "n"), [(3, 7), (90, 100), (5000, 9000)])
def test_beta_equals_the_binomial_tail(successes: int, n: int) -> None:
    log_terms = [
        math.lgamma(n + 1)
        - math.lgamma(k + 1)
        - math.lgamma(n - k + 1)
        + k * math.log(0.6)
        + (n - k) * math.log(0.4)
        for k in range(successes, n + 1)
    ]

    tail = math.fsum(map(math.exp, log_terms))

    assert distributions.beta_cdf(0.6, successes, n - successes + 1) == pytest.approx(tail, abs=1e-11)


@given(st.floats(1e-6, 1 - 1e-6), st.floats(0.3, 2000), st.floats(0.3, 2000))
def test_the_beta_quantile_undoes_the_beta_cdf(probability: float, a: float, b: float) -> None:
    x = distributions.beta_quantile(probability, a, b)

    assert 0 <= x <= 1
    # Near the upper edge one last digit of x moves the probability visibly.
    edge = abs(
        distributions.beta_cdf(min(1.0, x + 4e-16), a, b) - distributions.beta_cdf(max(0.0, x - 4e-16), a, b)
    )
    assert distributions.beta_cdf(x, a, b) == pytest.approx(probability, abs=1e-10 + 2 * edge)


@given(st.floats(0.5, 0.9999), st.floats(0.7, 5000))
def test_the_t_quantile_undoes_the_t_tail(confidence: float, degrees: float) -> None:
    t = distributions.critical_t(confidence, degrees)

    assert distributions.t_two_sided_p(t, degrees) == pytest.approx(1 - confidence, abs=1e-10)


@pytest.mark.parametrize("confidence", [0.0, 1.0, math.nan])
def test_a_confidence_outside_zero_to_one_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="confidence"):
        distributions.critical_z(confidence)
