from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from feedback_site.common.exceptions import DomainError
from feedback_site.common.sealing import blind_index
from feedback_site.customers.models import Customer, CustomerTeam
from feedback_site.customers.services import contacts_of, credit_team, customer_entry, upsert_customers
from tests.factories.customers.case import upsert_customer


def contact_of(customer):
    stored = Customer.objects.get(pk=customer.pk)
    return contacts_of([stored])[stored.id]


def test_a_customer_is_stored_sealed_with_index_and_masks(wang):
    stored = Customer.objects.get()

    assert (stored.name_mask, stored.phone_mask, stored.email_mask) == ("王**", "****78", "W***@***.com")
    assert bytes(stored.phone_index) == blind_index(column="phone", value="13812345678")
    assert bytes(stored.email_index) == blind_index(column="email", value="wang@example.com")
    assert str(stored) == "王**"


def test_nothing_of_the_contact_is_in_the_table_in_clear(wang):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customers_customer::text, name_sealed, phone_sealed, email_sealed FROM customers_customer"
        )
        row, *sealed = cursor.fetchone()

    for secret in ("小明", "13812345678", "Wang@Example"):
        assert secret not in row
        assert not any(secret.encode() in bytes(column) for column in sealed)


def test_none_leaves_what_is_stored(wang, organisation):
    upsert_customer(source="crm", external_id="C-9", segment=organisation.existing, language="en")
    upsert_customer(source="crm", external_id="C-9")

    stored = Customer.objects.get()
    assert (contact_of(wang).name, contact_of(wang).phone) == ("王小明", "+8613812345678")
    assert (stored.segment, stored.language) == (organisation.existing, "en")


def test_new_contacts_replace_the_old_ones_with_their_index(wang):
    upsert_customer(
        source="crm", external_id="C-9", name="王大明", phone="010-12345678", email="da@example.com"
    )

    stored = Customer.objects.get()
    assert contact_of(wang).phone == "+861012345678"
    assert bytes(stored.phone_index) == blind_index(column="phone", value="010-12345678")
    assert (stored.name_mask, stored.phone_mask, stored.email_mask) == ("王**", "****78", "d***@***.com")


def test_an_empty_text_removes_a_contact_with_its_index(wang):
    upsert_customer(source="crm", external_id="C-9", phone="")

    stored = Customer.objects.get()
    assert (stored.phone_sealed, stored.phone_index, stored.phone_mask) == (None, None, "")
    assert contact_of(wang).email == "Wang@Example.com"


def test_saying_the_same_again_writes_nothing(wang):
    before = Customer.objects.get()

    upsert_customer(source="crm", external_id="C-9", name="王小明", phone="+8613812345678")

    after = Customer.objects.get()
    assert (after.updated_at, bytes(after.phone_sealed)) == (before.updated_at, bytes(before.phone_sealed))


def test_a_wrong_contact_is_refused_and_nothing_is_stored(db):
    with pytest.raises(DomainError):
        upsert_customer(source="crm", external_id="C-9", name="王小明", phone="12")

    assert Customer.objects.count() == 0


def test_an_entry_hides_its_contact_from_logs():
    entry = customer_entry(
        source="crm", external_id="C-9", name="王小明", phone="13812345678", email="wang@example.com"
    )

    assert repr(entry) == "CustomerEntry(source='crm', external_id='C-9', language='', segment=None)"


def test_later_entries_of_a_batch_know_better(db):
    entries = [
        customer_entry(source="crm", external_id="C-9", name="王小明", phone="13812345678"),
        customer_entry(source="shop", external_id="C-9", name="李四"),
        customer_entry(source="crm", external_id="C-9", phone="13900000000"),
    ]

    customers = upsert_customers(entries=entries)

    assert contact_of(customers["crm", "C-9"]).phone == "+8613900000000"
    assert contact_of(customers["crm", "C-9"]).name == "王小明"
    assert contact_of(customers["shop", "C-9"]).name == "李四"


def test_a_team_is_credited_once(wang, organisation):
    credit_team(customer=wang, team=organisation.east_1)
    credit_team(customer=wang, team=organisation.east_1)

    assert CustomerTeam.objects.count() == 1


def test_a_customer_is_seen_by_the_teams_that_served_them_and_those_above(wang, organisation, staff):
    credit_team(customer=wang, team=organisation.east_1)

    seen_by = {
        name: Customer.objects.for_user(getattr(staff, name)).exists()
        for name in ("ellen", "ada", "wei", "quinn", "max", "vera", "root")
    }

    assert seen_by == {
        "ellen": True,
        "ada": True,
        "wei": False,
        "quinn": True,
        "max": False,
        "vera": False,
        "root": True,
    }


@pytest.mark.django_db(transaction=True)
def test_eight_callers_with_one_customer_make_one_row_and_lose_nothing():
    barrier = Barrier(8, timeout=60)
    facts = [
        {"name": "王小明"},
        {"phone": "13812345678"},
        {"email": "wang@example.com"},
        {"language": "en"},
    ] * 2

    def call(fact):
        try:
            barrier.wait(timeout=20)
            return upsert_customer(source="crm", external_id="C-9", **fact).id
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(call, facts))

    stored = Customer.objects.get()
    contact = contact_of(stored)
    assert ids == {stored.id}
    assert (contact.name, contact.phone, contact.email, stored.language) == (
        "王小明",
        "+8613812345678",
        "wang@example.com",
        "en",
    )
