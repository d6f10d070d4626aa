"""What everybody reads is what staff published, and nothing that its writer did not agree to."""

from datetime import date, timedelta

import pytest

from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.voice.enums import EntryKind
from feedback_site.voice.models import PublishedChange
from feedback_site.voice.selectors.public import latest_monthly_suggestion, public_changes
from feedback_site.voice.services import (
    choose_monthly_suggestion,
    publish_change,
    withdraw_change,
    write_change,
)

pytestmark = pytest.mark.django_db
WORDS = {part: {"en": f"{part} en", "zh-hans": f"{part} zh"} for part in ("title", "text")}
SAID = {part: {"en": f"{part} en", "zh-hans": f"{part} zh"} for part in ("said", "did")}


def test_a_change_is_public_between_publishing_and_withdrawing(organisation, noon):
    change = write_change(team=organisation.east, **SAID)
    assert public_changes() == []

    publish_change(change=change, at=noon)
    assert public_changes() == [change]

    withdraw_change(change=change, at=noon + timedelta(hours=1))
    assert public_changes() == []


def test_the_newest_comes_first_and_what_was_withdrawn_can_return(organisation, noon):
    older, newer = (write_change(team=organisation.east, **SAID) for _ in range(2))
    publish_change(change=older, at=noon)
    publish_change(change=newer, at=noon + timedelta(hours=1))
    withdraw_change(change=older, at=noon + timedelta(hours=2))
    publish_change(change=older, at=noon + timedelta(hours=3))

    assert public_changes() == [older, newer]


def test_of_two_clicks_the_second_is_told(organisation, noon):
    change = publish_change(change=write_change(team=organisation.east, **SAID), at=noon)
    with pytest.raises(ConflictError):
        publish_change(change=change, at=noon)
    withdraw_change(change=change, at=noon)

    with pytest.raises(ConflictError):
        withdraw_change(change=change, at=noon)


def test_a_change_is_corrected_while_it_is_public(organisation, noon):
    change = publish_change(change=write_change(team=organisation.east, **SAID), at=noon)

    write_change(change=change, team=organisation.east, **{**SAID, "did": {"en": "More"}})

    assert PublishedChange.objects.public().get().did == {"en": "More", "zh-hans": "did zh"}


def test_the_suggestion_of_the_latest_month_is_shown(receive):
    first, second = receive(EntryKind.SUGGESTION, text="One"), receive(EntryKind.SUGGESTION, text="Two")
    choose_monthly_suggestion(month=date(2026, 11, 20), entry=first, **WORDS)
    choose_monthly_suggestion(month=date(2026, 10, 3), entry=second, **WORDS)

    assert (latest_monthly_suggestion().entry, latest_monthly_suggestion().month) == (
        first,
        date(2026, 11, 1),
    )


def test_a_month_is_chosen_once_and_changed_at_will(receive):
    first, second = receive(EntryKind.SUGGESTION, text="One"), receive(EntryKind.SUGGESTION, text="Two")
    chosen = choose_monthly_suggestion(month=date(2026, 11, 1), entry=first, **WORDS)
    with pytest.raises(ConflictError):
        choose_monthly_suggestion(month=date(2026, 11, 9), entry=second, **WORDS)

    choose_monthly_suggestion(chosen=chosen, month=date(2026, 11, 1), entry=second, **WORDS)

    assert latest_monthly_suggestion().entry == second


def test_no_customer_is_quoted_against_their_will(receive):
    silent, agreeing = (
        receive(EntryKind.SUGGESTION, text="One"),
        receive(EntryKind.SUGGESTION, text="Two", may_publish=True),
    )
    with pytest.raises(DomainError):
        choose_monthly_suggestion(month=date(2026, 11, 1), entry=silent, is_quoted=True, **WORDS)

    assert choose_monthly_suggestion(
        month=date(2026, 11, 1), entry=agreeing, is_quoted=True, **WORDS
    ).is_quoted


def test_a_complaint_is_no_suggestion_of_the_month(receive):
    with pytest.raises(DomainError):
        choose_monthly_suggestion(month=date(2026, 11, 1), entry=receive(), **WORDS)
