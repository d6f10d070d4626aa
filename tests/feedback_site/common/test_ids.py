import uuid
from datetime import UTC, datetime, timedelta

import pytest

from feedback_site.common.ids import first_id_at, uuid7

MOMENT = datetime(2026, 11, 20, 4, 0, 0, 123_000, tzinfo=UTC)


def test_the_first_id_of_a_moment_is_not_above_the_ids_made_then():
    before = datetime.now(UTC) - timedelta(seconds=5)

    assert first_id_at(before) < uuid7() < first_id_at(before + timedelta(minutes=1))


def test_the_first_id_of_a_moment_is_the_lowest_of_its_millisecond():
    first = first_id_at(MOMENT)

    assert (first.version, first.variant) == (7, uuid.RFC_4122)
    assert first.int >> 80 == int(MOMENT.timestamp() * 1000)
    assert first.int & ((1 << 80) - 1) == (0x7 << 76) | (0b10 << 62)


@pytest.mark.parametrize("later", [timedelta(milliseconds=1), timedelta(days=1)])
def test_a_later_moment_has_a_higher_first_id(later):
    assert first_id_at(MOMENT) < first_id_at(MOMENT + later)
