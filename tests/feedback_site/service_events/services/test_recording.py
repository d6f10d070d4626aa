from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pgtrigger
import pytest
from django.db import connection

from feedback_site.common.exceptions import ConflictError
from feedback_site.common.sealing import SealBrokenError
from feedback_site.conservation.keys import missing_keys
from feedback_site.customers.models import Consent, Customer, CustomerTeam
from feedback_site.customers.services import contacts_of, customer_entry, record_consent
from feedback_site.customers.services.rotating import rotate_all
from feedback_site.service_events.enums import EventStatus
from feedback_site.service_events.models import Agent, ServiceEvent, ServiceEventTransition
from feedback_site.service_events.services import record_service_event, record_service_events
from feedback_site.service_events.services.hashing import keyed_hash
from feedback_site.service_events.services.submissions import _content


def test_an_event_is_recorded_with_its_customer_agent_consent_and_completion(submission, organisation, noon):
    recorded = record_service_event(submission=submission(), at=noon)

    event = ServiceEvent.objects.get()
    completion = ServiceEventTransition.objects.get()
    assert recorded.is_new
    assert recorded.event.id == event.id
    assert (event.status, event.credited_team, event.agent.code) == (
        EventStatus.COMPLETED,
        organisation.east_1,
        "A17",
    )
    assert contacts_of([event.customer])[event.customer_id].phone == "+8613812345678"
    assert (completion.type, completion.at, completion.recorded_at) == (
        "completed",
        noon - timedelta(hours=1),
        noon,
    )
    assert list(CustomerTeam.objects.values_list("customer_id", "team_id")) == [
        (event.customer_id, organisation.east_1.id)
    ]
    assert list(Consent.objects.values_list("purpose", "is_granted", "stated_at")) == [
        ("survey", True, noon - timedelta(hours=3))
    ]


def test_the_stored_body_holds_nothing_of_the_customer(submission, noon):
    recorded = record_service_event(submission=submission(attributes={"product": "fridge"}), at=noon)

    assert recorded.event.body == {
        "source": "crm",
        "external_id": "T-1001",
        "kind": "after_sales_repair",
        "channel": "phone",
        "team": "east-1",
        "agent": "A17",
        "opened_at": "2026-11-20T01:00:00+00:00",
        "completed_at": "2026-11-20T03:00:00+00:00",
        "consent": {"survey": True},
        "attributes": {"product": "fridge"},
    }


def test_an_open_event_has_no_completion(submission, noon):
    recorded = record_service_event(submission=submission(completed_at=None), at=noon)

    assert recorded.event.status == EventStatus.OPEN
    assert ServiceEventTransition.objects.count() == 0


def test_the_same_content_again_returns_the_first_row(submission, noon):
    first = record_service_event(submission=submission(), at=noon)

    second = record_service_event(submission=submission(), at=noon + timedelta(minutes=1))

    assert (second.is_new, second.event.id) == (False, first.event.id)
    assert (
        ServiceEvent.objects.count(),
        Consent.objects.count(),
        ServiceEventTransition.objects.count(),
    ) == (1, 1, 1)


@pytest.mark.parametrize("secret", ["a new name", "a new phone"])
def test_another_customer_under_the_same_key_is_a_conflict_and_changes_nothing(submission, noon, secret):
    record_service_event(submission=submission(), at=noon)
    other = {"a new name": {"name": "李四"}, "a new phone": {"phone": "+8613800000000"}}[secret]

    with pytest.raises(ConflictError):
        record_service_event(submission=submission(customer=replace(submission().customer, **other)), at=noon)

    customer = Customer.objects.get()
    assert contacts_of([customer])[customer.id].name == "王小明"
    assert contacts_of([customer])[customer.id].phone == "+8613812345678"


def test_other_facts_under_the_same_key_are_a_conflict(submission, noon):
    record_service_event(submission=submission(), at=noon)

    with pytest.raises(ConflictError) as caught:
        record_service_event(submission=submission(is_complaint=True), at=noon)

    assert caught.value.extra == {"source": "crm", "external_id": "T-1001"}


def hash_as_before(content):
    """Give an event the hash that rows had before hashes were sealed."""
    with pgtrigger.ignore():
        ServiceEvent.objects.update(
            content_hash=keyed_hash(purpose="service event", content=_content(content))
        )


@pytest.mark.parametrize("is_from_before", [False, True])
def test_a_repeat_is_recognised_after_the_keys_were_rotated_and_the_old_ones_dropped(
    submission, noon, settings, is_from_before
):
    record_service_event(submission=submission(), at=noon)
    if is_from_before:
        hash_as_before(submission())
    fields, indexes = settings.FIELD_ENCRYPTION_KEYS, settings.BLIND_INDEX_KEYS
    new = ["a newer key"], ["a newer index key"]
    settings.FIELD_ENCRYPTION_KEYS, settings.BLIND_INDEX_KEYS = new[0] + fields, new[1] + indexes

    assert record_service_event(submission=submission(), at=noon).is_new is False
    rotate_all()
    settings.FIELD_ENCRYPTION_KEYS, settings.BLIND_INDEX_KEYS = new

    assert record_service_event(submission=submission(), at=noon).is_new is False
    assert list(missing_keys()) == []
    with pytest.raises(ConflictError):
        record_service_event(submission=submission(is_complaint=True), at=noon)


def test_a_hash_that_was_put_into_another_row_is_none(submission, noon):
    first = record_service_event(submission=submission(), at=noon).event
    record_service_event(submission=submission(external_id="T-2", is_complaint=True), at=noon)
    with pgtrigger.ignore():
        ServiceEvent.objects.filter(external_id="T-2").update(content_hash=first.content_hash)

    with pytest.raises(SealBrokenError):
        record_service_event(submission=submission(external_id="T-2", is_complaint=True), at=noon)


def test_a_batch_records_what_it_can_and_returns_the_conflicts_in_place(submission, noon):
    record_service_event(submission=submission(external_id="known"), at=noon)

    results = record_service_events(
        submissions=[
            submission(external_id="new"),
            submission(external_id="known", is_complaint=True),
            submission(external_id="known"),
            submission(external_id="new"),
            submission(external_id="new", priority="urgent"),
        ],
        at=noon,
    )

    assert [getattr(result, "is_new", "conflict") for result in results] == [
        True,
        "conflict",
        False,
        False,
        "conflict",
    ]
    assert set(ServiceEvent.objects.values_list("external_id", flat=True)) == {"known", "new"}


def test_a_batch_takes_a_fixed_number_of_statements(submission, noon, django_assert_max_num_queries):
    def batch(prefix, size):
        return [
            submission(
                external_id=f"{prefix}-{number}",
                agent=f"A{prefix}{number}",
                customer=customer_entry(
                    source="crm", external_id=f"C-{prefix}-{number}", name="王小明", phone="13812345678"
                ),
            )
            for number in range(size)
        ]

    with django_assert_max_num_queries(21):
        record_service_events(submissions=batch("a", 1), at=noon)
    with django_assert_max_num_queries(21):
        record_service_events(submissions=batch("b", 50), at=noon)

    assert ServiceEvent.objects.count() == 51


def test_an_event_never_overrides_an_opt_out(submission, noon):
    event = record_service_event(submission=submission(), at=noon).event
    record_consent(
        customer=event.customer,
        purpose="survey",
        is_granted=False,
        stated_at=noon,
        source="preferences page",
        overrides_refusal=True,
    )

    record_service_event(submission=submission(external_id="T-2", opened_at=noon, completed_at=None), at=noon)

    assert list(Consent.objects.order_by("stated_at").values_list("is_granted", flat=True)) == [True, False]


def test_an_agent_stays_with_the_team_of_their_first_event(submission, organisation, noon):
    record_service_event(submission=submission(), at=noon)

    record_service_event(submission=submission(external_id="T-2", team=organisation.west_1), at=noon)

    assert Agent.objects.get().team == organisation.east_1


def test_the_segment_known_of_the_customer_is_frozen_on_the_event(submission, organisation, noon):
    with_segment = customer_entry(source="crm", external_id="C-9", segment=organisation.existing)
    first = record_service_event(submission=submission(customer=with_segment), at=noon).event

    second = record_service_event(submission=submission(external_id="T-2"), at=noon).event
    moved = customer_entry(source="crm", external_id="C-9", segment=organisation.high_value)
    record_service_event(submission=submission(external_id="T-3", customer=moved), at=noon)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.segment, second.segment) == (organisation.existing, organisation.existing)


@pytest.mark.django_db(transaction=True)
def test_eight_systems_posting_the_same_event_at_once_record_it_once(submission, noon):
    barrier = Barrier(8, timeout=60)
    prepared = submission()

    def post(_number):
        try:
            barrier.wait(timeout=20)
            return record_service_event(submission=prepared, at=noon)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(post, range(8)))

    assert sorted(result.is_new for result in results) == [False] * 7 + [True]
    assert len({result.event.id for result in results}) == 1
    assert (
        ServiceEvent.objects.count(),
        Customer.objects.count(),
        ServiceEventTransition.objects.count(),
    ) == (1, 1, 1)
