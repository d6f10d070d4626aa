import pytest

from feedback_site.common.exceptions import DomainError
from feedback_site.delivery.enums import DeliveryChannel, SuppressionReason
from feedback_site.delivery.models import Suppression
from feedback_site.delivery.services import index_of, suppress_address, suppressed_contacts

SMS, EMAIL = DeliveryChannel.SMS, DeliveryChannel.EMAIL


@pytest.mark.parametrize(
    ("channel", "stated", "asked"),
    [
        (EMAIL, "Ann@Customers.example ", "ann@customers.example"),
        (SMS, "138 1234 5678", "+8613812345678"),
        (SMS, "+86 138-1234-5678", "13812345678"),
    ],
)
def test_an_address_is_suppressed_however_it_is_written(db, noon, channel, stated, asked):
    suppress_address(channel=channel, address=stated, reason=SuppressionReason.BOUNCED, at=noon)
    contact = index_of(channel=channel, address=asked)
    other = index_of(channel=channel, address="ann2@customers.example" if channel == EMAIL else "13812345679")

    assert suppressed_contacts(channel, [contact, other]) == {contact.current}


def test_a_second_report_keeps_the_first_reason(db, noon):
    first = suppress_address(channel=SMS, address="13812345678", reason=SuppressionReason.BOUNCED, at=noon)

    second = suppress_address(
        channel=SMS, address="+8613812345678", reason=SuppressionReason.BLOCKED, at=noon
    )

    assert second == first
    assert second.reason == SuppressionReason.BOUNCED


def test_a_suppression_holds_under_a_new_first_key_and_is_stated_once(db, noon, settings):
    first = suppress_address(channel=SMS, address="13812345678", reason=SuppressionReason.BOUNCED, at=noon)
    settings.BLIND_INDEX_KEYS = ["a new key", *settings.BLIND_INDEX_KEYS]

    contact = index_of(channel=SMS, address="13812345678")

    assert suppressed_contacts(SMS, [contact]) == {contact.current}
    assert (
        suppress_address(channel=SMS, address="13812345678", reason=SuppressionReason.BLOCKED, at=noon)
        == first
    )


def test_only_a_mask_is_kept_in_clear(db, noon):
    suppress_address(
        channel=EMAIL, address="ann.lee@customers.example", reason=SuppressionReason.BOUNCED, at=noon
    )

    assert Suppression.objects.values_list("address_mask", flat=True).get() == "a***@***.example"


def test_no_indexes_ask_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert suppressed_contacts(SMS, []) == set()


def test_what_is_no_address_cannot_be_suppressed(db, noon):
    with pytest.raises(DomainError):
        suppress_address(
            channel=SMS, address="ann@customers.example", reason=SuppressionReason.BOUNCED, at=noon
        )
