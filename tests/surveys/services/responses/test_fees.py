"""The fee check: what a customer paid against what the ticket says."""

from decimal import Decimal

import pytest
from django.urls import reverse

from feedback_site.accounts.models import Organisation
from feedback_site.customers.models import Customer
from feedback_site.questionnaires.services.exchange.library import library
from feedback_site.service_events.models import ServiceEvent
from surveys.enums import FeeCheck
from surveys.models import EventFlag, Response
from surveys.services.responses.answering import Submission, submit_responses
from surveys.services.responses.fees import compare_fee
from surveys.services.tallies.tallying import consume_tallies
from tests.factories.questionnaires.documents import both, publish, question
from tests.factories.surveys.links import invite

pytestmark = pytest.mark.django_db
FEE = question(
    "paid", "number", both("How much did you pay?", "您付了多少钱？"), settings={"fee": "amount", "places": 2}
)


@pytest.fixture
def version():
    return publish([FEE])


@pytest.fixture
def pay(organisation, version, noon, event_of):
    """Answer that a fee was paid, about a ticket with these attributes, and count it."""

    def pay(paid, attributes):
        link = invite(organisation, version, service_event=event_of(attributes))
        answers = {} if paid is None else {"paid": paid}
        submit_responses([Submission(link.invitation.pk, answers or {"other": 1}, None, None, "en")], at=noon)
        consume_tallies(at=noon)
        return Response.objects.select_related("invitation__service_event").get(pk=link.invitation.pk)

    return pay


@pytest.fixture
def event_of(organisation, noon):
    def event_of(attributes):
        number = ServiceEvent.objects.count()
        customer = Customer.objects.create(source="crm", external_id=f"fee-{number}")
        return ServiceEvent.objects.create(
            source="crm",
            external_id=f"fee-{number}",
            kind=organisation.repair,
            channel=organisation.phone,
            team=organisation.east_1,
            credited_team=organisation.east_1,
            customer=customer,
            status="completed",
            opened_at=noon,
            completed_at=noon,
            attributes=attributes,
            content_hash=b"x" * 32,
        )

    return event_of


@pytest.mark.parametrize(
    ("paid", "attributes", "figures"),
    [
        (150, {"amount": "128.00"}, ("150", "128")),
        (50, {"amount": 0}, ("50", "0")),
        (0, {"amount": "¥128"}, ("0", "128")),
        (128, {"amount": "128.00"}, None),
        (0, {"amount": "0"}, None),
        (129, {"amount": 128}, None),
        (150, {}, None),
        (150, {"amount": ""}, None),
        (150, {"amount": "see invoice"}, None),
        (150, {"amount": 128, "currency": "USD"}, None),
        (150, {"amount": 128, "currency": "rmb"}, ("150", "128")),
        (None, {"amount": 128}, None),
    ],
)
def test_an_event_is_flagged_with_both_figures_where_they_differ(pay, paid, attributes, figures):
    response = pay(paid, attributes)

    flags = [(flag.reason, flag.paid, flag.charged) for flag in EventFlag.objects.filter(response=response)]
    assert flags == ([("fee_differs", Decimal(figures[0]), Decimal(figures[1]))] if figures else [])


def test_the_tolerance_is_a_setting_and_a_flag_is_made_once(pay, noon):
    Organisation.objects.create(fee_tolerance=Decimal(100), fee_tolerance_percent=Decimal(0))

    pay(150, {"amount": 60})
    assert not EventFlag.objects.exists()

    response = pay(161, {"amount": 60})
    assert consume_tallies(at=noon) == 0
    assert EventFlag.objects.get().response == response


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        ({"amount": 128}, FeeCheck.AGREES),
        ({"amount": 1}, FeeCheck.DIFFERS),
        ({}, FeeCheck.NO_AMOUNT),
        ({"amount": "?"}, FeeCheck.UNREADABLE),
        ({"amount": 128, "currency": "USD"}, FeeCheck.OTHER_CURRENCY),
        ({"amount": "$128"}, FeeCheck.OTHER_CURRENCY),
        ({"amount": "12,80"}, FeeCheck.UNREADABLE),
    ],
)
def test_what_was_found_is_said_where_the_answer_is_shown(pay, staff, client, attributes, found):
    response = pay(128, attributes)
    client.force_login(staff.ellen)

    page = client.get(
        reverse("admin:surveys_response_change", args=[response.pk]), headers={"accept-language": "en"}
    ).content.decode()

    event = response.invitation.service_event
    facts = {"attributes": event.attributes, "organisation": Organisation.objects.current()}
    compared = compare_fee(version_id=response.invitation.version_id, answers=response.answers, **facts)
    assert compared.found is found
    assert str(found.label).replace("'", "&#x27;") in page


def test_flags_of_fees_are_listed_filtered_and_taken_away(pay, staff, client):
    pay(150, {"amount": 128})
    client.force_login(staff.ada)
    address = reverse("admin:surveys_eventflag_changelist")

    listed, others = (
        client.get(address, {"reason__exact": reason}).content.decode()
        for reason in ("fee_differs", "wrong_person")
    )
    file = client.post(
        reverse("admin:surveys_eventflag_export"), {"format": "0"}, follow=True
    ).content.decode("utf-8-sig")

    assert ("150.00 / 128.00" in listed, "150.00 / 128.00" in others) == (True, False)
    assert "150" in file
    assert "128" in file


def test_the_library_asks_it():
    questions = [question for entry in library() for question in entry.document.questions]

    assert [one.key for one in questions if one.settings.get("fee") == "amount"] == ["paid"]
