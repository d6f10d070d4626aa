"""Some companies know their customers by their phones: the number is a contact, on pages and in searches."""

import pytest
from django.test import Client

from feedback_site.accounts.models import AccessLogEntry
from feedback_site.common.masking import mask_identifier
from feedback_site.customers.models import Customer
from feedback_site.customers.services import credit_team
from feedback_site.service_events.models import ServiceEvent
from feedback_site.service_events.resources import ServiceEventResource
from tests.factories.questionnaires.documents import both, publish, question
from tests.factories.surveys.on_site import ask_about_work

NUMBER = "13800000104"
RATING = question("overall", "rating", both("How satisfied are you?", "您满意吗？"), required=True)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (NUMBER, "****04"),
        ("+86 138 0000 0104", "****04"),
        ("0571-88886666", "****66"),
        ("11010119900307123X", "****23"),
        ("wang@example.com", "w***@***.com"),
        ("C-9", "C-9"),
        ("100045", "100045"),
        ("", ""),
    ],
)
def test_a_number_that_is_a_contact_is_masked_and_any_other_is_shown(number, shown):
    assert mask_identifier(number) == shown


@pytest.fixture
def ellen(organisation, staff) -> Client:
    """Ellen of east-1, who served a customer known by a phone number."""
    invited = ask_about_work(staff.ellen, organisation, publish([RATING]), phone=NUMBER)
    Customer.objects.update(external_id=NUMBER)
    credit_team(customer=invited.invitation.customer, team=organisation.east_1)
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff.ellen)
    return client


@pytest.mark.django_db
def test_pages_and_exports_mask_it(ellen):
    customer, event = Customer.objects.get(), ServiceEvent.objects.get()

    for page in (
        "customers/customer/",
        f"customers/customer/{customer.pk}/change/",
        f"customers/customer/{customer.pk}/contact/",
        "surveys/invitation/",
        f"service_events/serviceevent/{event.pk}/change/",
    ):
        text = ellen.get(f"/admin/{page}").content.decode()
        assert NUMBER not in text, page
        assert "****04" in text or page == "surveys/invitation/", page
    exported = ServiceEventResource().export(ServiceEvent.objects.all())
    assert NUMBER not in exported.csv
    assert "****04" in exported.csv


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["surveys/invitation", "visits/returnvisit"])
@pytest.mark.parametrize(
    "term", [NUMBER, f"{NUMBER} E-", f'"{NUMBER}" E-', f"'{NUMBER}'", "1380000", "+8613800000104"]
)
def test_searching_lists_does_not_tell_whose_it_is(ellen, kind, term):
    found = ellen.get(f"/admin/{kind}/", {"q": term})

    assert found.context["cl"].result_count == 0
    assert not AccessLogEntry.objects.filter(action="searched").exists()


@pytest.mark.django_db
def test_other_numbers_are_searched_for_as_before(ellen):
    Customer.objects.update(external_id="C-9")

    counts = [
        ellen.get("/admin/surveys/invitation/", {"q": term}).context["cl"].result_count
        for term in ("C-9", "E-1", "C-9 E-1", "C-99")
    ]

    assert counts == [1, 1, 1, 0]
