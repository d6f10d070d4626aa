"""Keys are rotated while the site runs, and the old ones can go afterwards."""

import threading
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from feedback_site.accounts.models import User
from feedback_site.accounts.services import StaffContacts, change_staff_contacts
from feedback_site.common.sealing import blind_index, contact_index, reveal_bytes, seal
from feedback_site.common.sealing.keys import id_of
from feedback_site.conservation.keys import missing_keys
from feedback_site.customers.checks import keys_are_there
from feedback_site.customers.enums import FileType, Purpose
from feedback_site.customers.models import ContactRefusal, Customer, SealedFile
from feedback_site.customers.services import (
    Wish,
    consenting_customer_ids,
    contacts_of,
    keep_file,
    record_consent,
    state_preferences,
)
from feedback_site.customers.services.keys_in_use import keys_in_use
from feedback_site.customers.services.rotating import has_stale_indexes, renew_indexes, rotate_all
from feedback_site.delivery.enums import DeliveryChannel, SuppressionReason
from feedback_site.delivery.models import Suppression
from feedback_site.delivery.selectors import suppressed_contacts
from feedback_site.delivery.services import index_of, suppress_address
from tests.factories.customers.case import upsert_customer

SMS = DeliveryChannel.SMS
NEW_FIELD, NEW_INDEX = "a new field key", "a new index key"


@pytest.fixture
def new_keys(settings):
    """Put new keys in front; the function that is returned drops the old ones."""

    def begin():
        settings.FIELD_ENCRYPTION_KEYS = [NEW_FIELD, *settings.FIELD_ENCRYPTION_KEYS]
        settings.BLIND_INDEX_KEYS = [NEW_INDEX, *settings.BLIND_INDEX_KEYS]

    def drop():
        settings.FIELD_ENCRYPTION_KEYS = [NEW_FIELD]
        settings.BLIND_INDEX_KEYS = [NEW_INDEX]

    begin.drop = drop
    return begin


def run(**options):
    out = StringIO()
    code = 0
    try:
        call_command("rotate_keys", stdout=out, **options)
    except SystemExit as left:
        code = left.code
    return code, out.getvalue()


def refuse(customer, at):
    state_preferences(customer=customer, choices={Purpose.SURVEY: False}, wish=Wish(source="x", at=at))


@pytest.mark.django_db
def test_after_a_rotation_the_old_keys_are_not_needed(wang, noon, new_keys):
    suppress_address(channel=SMS, address="13900000001", reason=SuppressionReason.BOUNCED, at=noon)
    refuse(wang, noon)
    file = keep_file(content=b"a photo", content_type=FileType.PNG, at=noon)
    updated_at = Customer.objects.get().updated_at
    ellen = User.objects.create(username="ellen", role="quality_management")
    contacts = StaffContacts(phone="13700000002")
    change_staff_contacts(user=ellen, contacts=contacts, by=ellen, at=noon)
    new_keys()

    code, text = run(batch=1)

    new_keys.drop()
    assert code == 0
    assert "customers_customer: 1 rows" in text
    assert text.count("no longer in use, may be taken from the list") == 2
    assert contacts_of([Customer.objects.get()])[wang.pk].phone == "+8613812345678"
    assert Customer.objects.get().phone_index == blind_index(column="phone", value="13812345678")
    assert Customer.objects.get().updated_at == updated_at
    ellen.refresh_from_db()
    place = {"table": "accounts_user", "column": "phone", "row_id": ellen.pk}
    assert reveal_bytes(sealed=ellen.phone_sealed, **place) == b"+8613700000002"
    assert bytes(ellen.phone_index) == blind_index(column="phone", value="13700000002")
    place = {"table": "customers_sealedfile", "column": "content", "row_id": file.pk}
    assert reveal_bytes(sealed=SealedFile.objects.get().content_sealed, **place) == b"a photo"
    contact = index_of(channel=SMS, address="139 0000 0001")
    assert suppressed_contacts(SMS, [contact]) == {contact.current}
    again = upsert_customer(source="crm", external_id="C-10", email="WANG@example.com")
    record_consent(
        customer=again,
        purpose=Purpose.SURVEY,
        is_granted=True,
        stated_at=noon,
        source="crm",
        overrides_refusal=False,
    )
    assert consenting_customer_ids(customer_ids=[again.pk], purpose=Purpose.SURVEY) == set()
    assert {use.key_id for use in keys_in_use()} == {id_of(NEW_FIELD), id_of(NEW_INDEX)}


@pytest.mark.django_db
def test_until_then_the_command_says_which_keys_are_needed(wang, new_keys, settings):
    old = id_of(settings.FIELD_ENCRYPTION_KEYS[0]).hex()
    settings.FIELD_ENCRYPTION_KEYS = ["a key that never saw this", "another"]
    settings.BLIND_INDEX_KEYS = [NEW_INDEX, *settings.BLIND_INDEX_KEYS]

    code, text = run()

    assert code == 1
    assert f"FIELD_ENCRYPTION_KEYS - ({old}): in use: 3 values (customers_customer.email_sealed 1" in text
    assert f"cannot be opened with the keys of this site: customers_customer.phone_sealed {wang.pk}" in text
    # What could not be opened stays as it was.
    assert Customer.objects.get().phone_index == wang.phone_index


@pytest.mark.django_db
def test_a_second_run_finds_nothing_to_do_and_a_cut_run_goes_on(wang, noon, new_keys):
    upsert_customer(source="crm", external_id="C-10", phone="13900000001")
    new_keys()
    first = Customer.objects.order_by("pk").first()

    class CutError(Exception):
        pass

    def cut(result):
        if result.table == "customers_customer":
            raise CutError

    with pytest.raises(CutError):
        rotate_all(report=cut, batch=1)
    one = {row.pk: bytes(row.name_sealed or row.phone_sealed) for row in Customer.objects.all()}
    (rest,) = [result for result in rotate_all() if result.table == "customers_customer"]

    assert rest.done == 1
    assert bytes(Customer.objects.get(pk=first.pk).name_sealed) == one[first.pk]
    assert sum(result.done for result in rotate_all()) == 0


@pytest.mark.django_db
def test_rows_of_before_keys_had_names_and_addresses_were_kept_are_taken_along(wang, noon, new_keys):
    suppress_address(channel=SMS, address="13812345678", reason=SuppressionReason.BOUNCED, at=noon)
    suppress_address(channel=SMS, address="13900000001", reason=SuppressionReason.BOUNCED, at=noon)
    Suppression.objects.update(address_sealed=None)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE delivery_suppression SET address_index = substring(address_index FROM 5)")
        cursor.execute(
            "UPDATE customers_customer SET phone_index = substring(phone_index FROM 5),"
            " phone_sealed = '\\x0100'::bytea || substring(phone_sealed FROM 6)"
        )
    known = contact_index(column="phone", value="13812345678")
    assert suppressed_contacts(SMS, [known]) == {known.current}
    new_keys()

    code, text = run()

    assert code == 1
    assert "delivery_suppression: 1 rows hold an index whose address is kept nowhere" in text
    assert run(forget_unknown=True)[0] == 0
    new_keys.drop()
    contact = contact_index(column="phone", value="13812345678")
    assert suppressed_contacts(SMS, [contact]) == {contact.current}
    assert Suppression.objects.count() == 1
    assert contacts_of([Customer.objects.get()])[wang.pk].phone == "+8613812345678"


@pytest.mark.django_db
def test_one_contact_that_two_keys_made_two_of_becomes_one(wang, noon, new_keys):
    refuse(wang, noon)
    old = ContactRefusal.objects.get(contact_mask__contains="@")
    new_keys()
    copy = ContactRefusal(
        purpose="survey",
        contact_index=blind_index(column="email", value="wang@example.com"),
        contact_mask="x",
        refused_at=noon,
        source="x",
    )
    copy.contact_sealed = seal(
        value="wang@example.com", table="customers_contactrefusal", column="contact", row_id=copy.pk
    )
    copy.save(force_insert=True)

    _code, text = run()

    assert "1 rows named a contact that another row names already" in text
    assert [row.pk for row in ContactRefusal.objects.filter(contact_index=copy.contact_index)] == [copy.pk]
    assert not ContactRefusal.objects.filter(pk=old.pk).exists()


@pytest.mark.django_db
def test_indexes_are_renewed_where_they_are_compared_with_each_other(wang, new_keys):
    assert not has_stale_indexes()
    new_keys()
    assert has_stale_indexes()

    renew_indexes()

    assert not has_stale_indexes()
    assert Customer.objects.filter(phone_index=blind_index(column="phone", value="13812345678")).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_rotation_while_writes_go_on_loses_nothing(noon, new_keys):
    for number in range(60):
        upsert_customer(source="crm", external_id=f"C-{number}", name="王小明", phone=f"1390000{number:04d}")
    new_keys()
    written, done = {}, threading.Event()
    begun = threading.Event()

    def write():
        number = 0
        while not done.is_set() or number < 60:
            customer_number, phone = f"C-{number % 60}", f"1370000{number:04d}"
            upsert_customer(source="crm", external_id=customer_number, phone=phone)
            written[customer_number] = f"+86{phone}"
            suppress_address(channel=SMS, address=phone, reason=SuppressionReason.BLOCKED, at=noon)
            number += 1
            begun.set()
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    begun.wait(10)
    rotate_all(batch=7)
    done.set()
    writer.join(30)

    new_keys.drop()
    contacts = contacts_of(Customer.objects.all())
    assert {row.external_id: contacts[row.pk].phone for row in Customer.objects.all()} == written
    assert {contact.name for contact in contacts.values()} == {"王小明"}
    blocked = [index_of(channel=SMS, address=f"1370000{number:04d}") for number in range(60)]
    assert suppressed_contacts(SMS, blocked) == {contact.current for contact in blocked}
    assert {use.key_id for use in keys_in_use()} == {id_of(NEW_FIELD), id_of(NEW_INDEX)}


@pytest.mark.django_db
def test_a_key_that_is_missing_is_named_before_the_site_starts_and_by_verify(wang, settings):
    field, index = (
        id_of(keys[0]).hex() for keys in (settings.FIELD_ENCRYPTION_KEYS, settings.BLIND_INDEX_KEYS)
    )
    assert keys_are_there(databases=["default"]) == []
    assert list(missing_keys()) == []
    settings.FIELD_ENCRYPTION_KEYS, settings.BLIND_INDEX_KEYS = [NEW_FIELD], [NEW_INDEX]

    errors = keys_are_there(databases=["default"])

    assert [error.msg.partition(",")[0] for error in errors] == [
        f"FIELD_ENCRYPTION_KEYS lacks the key {field}",
        f"BLIND_INDEX_KEYS lacks the key {index}",
    ]
    found = {key for key, _detail in missing_keys()}
    assert f"customers_customer.phone_sealed {field}" in found
    assert f"customers_customer.email_index {index}" in found
