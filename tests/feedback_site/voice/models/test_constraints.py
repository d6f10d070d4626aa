"""Every rule that the database states of the voice, violated once."""

import hashlib
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from feedback_site.customers.models import Customer
from feedback_site.voice.models import MonthlySuggestion, PublishedChange, VoiceDesk, VoiceEntry, VoiceStep
from feedback_site.voice.services import accept_entry

pytestmark = pytest.mark.django_db
WORDS = {part: {"en": "x"} for part in ("title", "text")}
SAID = {part: {"zh-hans": "x"} for part in ("said", "did")}


def violates(name):
    return pytest.raises(IntegrityError, match=name)


@pytest.fixture
def suggest(organisation, noon):
    """Write a suggestion behind the services' back."""

    def suggest(**facts) -> VoiceEntry:
        number = VoiceEntry.objects.count()
        usual = {
            "reference": f"0000-0000-{number:04d}",
            "submission_key": hashlib.sha256(str(number).encode()).digest(),
            "kind": "suggestion",
            "text": "x",
            "language": "en",
            "team": organisation.east,
            "received_at": noon,
        }
        return VoiceEntry.objects.create(**{**usual, **facts})

    return suggest


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"kind": "gossip"}, "voiceentry_has_a_known_kind|voiceentry_state_fits_its_kind"),
        ({"language": "fr"}, "voiceentry_is_in_a_known_language"),
        ({"state": "accepted"}, "voiceentry_state_fits_its_kind"),
        ({"kind": "complaint"}, "voiceentry_complaint_is_a_case|voiceentry_complaint_has_its_clocks"),
        ({"kind": "praise", "is_complex": True}, "voiceentry_complaint_has_its_clocks"),
        ({"state": "adopted"}, "voiceentry_finished_states_when"),
        ({"consent_version": "2026-11"}, "voiceentry_consent_is_of_a_customer"),
        ({"text": ""}, "voiceentry_says_something"),
    ],
)
def test_an_entry_is_what_its_columns_allow(suggest, facts, name):
    with violates(name):
        suggest(**facts)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"state": "closed"}, "voiceentry_accepted_states_when|voiceentry_finished_states_when"),
        ({"state": "in_work"}, "voiceentry_accepted_states_when"),
        ({"customer": None}, "voiceentry_complaint_is_a_case"),
        ({"service_event": None}, "voiceentry_complaint_is_a_case"),
        ({"close_by_at": None}, "voiceentry_complaint_has_its_clocks"),
    ],
)
def test_a_complaint_is_a_case_with_its_clocks(receive, facts, name):
    entry = receive()

    with violates(name):
        VoiceEntry.objects.filter(pk=entry.pk).update(**facts)


@pytest.mark.parametrize(
    ("moment", "name"),
    [("accepted_at", "accepted_after_it_was_received"), ("closed_at", "closed_after_it_was_received")],
)
def test_nothing_is_done_before_it_was_received(receive, staff, noon, moment, name):
    entry = accept_entry(entry=receive(), by=staff.ada, text="x", at=noon)

    with violates(name):
        VoiceEntry.objects.filter(pk=entry.pk).update(**{moment: noon - timedelta(seconds=1)})


@pytest.mark.parametrize("column", ["reference", "submission_key"])
def test_a_number_and_a_submission_belong_to_one_entry(suggest, column):
    first = suggest()

    with violates(column):
        suggest(**{column: getattr(first, column)})


def test_a_case_belongs_to_one_complaint(receive):
    first, second = receive(), receive(text="Another")

    with violates("service_event_id"):
        VoiceEntry.objects.filter(pk=second.pk).update(service_event=first.service_event)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"kind": "slept"}, "voicestep_has_a_known_kind"),
        ({"kind": "replied", "is_public": True}, "voicestep_public_says_something"),
        ({"kind": "handed_over"}, "voicestep_hand_over_names_the_team"),
    ],
)
def test_a_step_is_what_its_columns_allow(suggest, noon, facts, name):
    with violates(name):
        VoiceStep.objects.create(entry=suggest(), at=noon, **facts)


def test_only_a_hand_over_names_a_team(suggest, organisation, noon):
    with violates("voicestep_hand_over_names_the_team"):
        VoiceStep.objects.create(entry=suggest(), kind="noted", team=organisation.east, at=noon)


def test_steps_are_only_added(suggest, noon):
    step = VoiceStep.objects.create(entry=suggest(), kind="noted", text="x", at=noon)

    with pytest.raises(ProgrammingError, match="Cannot update"):
        VoiceStep.objects.filter(pk=step.pk).update(text="y")


def test_there_is_one_desk(organisation):
    with violates("voicedesk_is_one_row"):
        VoiceDesk.objects.create(pk=2, team=organisation.east)


def test_a_month_has_one_suggestion_and_a_suggestion_one_month(suggest):
    entry, other = suggest(), suggest()
    MonthlySuggestion.objects.create(month=date(2026, 11, 1), entry=entry, **WORDS)

    for facts in ({"month": date(2026, 11, 1), "entry": other}, {"month": date(2026, 10, 1), "entry": entry}):
        with violates("month|entry_id"), transaction.atomic():
            MonthlySuggestion.objects.create(**facts, **WORDS)
    with violates("monthlysuggestion_month_is_its_first_day"):
        MonthlySuggestion.objects.create(month=date(2026, 10, 2), entry=other, **WORDS)


def test_what_is_withdrawn_was_published_before(organisation, noon):
    with violates("publishedchange_withdrawn_was_published"), transaction.atomic():
        PublishedChange.objects.create(team=organisation.east, withdrawn_at=noon, **SAID)
    with violates("publishedchange_withdrawn_after_it_was_published"):
        PublishedChange.objects.create(
            team=organisation.east, published_at=noon, withdrawn_at=noon - timedelta(seconds=1), **SAID
        )


def test_no_contact_is_kept_of_a_customer_who_gave_none(receive):
    customer = Customer.objects.get(pk=receive().customer_id)

    assert (customer.name_sealed, customer.phone_sealed, customer.email_sealed) == (None, None, None)
