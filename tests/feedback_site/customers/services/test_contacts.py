from feedback_site.customers.services import contacts_of
from tests.factories.customers.case import upsert_customer


def test_a_contact_hides_itself_from_logs(wang):
    contact = contacts_of([wang])[wang.id]

    assert (contact.name, contact.phone, contact.email) == ("王小明", "+8613812345678", "Wang@Example.com")
    assert repr(contact) == "Contact(***)"
    assert str(contact) == "Contact(***)"


def test_an_unknown_contact_is_empty(db):
    unreachable = upsert_customer(source="crm", external_id="C-0")

    contact = contacts_of([unreachable])[unreachable.id]
    assert (contact.name, contact.phone, contact.email) == ("", "", "")
