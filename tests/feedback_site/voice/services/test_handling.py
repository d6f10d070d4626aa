"""Each step is on record, the case follows, and what came second or late is refused."""

from datetime import timedelta

import pytest

from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.customers.models import Customer
from feedback_site.service_events.models import ServiceEvent
from feedback_site.service_events.services import record_transition
from feedback_site.voice.enums import EntryKind
from feedback_site.voice.models import VoiceEntry
from feedback_site.voice.selectors.sheets import entry_sheet
from feedback_site.voice.services import (
    accept_entry,
    close_entry,
    decide_suggestion,
    follow_events,
    hand_over_entry,
    mark_complex,
    note_entry,
    reply_to_entry,
    review_suggestion,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def case_of(entry) -> ServiceEvent:
    return ServiceEvent.objects.get(pk=entry.service_event_id)


def steps_of(entry):
    return list(entry.steps.order_by("at", "pk").values_list("kind", "text", "is_public"))


def test_accepting_is_the_cases_first_response(receive, staff, noon):
    entry = accept_entry(entry=receive(), by=staff.ada, text="We look into it.", at=noon + HOUR / 2)

    assert (entry.state, entry.accepted_at) == ("accepted", noon + HOUR / 2)
    assert case_of(entry).first_response_at == noon + HOUR / 2
    assert steps_of(entry) == [("accepted", "We look into it.", True)]


def test_a_complaint_is_accepted_once(receive, staff, noon):
    entry = receive()
    accept_entry(entry=entry, by=staff.ada, text="x", at=noon)

    with pytest.raises(ConflictError):
        accept_entry(entry=entry, by=staff.quinn, text="y", at=noon)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_answer_says_something(receive, staff, noon, text):
    entry = receive()

    with pytest.raises(DomainError):
        accept_entry(entry=entry, by=staff.ada, text=text, at=noon)

    assert (VoiceEntry.objects.get().state, case_of(entry).first_response_at) == ("received", None)


def test_what_is_done_after_accepting_puts_it_in_work(receive, staff, noon):
    entry = accept_entry(entry=receive(), by=staff.ada, text="x", at=noon)

    entry = note_entry(entry=entry, by=staff.ada, text="Called the fitter.", at=noon + HOUR)

    assert entry.state == "in_work"
    assert steps_of(entry)[-1] == ("noted", "Called the fitter.", False)


def test_the_first_answer_to_a_complaint_is_its_acceptance(receive, staff, noon):
    with pytest.raises(ConflictError):
        reply_to_entry(entry=receive(), by=staff.ada, text="x", at=noon)


def test_closing_completes_the_case(receive, staff, noon):
    entry = accept_entry(entry=receive(), by=staff.ada, text="x", at=noon)

    entry = close_entry(entry=entry, by=staff.ada, text="Repaired.", is_resolved=True, at=noon + HOUR)

    event = case_of(entry)
    assert (entry.state, entry.closed_at) == ("closed", noon + HOUR)
    assert (event.status, event.completed_at, event.is_resolved) == ("completed", noon + HOUR, True)


def test_closing_what_was_not_accepted_accepts_it_too(receive, staff, noon):
    entry = close_entry(entry=receive(), by=staff.ada, text="Repaired.", is_resolved=False, at=noon + HOUR)

    assert entry.accepted_at == noon + HOUR
    assert (case_of(entry).first_response_at, case_of(entry).is_resolved) == (noon + HOUR, False)


def test_a_case_that_its_system_completed_does_not_keep_the_complaint_open(receive, staff, noon):
    entry = receive()
    record_transition(event=entry.service_event, type="completed", happened_at=noon, at=noon)

    assert (
        close_entry(entry=entry, by=staff.ada, text="x", is_resolved=True, at=noon + HOUR).state == "closed"
    )


@pytest.mark.parametrize("step", [close_entry, mark_complex])
def test_what_is_finished_stays_finished(receive, staff, noon, step):
    entry = close_entry(entry=receive(), by=staff.ada, text="x", at=noon)

    with pytest.raises(ConflictError):
        step(entry=entry, by=staff.ada, text="y", at=noon + HOUR)


def test_another_team_has_it_from_then_on_and_the_case_too(receive, organisation, staff, noon):
    entry = hand_over_entry(entry=receive(), by=staff.ada, team=organisation.west_1, at=noon)

    event = case_of(entry)
    assert (entry.team, event.team, event.credited_team, event.handovers) == (
        organisation.west_1,
        organisation.west_1,
        organisation.east,
        1,
    )
    assert list(Customer.objects.within(organisation.west_1.pk)) == [event.customer]


def test_the_customer_of_a_suggestion_goes_with_it(receive, organisation, staff, noon):
    entry = receive(EntryKind.SUGGESTION, name="Ann", phone="+8613800000001", may_contact=True)

    hand_over_entry(entry=entry, by=staff.ada, team=organisation.west_1, at=noon)

    assert list(Customer.objects.within(organisation.west.pk)) == [entry.customer]
    assert not Customer.objects.within(organisation.east.pk).exists()


def test_nothing_is_handed_to_the_team_that_has_it(receive, organisation, staff, noon):
    with pytest.raises(DomainError):
        hand_over_entry(entry=receive(), by=staff.ada, team=organisation.east, at=noon)


def test_a_complex_complaint_has_five_workdays(receive, staff, noon):
    entry = mark_complex(
        entry=receive(), by=staff.ada, text="The wall must be looked at.", at=noon + 47 * HOUR
    )

    assert entry.close_until == entry.close_complex_by_at > entry.close_by_at
    assert case_of(entry).complexity == "complex"


def test_being_late_is_not_made_good_by_calling_it_complex(receive, staff, noon):
    with pytest.raises(ConflictError):
        mark_complex(entry=receive(), by=staff.ada, text="x", at=noon + 49 * HOUR)


def test_a_suggestion_is_reviewed_and_decided(receive, staff, noon):
    entry = review_suggestion(entry=receive(EntryKind.SUGGESTION), by=staff.ada, at=noon)
    assert entry.state == "under_review"

    entry = decide_suggestion(entry=entry, by=staff.ada, is_adopted=False, text="Too dear.", at=noon + HOUR)

    assert (entry.state, entry.closed_at) == ("declined", noon + HOUR)
    assert steps_of(entry) == [("reviewed", "", False), ("declined", "Too dear.", True)]


def test_a_suggestion_is_not_closed_and_a_complaint_not_adopted(receive, staff, noon):
    with pytest.raises(ConflictError):
        close_entry(entry=receive(EntryKind.SUGGESTION), by=staff.ada, text="x", at=noon)
    with pytest.raises(ConflictError):
        decide_suggestion(entry=receive(), by=staff.ada, is_adopted=True, text="x", at=noon)


def test_praise_is_passed_on_with_an_answer_or_without(receive, staff, noon):
    entry = close_entry(entry=receive(EntryKind.PRAISE), by=staff.ada, text="", at=noon)

    assert entry.state == "closed"
    assert steps_of(entry) == [("closed", "", False)]


def test_a_case_that_is_reopened_reopens_its_complaint_and_keeps_its_clocks(receive, staff, noon):
    entry = close_entry(entry=receive(), by=staff.ada, text="x", at=noon + HOUR)
    record_transition(event=case_of(entry), type="reopened", happened_at=noon + 2 * HOUR, at=noon + 2 * HOUR)

    assert (follow_events(at=noon + 3 * HOUR), follow_events(at=noon + 3 * HOUR)) == (1, 0)

    entry = VoiceEntry.objects.get()
    assert (entry.state, entry.closed_at) == ("in_work", noon + HOUR)
    assert close_entry(entry=entry, by=staff.ada, text="y", at=noon + 4 * HOUR).closed_at == noon + HOUR
    assert case_of(entry).completed_at == noon + 4 * HOUR


def test_a_case_that_is_corrected_to_another_team_takes_its_complaint_along(receive, organisation, noon):
    entry = receive()
    record_transition(
        event=entry.service_event,
        type="corrected",
        happened_at=noon,
        at=noon,
        facts={"team": organisation.west},
    )

    assert follow_events(at=noon + HOUR) == 1

    assert VoiceEntry.objects.get().team == organisation.west


@pytest.mark.parametrize(
    ("hours", "state", "sentence"),
    [(0.5, "kept", "in time"), (1, "kept", "in time"), (3, "missed", "late by 2\xa0hours")],
)
def test_lateness_is_read_from_the_fixed_ends(receive, staff, noon, hours, state, sentence):
    entry = accept_entry(entry=receive(), by=staff.ada, text="x", at=noon + hours * HOUR)

    clock = entry_sheet(entry=entry, user=staff.ada, at=noon + 9 * HOUR).accepting

    assert (clock.state, clock.sentence) == (state, sentence)


def test_what_waits_for_too_long_is_overdue(receive, staff, noon):
    waiting, accepted = receive(), receive(text="Other")
    accept_entry(entry=accepted, by=staff.ada, text="x", at=noon)

    assert list(VoiceEntry.objects.overdue(at=noon + 2 * HOUR)) == [waiting]
    assert set(VoiceEntry.objects.overdue(at=noon + 50 * HOUR)) == {waiting, accepted}


def test_names_of_strangers_are_not_shown(receive, organisation, staff, noon):
    entry = hand_over_entry(entry=receive(), by=staff.quinn, team=organisation.east_1, at=noon)
    entry = hand_over_entry(entry=entry, by=staff.quinn, team=organisation.east, at=noon + HOUR)
    entry = hand_over_entry(entry=entry, by=staff.quinn, team=organisation.east_1, at=noon + 2 * HOUR)

    shown = entry_sheet(entry=entry, user=staff.ellen, at=noon).steps

    assert [(step.sentence, step.who) for step in shown] == [
        ("Handed over to East-1", ""),
        ("Handed over to another team", ""),
        ("Handed over to East-1", ""),
    ]
