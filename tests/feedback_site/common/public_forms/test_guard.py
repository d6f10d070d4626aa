from datetime import UTC, datetime, timedelta

import pytest
from django.utils.functional import lazystr

from feedback_site.common.public_forms import STAMP, TRAP, Guard, make_stamp, read_recent_stamp

AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
LONG_AGO = AT - timedelta(minutes=5)
GUARD = Guard(
    per_hour=2,
    per_day=4,
    was_too_fast=lazystr("too fast"),
    too_many_in_an_hour=lazystr("hour"),
    too_many_in_a_day=lazystr("day"),
)


def ask(guard=GUARD, *, fields=None, issued_at=LONG_AGO, form="form", address="192.0.2.1", at=AT):
    refusal = guard.refuse(fields or {}, issued_at=issued_at, form=form, address=address, at=at)
    return (refusal.status, refusal.sentence) if refusal else None


@pytest.mark.parametrize(
    ("fields", "issued_at", "expected"),
    [
        ({TRAP: [" x "]}, LONG_AGO, "To keep out automatic messages, please send it once more."),
        ({}, None, "too fast"),
        ({}, AT - timedelta(seconds=2.9), "too fast"),
        ({}, AT - timedelta(seconds=3), None),
        ({TRAP: [" "]}, LONG_AGO, None),
    ],
)
def test_what_speaks_for_a_program_is_asked_to_be_sent_once_more(db, settings, fields, issued_at, expected):
    settings.PUBLIC_FORM_LEAST_SECONDS = 3

    assert ask(fields=fields, issued_at=issued_at) == (expected and (422, expected))


def test_a_network_that_passes_a_limit_is_told_how_long_to_wait(db):
    first_hour = [ask() for _ in range(3)]
    others = ask(form="another"), ask(address="198.51.100.1")
    next_hour = [ask(at=AT + timedelta(hours=1)) for _ in range(2)]

    assert first_hour == [None, None, (429, "hour")]
    assert others == (None, None)
    assert next_hour == [None, (429, "day")]


def test_what_a_program_sends_uses_up_nothing(db):
    for _ in range(3):
        ask(issued_at=None)

    assert ask() is None


@pytest.mark.parametrize(
    ("age", "is_read"), [(timedelta(hours=23, minutes=59), True), (timedelta(days=1), False)]
)
def test_a_stamp_of_another_day_is_none(age, is_read):
    fields = {STAMP: [make_stamp(purpose="form", at=AT - age)]}

    assert (read_recent_stamp(fields, purpose="form", at=AT) is not None) is is_read
    assert read_recent_stamp(fields, purpose="another form", at=AT) is None
