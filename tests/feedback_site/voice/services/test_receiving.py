"""An entry is taken in once, a complaint with its case, a contact sealed and only where it was agreed to."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from threading import Barrier

import pytest
from django.db import connection

from feedback_site.accounts.models import Organisation
from feedback_site.accounts.selectors import remember_organisation
from feedback_site.common.clock import database_now
from feedback_site.customers.models import Consent, Customer
from feedback_site.customers.services import contacts_of
from feedback_site.service_events.models import ServiceEvent, WorkingCalendar
from feedback_site.service_events.services.working_time import load_published_days
from feedback_site.voice.enums import EntryKind
from feedback_site.voice.models import VoiceDesk, VoiceEntry
from feedback_site.voice.services import (
    EntryDraft,
    NoTeamTakesInError,
    desk_team,
    receive_entry,
    set_desk,
    submission_key,
)

pytestmark = pytest.mark.django_db
PERSON = {"name": "王小明", "phone": "+8613800000001", "may_contact": True}


def test_a_complaint_is_a_case_of_the_desks_team(receive, organisation, noon):
    entry = receive(ticket_number="T-1")

    event = entry.service_event
    assert (event.source, event.external_id, event.is_complaint, event.status) == (
        "voice",
        entry.reference,
        True,
        "open",
    )
    assert (event.kind, event.channel.slug, event.team, event.opened_at) == (
        organisation.complaint,
        "web",
        organisation.east,
        noon,
    )
    assert entry.team == organisation.east


def test_its_clocks_are_fixed_when_it_is_received(receive, noon):
    entry = receive()

    assert entry.accept_by_at == noon + timedelta(hours=1)
    assert entry.close_by_at == noon + timedelta(hours=48)


def test_its_clocks_are_those_that_the_company_set(receive, noon):
    remember_organisation(
        Organisation(accept_within_hours=2, close_within_hours=24, close_complex_within_days=1)
    )

    entry = receive()

    assert (entry.accept_by_at - noon, entry.close_by_at - noon) == (timedelta(hours=2), timedelta(hours=24))
    assert entry.close_complex_by_at == datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # Friday noon to Monday noon


def test_five_workdays_leave_out_weekends_and_holidays(receive):
    load_published_days()
    friday_before_the_holidays = datetime(2025, 9, 26, 4, 0, tzinfo=UTC)

    entry = receive(at=friday_before_the_holidays)

    # 26 September 12:00, 28 (a make-up workday), 29, 30 September, then 9 and 10 October until noon.
    assert entry.close_complex_by_at == datetime(2025, 10, 10, 4, 0, tzinfo=UTC)


def test_workdays_are_those_of_the_team_that_gets_it(receive, organisation):
    saturdays = {"saturday_from": time(9), "saturday_until": time(18)}
    WorkingCalendar.objects.create(purpose="deadlines", team=organisation.east, **saturdays)
    remember_organisation(Organisation(close_complex_within_days=2))

    entry = receive()

    assert entry.close_complex_by_at == datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # Friday noon, by Saturday


@pytest.mark.parametrize("kind", [EntryKind.SUGGESTION, EntryKind.PRAISE])
def test_what_is_no_complaint_is_no_case_and_has_no_clock(receive, kind):
    entry = receive(kind)

    assert (entry.service_event, entry.customer, entry.accept_by_at) == (None, None, None)
    assert not ServiceEvent.objects.exists()


@pytest.mark.parametrize("kind", EntryKind)
def test_a_contact_is_sealed_and_its_consent_on_record(receive, organisation, kind):
    entry = receive(kind, **PERSON)

    customer = entry.customer
    assert contacts_of([customer])[customer.pk].phone == "+8613800000001"
    assert (customer.source, customer.external_id, customer.name_mask) == ("voice", entry.reference, "王**")
    assert list(Consent.objects.values_list("customer", "purpose", "is_granted", "source")) == [
        (customer.pk, "visit", True, "voice")
    ]
    assert list(Customer.objects.within(organisation.east.pk)) == [customer]
    assert entry.consent_version == "2026-11"


def test_without_consent_no_customer_may_be_visited(receive):
    receive()

    assert not Consent.objects.exists()


def test_the_same_submission_again_is_the_same_entry(desk, noon):
    draft = EntryDraft(kind=EntryKind.COMPLAINT, text="Late", **PERSON)
    key = submission_key(number="a", draft=draft)

    first, second = (
        receive_entry(draft=draft, key=key, language="en", at=noon + timedelta(minutes=minutes))
        for minutes in (0, 5)
    )

    assert (first.is_new, second.is_new) == (True, False)
    assert first.entry == second.entry
    assert (VoiceEntry.objects.count(), ServiceEvent.objects.count(), Customer.objects.count()) == (1, 1, 1)


def test_other_words_or_another_form_are_another_submission():
    draft = EntryDraft(kind=EntryKind.PRAISE, text="Good")

    keys = {
        submission_key(number=number, draft=EntryDraft(kind=EntryKind.PRAISE, text=text))
        for number, text in (("a", "Good"), ("b", "Good"), ("a", "Better"))
    }

    assert len(keys) == 3
    assert submission_key(number="a", draft=draft) in keys


@pytest.mark.django_db(transaction=True)
def test_of_two_submissions_at_once_one_is_stored_and_both_get_its_number(organisation):
    set_desk(team=organisation.east)
    draft = EntryDraft(kind=EntryKind.COMPLAINT, text="Late", **PERSON)
    key, at, together = submission_key(number="a", draft=draft), database_now(), Barrier(4)

    def send(_number):
        together.wait()
        try:
            return receive_entry(draft=draft, key=key, language="en", at=at).entry.reference
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        references = set(threads.map(send, range(4)))

    assert references == {VoiceEntry.objects.get().reference}
    assert (ServiceEvent.objects.count(), Customer.objects.count(), Consent.objects.count()) == (1, 1, 1)


def test_without_a_desk_the_topmost_team_takes_it_in(organisation):
    assert not VoiceDesk.objects.exists()

    assert desk_team() == organisation.east


def test_without_any_team_nothing_is_pretended(db):
    with pytest.raises(NoTeamTakesInError, match="try again later"):
        desk_team()
