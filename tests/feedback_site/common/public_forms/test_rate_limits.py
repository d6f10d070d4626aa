from datetime import timedelta

import pytest

from feedback_site.common.models import RateCount
from feedback_site.common.public_forms import Limit, count_use, forget_old_counts

pytestmark = pytest.mark.django_db
HOUR = Limit(2, timedelta(hours=1))


def use(noon, address="192.0.2.1", *, form="voice", limits=(HOUR,), minutes=0):
    return count_use(form=form, address=address, limits=limits, at=noon + timedelta(minutes=minutes))


def test_the_use_after_the_last_allowed_one_passes_the_limit(noon):
    assert [use(noon) for _ in range(4)] == [None, None, HOUR, HOUR]


def test_forms_addresses_and_windows_are_counted_apart(noon):
    for _ in range(2):
        use(noon)

    assert [use(noon, form="open"), use(noon, "192.0.2.2"), use(noon, minutes=60)] == [None, None, None]


def test_all_limits_count_and_the_first_that_is_passed_is_told(noon):
    day = Limit(3, timedelta(days=1))

    assert [use(noon, limits=(HOUR, day), minutes=60 * number) for number in range(4)] == [
        None,
        None,
        None,
        day,
    ]


def test_zero_sets_no_limit(noon):
    assert use(noon, limits=(Limit(0, timedelta(hours=1)),)) is None
    assert not RateCount.objects.exists()


def test_one_network_is_one_caller(noon):
    for last in range(2):
        use(noon, f"2001:db8::{last}")

    assert use(noon, "2001:db8::ffff") == HOUR
    assert use(noon, "2001:db8:0:1::1") is None


def test_counts_are_forgotten_when_their_window_is_over(noon):
    use(noon)

    assert (forget_old_counts(at=noon), forget_old_counts(at=noon + timedelta(hours=1, seconds=1))) == (0, 1)
