import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from feedback_site.delivery.enums import DeliveryChannel, SuppressionReason
from feedback_site.delivery.models import Suppression
from feedback_site.delivery.services import suppress_address

LIST = reverse("admin:delivery_suppression_changelist")
FIND = f"{LIST}find/"
ADD = reverse("admin:delivery_suppression_add")


@pytest.fixture
def as_quinn(client, staff):
    client.force_login(staff.quinn)
    return client


def test_an_address_is_typed_in_and_only_its_mask_is_kept(as_quinn):
    response = as_quinn.post(ADD, {"channel": "sms", "address": "138 1234 5678", "reason": "blocked"})

    (suppression,) = Suppression.objects.all()
    assert response.status_code == 302
    assert suppression.address_mask == "****78"
    assert len(bytes(suppression.address_index)) == 36
    assert b"138" not in bytes(suppression.address_sealed)


@pytest.mark.parametrize(
    ("channel", "address"), [("sms", "ann@customers.example"), ("email", "13812345678"), ("sms", "12")]
)
def test_what_is_no_address_of_the_channel_is_refused(as_quinn, channel, address):
    response = as_quinn.post(ADD, {"channel": channel, "address": address, "reason": "blocked"})

    assert list(response.context["adminform"].form.errors) == ["address"]
    assert not Suppression.objects.exists()


def test_an_address_is_suppressed_once(as_quinn, noon):
    suppress_address(
        channel=DeliveryChannel.EMAIL,
        address="Ann@customers.example",
        reason=SuppressionReason.BOUNCED,
        at=noon,
    )

    response = as_quinn.post(
        ADD, {"channel": "email", "address": "ann@customers.example", "reason": "blocked"}
    )

    assert response.context["adminform"].form.errors == {
        "address": ["This contact is already on the do-not-contact list."]
    }


def test_an_address_is_found_whole_only(as_quinn, noon):
    suppress_address(
        channel=DeliveryChannel.EMAIL,
        address="ann@customers.example",
        reason=SuppressionReason.BOUNCED,
        at=noon,
    )

    assert (
        "a***@***.example"
        in as_quinn.post(FIND, {"q": " ANN@customers.example "}, follow=True).content.decode()
    )
    assert as_quinn.post(FIND, {"q": "customers.example"})["Location"] == LIST
    assert "a***@***.example" not in as_quinn.get(LIST, {"q": "ann@customers.example"}).content.decode()


def test_adding_and_deleting_are_on_record_by_mask(as_quinn):
    as_quinn.post(ADD, {"channel": "email", "address": "ann@customers.example", "reason": "blocked"})
    pk = Suppression.objects.get().pk

    as_quinn.post(reverse("admin:delivery_suppression_delete", args=[pk]), {"post": "yes"})

    history = Suppression.pgh_event_model.objects.order_by("pgh_id")
    assert not Suppression.objects.exists()
    assert [(row.pgh_label, row.address_mask) for row in history] == [
        ("insert", "a***@***.example"),
        ("delete", "a***@***.example"),
    ]
    assert {entry.object_repr for entry in LogEntry.objects.all()} == {"a***@***.example"}


def test_service_staff_neither_see_nor_add_suppressed_addresses(client, staff):
    client.force_login(staff.ellen)

    assert client.get(LIST).status_code == 403
    assert client.get(ADD).status_code == 403


def test_a_suppressed_address_is_shown_and_cannot_be_changed(as_quinn, noon):
    suppression = suppress_address(
        channel=DeliveryChannel.EMAIL,
        address="ann@customers.example",
        reason=SuppressionReason.BOUNCED,
        at=noon,
    )
    page = reverse("admin:delivery_suppression_change", args=[suppression.pk])

    assert "a***@***.example" in as_quinn.get(page).content.decode()
    assert as_quinn.post(page, {"reason": "blocked"}).status_code == 403
