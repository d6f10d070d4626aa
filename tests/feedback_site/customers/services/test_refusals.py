from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from feedback_site.accounts.models import AccessLogEntry, User
from feedback_site.common.exceptions import DomainError, NotFoundError
from feedback_site.common.sealing import contact_index
from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import ContactRefusal
from feedback_site.customers.services import (
    Refusing,
    Wish,
    consenting_customer_ids,
    credit_team,
    preferences_of,
    record_consent,
    record_preferences,
    refuse_contacts,
    state_preferences,
)
from feedback_site.customers.services.contacts import contact_indexes
from tests.factories.customers.case import upsert_customer

pytestmark = pytest.mark.django_db
SURVEY, NPS, VISIT = Purpose.SURVEY, Purpose.NPS, Purpose.VISIT


@pytest.fixture
def known(noon):
    """Make a customer who consented to everything, as their service system says."""

    def make(number, **contact):
        customer = upsert_customer(source="crm", external_id=number, **contact)
        for purpose in (SURVEY, NPS, VISIT):
            record_consent(
                customer=customer,
                purpose=purpose,
                is_granted=True,
                stated_at=noon,
                source="crm",
                overrides_refusal=False,
            )
        return customer

    return make


def _says(customer, *, is_granted, at, proven):
    state_preferences(
        customer=customer,
        choices={SURVEY: is_granted},
        proven=proven,
        wish=Wish(source="preference page", at=at),
    )


def refuses(customer, *, at):
    _says(customer, is_granted=False, at=at, proven=())


def allows(customer, *, at, proven=()):
    _says(customer, is_granted=True, at=at, proven=proven)


def may_be_asked(customer, purpose=SURVEY):
    return consenting_customer_ids(customer_ids=[customer.pk], purpose=purpose) == {customer.pk}


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ({"phone": "13812345678"}, {"phone": "+86 138-1234-5678"}),
        ({"phone": "13812345678"}, {"phone": "１３８１２３４５６７８"}),
        ({"email": "Wang@Example.com"}, {"email": "wang@EXAMPLE.COM "}),
        # The person said no, by whatever way they were asked.
        ({"email": "wang@example.com"}, {"email": "wang@example.com", "phone": "13900000001"}),
        ({"email": "wang@example.com", "phone": "13812345678"}, {"phone": "13812345678"}),
    ],
    ids=["another spelling", "full-width digits", "capitals", "another way as well", "one of two ways"],
)
def test_a_refusal_holds_for_the_contact_under_another_customer_number(known, noon, first, again):
    refuses(known("C-1", **first), at=noon)

    other = known("C-2", **again)

    assert not may_be_asked(other)
    assert may_be_asked(other, NPS)
    assert may_be_asked(known("C-3", phone="13900000009"))


def test_a_no_that_a_service_system_passes_on_holds_for_the_contact_too(known, noon):
    record_consent(
        customer=upsert_customer(source="crm", external_id="C-1", phone="13812345678"),
        purpose=SURVEY,
        is_granted=False,
        stated_at=noon,
        source="crm",
        overrides_refusal=False,
    )

    assert not may_be_asked(known("C-2", phone="13812345678"))
    assert ContactRefusal.objects.get().source == "crm"


def test_no_event_lifts_a_refusal_and_the_customers_own_word_does(known, noon):
    customer = known("C-1", phone="13812345678")
    refuses(customer, at=noon)
    later = noon + timedelta(days=1)
    for number in ("C-1", "C-2"):
        record_consent(
            customer=known(number, phone="13812345678"),
            purpose=SURVEY,
            is_granted=True,
            stated_at=later,
            source="crm",
            overrides_refusal=False,
        )
    assert not may_be_asked(customer)

    allows(customer, at=later)

    assert may_be_asked(customer)
    refusal = ContactRefusal.objects.get()
    assert (refusal.lifted_at, refusal.lifted_source) == (later, "preference page")


def test_a_yes_does_not_open_a_contact_that_another_customer_refused(known, noon):
    refuses(known("C-1", phone="13812345678"), at=noon)
    stranger = known("X-1", phone="13812345678", email="stranger@example.com")
    own = contact_index(column="email", value="stranger@example.com")

    allows(stranger, at=noon + timedelta(days=1), proven=[own])

    assert not may_be_asked(stranger)
    assert ContactRefusal.objects.standing().count() == 1


def test_a_yes_by_the_refused_contact_itself_counts_under_another_number(known, noon):
    refuses(known("C-1", phone="13812345678"), at=noon)
    other = known("C-2", phone="13812345678")

    allows(other, at=noon + timedelta(days=1), proven=contact_indexes(other).values())

    assert may_be_asked(other)


def test_history_that_arrives_late_does_not_bring_back_a_refusal_that_was_lifted(known, noon):
    customer = known("C-1", phone="13812345678")
    refuses(customer, at=noon)
    allows(customer, at=noon + timedelta(days=2))

    for number in ("C-1", "C-2"):
        record_consent(
            customer=upsert_customer(source="crm", external_id=number, phone="13812345678"),
            purpose=SURVEY,
            is_granted=False,
            stated_at=noon + timedelta(days=1),
            source="old system",
            overrides_refusal=False,
        )

    assert may_be_asked(customer)


def test_a_refusal_is_found_under_a_new_first_key_and_stated_once(known, noon, settings):
    customer = known("C-1", phone="13812345678")
    refuses(customer, at=noon)
    settings.BLIND_INDEX_KEYS = ["a new key", *settings.BLIND_INDEX_KEYS]

    assert not may_be_asked(known("C-2", phone="13812345678"))
    refuses(customer, at=noon + timedelta(days=1))
    assert ContactRefusal.objects.count() == 1


def test_the_database_holds_one_standing_refusal_and_never_loses_one(known, noon):
    refuses(known("C-1", phone="13812345678"), at=noon)
    refusal = ContactRefusal.objects.get()
    for change in ({}, {"purpose": "open"}, {"lifted_at": noon}):
        copy = ContactRefusal(
            purpose="survey",
            contact_index=refusal.contact_index,
            contact_sealed=b"x",
            contact_mask="x",
            refused_at=noon,
            source="x",
        )
        for name, value in change.items():
            setattr(copy, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            copy.save(force_insert=True)
    with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
        refusal.delete()


def test_a_contact_is_kept_sealed_and_shown_masked(known, noon):
    refuses(known("C-1", email="wang@example.com"), at=noon)

    refusal = ContactRefusal.objects.get()
    assert b"wang" not in bytes(refusal.contact_sealed) + bytes(refusal.contact_index)
    assert "wang" not in f"{refusal} {refusal.contact_mask}"


def test_staff_record_what_a_customer_said_with_a_reason_and_on_record(known, noon, staff, organisation):
    customer = known("C-1", phone="13812345678")
    credit_team(customer=customer, team=organisation.east_1)
    later = noon + timedelta(hours=1)
    choices = {SURVEY: False, NPS: True, VISIT: True}

    with pytest.raises(DomainError):
        record_preferences(customer=customer, choices=choices, by=staff.quinn, reason=" ", at=later)
    with pytest.raises(DomainError):
        record_preferences(
            customer=customer, choices=choices, by=staff.quinn, reason="called 13812345678", at=later
        )
    record_preferences(customer=customer, choices=choices, by=staff.quinn, reason="by phone today", at=later)

    assert preferences_of(customer=customer) == choices
    refusal = ContactRefusal.objects.get()
    assert (refusal.recorded_by, refusal.reason, refusal.customer) == (
        staff.quinn,
        "by phone today",
        customer,
    )
    entry = AccessLogEntry.objects.get(action="preferences")
    assert entry.details["old"]["survey"] is True
    assert entry.details["new"]["survey"] is False
    # Service teams, whose own work is asked about, stop no
    # questions; survey staff elsewhere do not see the customer.
    User.objects.filter(pk=staff.ada.pk).update(team=organisation.west)
    for other, refused in ((staff.ellen, DomainError), (User.objects.get(pk=staff.ada.pk), NotFoundError)):
        with pytest.raises(refused):
            record_preferences(
                customer=customer, choices=choices, by=other, reason="by phone today", at=later
            )


def test_a_second_no_in_one_batch_is_no_fault(known, noon):
    contact = contact_index(column="phone", value="13812345678")
    wish = Wish(source="x", at=noon)
    twice = [Refusing(contact=contact, purpose=SURVEY, customer=None, wish=wish)] * 2

    refuse_contacts(refusing=twice)
    refuse_contacts(refusing=twice)

    assert ContactRefusal.objects.count() == 1
