import re

import pytest

from feedback_site.common.colours import carries_white, contrast, is_colour, palette

# Of public/page.css.
WHITE, GROUND, DARK_CARD, INK, DARK_INK = "#ffffff", "#f3f6f7", "#192427", "#16262b", "#e8eff1"
COLOURS = ["#0b6b7f", "#000000", "#b3261e", "#1a4fd0", "#006400", "#767676", "#7a00cc", "#8a6100"]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_that_of_the_guideline(one, other, ratio):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize(
    ("colour", "is_legible"), [("#767676", True), ("#777777", False), ("#ffcc00", False)]
)
def test_a_colour_has_to_carry_white_words(colour, is_legible):
    assert carries_white(colour) is is_legible


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("#0b6b7f", True),
        ("#0B6B7F", False),
        ("0b6b7f", False),
        ("#0b6", False),
        ("#0b6b7f;}", False),
        ("", False),
    ],
)
def test_a_colour_is_written_in_one_way(text, is_one):
    assert is_colour(text) is is_one


@pytest.mark.parametrize("colour", COLOURS)
def test_all_that_follows_from_a_colour_is_legible_by_day_and_in_the_dark(colour):
    light, dark = palette(colour).split("@media (prefers-color-scheme: dark)")
    by_day, by_night = (dict(re.findall(r"--([\w-]+): (#\w{6});", rules)) for rules in (light, dark))

    assert (by_day["accent"] == colour) is (contrast(colour, GROUND) >= 4.5)
    pairs = [
        (by_day["accent"], WHITE),
        (by_day["accent"], GROUND),
        (by_day["accent"], by_day["tint"]),
        (by_day["tint"], INK),
        (by_night["accent"], DARK_CARD),
        (by_night["accent"], by_night["tint"]),
        (by_night["accent"], by_night["accent-ink"]),
        (by_night["tint"], DARK_INK),
    ]
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


def test_without_a_colour_of_its_own_a_company_has_the_sites():
    assert palette("") == ""
