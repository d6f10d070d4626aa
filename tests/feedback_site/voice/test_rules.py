import re

import pytest

from feedback_site.voice.rules import new_reference, read_reference


def test_a_number_has_sixty_bits_in_groups_without_letters_that_look_like_digits():
    numbers = {new_reference() for _ in range(200)}

    assert len(numbers) == 200
    assert all(
        re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", number) for number in numbers
    )


@pytest.mark.parametrize(
    "typed",
    [
        "7KQ3-M01D-2TPA",
        "7kq3m01d2tpa",
        " 7KQ3 M0ID 2TPA ",
        "7kq3–mold–2tpa",
        "７ＫＱ３－Ｍ０１Ｄ－２ＴＰＡ",
        "7KQ3_M01D.2TPA",
    ],
)
def test_a_number_is_read_as_it_was_meant(typed):
    assert read_reference(typed) == "7KQ3-M01D-2TPA"


@pytest.mark.parametrize(
    "typed", ["", "7KQ3-M01D", "7KQ3-M01D-2TPA-0", "7KQ3-M01D-2TPU", "七KQ3-M01D-2TP", "7" * 41, "\x00" * 12]
)
def test_what_cannot_be_a_number_is_none(typed):
    assert read_reference(typed) is None
