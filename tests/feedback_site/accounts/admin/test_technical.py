"""Technical fields go below the others, folded, and no field is lost on the way."""

from feedback_site.accounts.admin.technical import FOLDED, fold_technical

SECTIONS = [
    (None, {"fields": ("number", ("who", "seal"))}),
    ("Draw", {"classes": ("wide",), "fields": (("random_number", "position"),)}),
]


def test_technical_fields_are_folded_below_the_others():
    assert fold_technical(SECTIONS, ("position", "seal", "random_number")) == [
        (None, {"fields": ("number", "who")}),
        (FOLDED, {"classes": ("collapse",), "fields": ("seal", "random_number", "position")}),
    ]


def test_a_page_without_technical_fields_stays_as_it_is():
    assert fold_technical(SECTIONS, ("unknown",)) == SECTIONS


def test_what_is_left_of_a_section_keeps_its_title_and_look():
    assert fold_technical(SECTIONS, ("position",))[1] == (
        "Draw",
        {"classes": ("wide",), "fields": ("random_number",)},
    )
