from datetime import timedelta

import pytest

from feedback_site.customers.models import Consent
from feedback_site.customers.services import consenting_customer_ids, record_consent
from tests.factories.customers.case import upsert_customer


@pytest.fixture
def say(wang, noon):
    """Wang says yes or no to questionnaires, so many minutes after noon."""

    def say(*, is_granted, minutes=0, overrides_refusal=False, purpose="survey"):
        return record_consent(
            customer=wang,
            purpose=purpose,
            is_granted=is_granted,
            stated_at=noon + timedelta(minutes=minutes),
            source="preferences page" if overrides_refusal else "crm",
            overrides_refusal=overrides_refusal,
        )

    return say


def allows(customer, purpose="survey"):
    return consenting_customer_ids(customer_ids=[customer.id], purpose=purpose) == {customer.id}


def test_without_a_statement_no_customer_is_asked(wang):
    assert not allows(wang)


def test_a_yes_counts_for_its_purpose_only(wang, say):
    assert say(is_granted=True) is not None

    assert allows(wang)
    assert not allows(wang, "nps")


def test_the_latest_statement_wins(wang, say):
    say(is_granted=True)
    say(is_granted=False, minutes=1)

    assert not allows(wang)


def test_a_statement_that_was_said_earlier_but_arrives_later_does_not_win(wang, say):
    say(is_granted=True, minutes=5)
    assert say(is_granted=False, minutes=1) is not None

    assert allows(wang)


def test_of_two_statements_of_one_moment_the_later_recorded_wins(wang, say):
    say(is_granted=True)
    say(is_granted=False)

    assert not allows(wang)


def test_saying_the_same_again_records_nothing(say):
    say(is_granted=True)

    assert say(is_granted=True, minutes=1) is None
    assert Consent.objects.count() == 1


def test_a_service_system_never_overrides_an_opt_out(wang, say):
    say(is_granted=False)

    assert say(is_granted=True, minutes=60) is None
    assert not allows(wang)


def test_the_customer_can_take_an_opt_out_back(wang, say):
    say(is_granted=False)

    assert say(is_granted=True, minutes=60, overrides_refusal=True) is not None
    assert allows(wang)


def test_one_question_about_many_customers_takes_three_queries(wang, say, noon, django_assert_num_queries):
    others = [upsert_customer(source="crm", external_id=str(number)) for number in range(3)]
    say(is_granted=True)
    record_consent(
        customer=others[0],
        purpose="survey",
        is_granted=False,
        stated_at=noon,
        source="crm",
        overrides_refusal=False,
    )
    record_consent(
        customer=others[1],
        purpose="survey",
        is_granted=True,
        stated_at=noon,
        source="crm",
        overrides_refusal=False,
    )

    with django_assert_num_queries(3):
        allowed = consenting_customer_ids(
            customer_ids=[wang.id, *(other.id for other in others)], purpose="survey"
        )

    assert allowed == {wang.id, others[1].id}
