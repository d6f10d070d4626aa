import pytest

from feedback_site.common.sweeping import sweep


@pytest.mark.parametrize(
    ("batches", "seconds", "full", "total", "left"),
    [
        ([0, 9], 60, 1, 0, [9]),
        ([1, 1, 0, 9], 60, 1, 2, [9]),
        ([500, 500, 499, 9], 60, 500, 1499, [9]),
        ([1, 9], 0, 1, 1, [9]),  # the time is up after the first
    ],
)
def test_a_sweep_goes_on_while_batches_are_full_and_time_is_left(batches, seconds, full, total, left):
    assert sweep(lambda: batches.pop(0), seconds=seconds, full=full) == total
    assert batches == left
