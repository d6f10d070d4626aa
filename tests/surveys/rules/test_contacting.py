"""Whom may we ask: the rule, by cases."""

from datetime import UTC, datetime, timedelta

import pytest

from nps.enums import Exclusion
from surveys.enums import DecisionReason, Obstacle
from surveys.rules import Address, Asking, Facts, may_be_asked

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
CAP = timedelta(days=90)
SMS, EMAIL = Address("sms", b"phone"), Address("email", b"email")


def judge(*, cap=CAP, **facts):
    return may_be_asked(
        Facts(**{"has_consent": True, "addresses": [SMS, EMAIL], **facts}), moment=NOW, cap=cap
    )


def asked(address, **ago):
    return {"asked_at": {address.index: [NOW - timedelta(days=400), NOW - timedelta(**ago)]}}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, SMS),
        ({"addresses": [EMAIL, SMS]}, EMAIL),
        ({"suppressed": {SMS}}, EMAIL),
        ({"suppressed": {Address("email", SMS.index)}}, SMS),
        ({"addresses": None}, None),
        ({"addresses": None, "suppressed": {SMS, EMAIL}, **asked(SMS, days=1)}, None),
        ({"has_consent": False}, Obstacle.NO_CONSENT),
        ({"has_consent": False, "addresses": None}, Obstacle.NO_CONSENT),
        ({"has_consent": False, "addresses": []}, Obstacle.NO_CONSENT),
        ({"addresses": []}, Obstacle.NO_CONTACT),
        ({"addresses": [], "suppressed": {SMS}}, Obstacle.NO_CONTACT),
        ({"suppressed": {SMS, EMAIL}, **asked(SMS, days=1)}, Obstacle.SUPPRESSED),
        (asked(SMS, days=89, hours=23), Obstacle.FREQUENCY_CAP),
        (asked(SMS, days=0), Obstacle.FREQUENCY_CAP),
        (asked(SMS, days=90), SMS),
        (asked(SMS, days=-1), SMS),
        (asked(EMAIL, days=1), SMS),
        # The next address is not asked because the first was.
        ({"suppressed": {SMS}, **asked(EMAIL, days=1)}, Obstacle.FREQUENCY_CAP),
        ({"excluded": {SMS.index}}, Obstacle.FREQUENCY_CAP),
        ({"excluded": {SMS.index}, "cap": timedelta(0)}, Obstacle.FREQUENCY_CAP),
        ({"excluded": {EMAIL.index}}, SMS),
        ({"cap": timedelta(0), **asked(SMS, days=0)}, SMS),
    ],
)
def test_the_first_obstacle_or_the_first_usable_address(facts, expected):
    is_obstacle = isinstance(expected, Obstacle)

    assert judge(**facts) == Asking(expected if is_obstacle else None, None if is_obstacle else expected)


@pytest.mark.parametrize("obstacle", Obstacle)
def test_every_obstacle_is_a_reason_of_decisions_and_of_samples_in_the_same_order(obstacle):
    assert DecisionReason(obstacle.value).label == Exclusion(obstacle.value).label
    assert Exclusion.values == [one.value for one in Obstacle]
