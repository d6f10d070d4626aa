"""Amounts as systems write them, and when two of them differ."""

from decimal import Decimal

import pytest

from surveys.rules.fees import amount_in, differs, may_be_in


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        (0, "0"),
        (128, "128"),
        (128.5, "128.5"),
        ("¥1,280.00", "1280"),
        ("１２８元", "128"),
        (" 99 RMB", "99"),
        ("-5", "-5"),
        ("0", "0"),
        ("免费", None),
        ("100; 28", None),
        ("", None),
        (None, None),
        (True, None),
        ([1], None),
        ("NaN", None),
        ("Infinity", None),
        ("1e99", None),
        ("128.5元整", "128.5"),
        ("1 280,000.5 USD", None),
        ("1,280,000.5 USD", "1280000.5"),
        ("12,80", None),
        ("1.280,00", None),
        ("1,2345", None),
        ("1,280,00", None),
        ("1,280,000", "1280000"),
        ("1_000", None),
        ("٣", None),
        (".", None),
    ],
)
def test_amounts_are_read_as_systems_write_them(written, amount):
    assert amount_in(written) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("paid", "charged", "is_other"),
    [
        ("100", "100", False),
        ("101", "100", False),
        ("102", "100", False),
        ("102.01", "100", True),
        ("98", "100", False),
        ("97.99", "100", True),
        ("1", "0", False),
        ("1.01", "0", True),
        ("0", "50", True),
        ("0", "0", False),
        ("1020", "1000", False),
        ("1020.01", "1000", True),
    ],
)
def test_the_larger_of_both_tolerances_holds_on_both_sides(paid, charged, is_other):
    assert differs(Decimal(paid), Decimal(charged), tolerance=Decimal(1), percent=Decimal(2)) is is_other


@pytest.mark.parametrize(
    ("written", "currency", "may_be"),
    [
        (128, "CNY", True),
        ("128", "EUR", True),
        ("￥128", "CNY", True),
        ("128 rmb", "CNY", True),
        ("$128", "CNY", False),
        ("128 USD", "CNY", False),
        ("128元", "USD", False),
        ("$128", "HKD", True),
    ],
)
def test_a_sign_beside_an_amount_names_its_currency(written, currency, may_be):
    assert may_be_in(written, currency) is may_be
