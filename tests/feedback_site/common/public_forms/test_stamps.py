from datetime import timedelta

import pytest

from feedback_site.common.public_forms import STAMP, make_stamp, read_stamp


def test_a_stamp_tells_when_it_was_made_and_has_a_number_of_its_own(noon):
    first, second = (
        read_stamp({STAMP: [make_stamp(purpose="voice", at=noon)]}, purpose="voice") for _ in range(2)
    )

    assert first is not None
    assert second is not None
    assert first.issued_at == noon
    assert first.number != second.number
    assert first.is_younger_than(timedelta(seconds=3), at=noon + timedelta(seconds=2))
    assert not first.is_younger_than(timedelta(seconds=3), at=noon + timedelta(seconds=3))


def test_a_page_kept_for_everybody_has_a_stamp_without_a_number(noon):
    stamps = {make_stamp(purpose="open", at=noon, is_numbered=False) for _ in range(2)}

    assert len(stamps) == 1
    assert read_stamp({STAMP: list(stamps)}, purpose="open").number == ""


@pytest.mark.parametrize(
    "change",
    [lambda stamp: "", lambda stamp: stamp[:-1], lambda stamp: "9" + stamp[1:], lambda stamp: stamp.upper()],
)
def test_a_stamp_that_was_changed_is_none(noon, change):
    stamp = make_stamp(purpose="voice", at=noon)

    assert read_stamp({STAMP: [change(stamp)]}, purpose="voice") is None


def test_a_stamp_counts_for_its_form_only(noon):
    assert read_stamp({STAMP: [make_stamp(purpose="open", at=noon)]}, purpose="voice") is None
    assert read_stamp({}, purpose="voice") is None


def test_a_stamp_outlives_a_change_of_keys(noon, settings):
    stamp = make_stamp(purpose="voice", at=noon)

    settings.TOKEN_KEYS = ["a newer key", *settings.TOKEN_KEYS]

    assert read_stamp({STAMP: [stamp]}, purpose="voice") is not None
