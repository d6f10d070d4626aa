import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from feedback_site.accounts.enums import AccessReason, Grant, Role
from feedback_site.accounts.models import AccessLogEntry, ApiKey, User
from feedback_site.accounts.services import assign_role, create_api_key
from feedback_site.common.exceptions import DomainError, NotFoundError
from feedback_site.conservation.access_log import broken_seals
from feedback_site.customers.exceptions import RevealLimitError
from feedback_site.customers.models import Customer
from feedback_site.customers.services import credit_team, open_contact, reveal_contact
from tests.conftest import NOON
from tests.factories.customers.case import upsert_customer

CASE, OTHER = AccessReason.CASE, AccessReason.OTHER
HOUR = timedelta(hours=1)
PHONE, EMAIL, NAME = "+8613812345678", "Wang@Example.com", "王小明"


@pytest.fixture
def wang_of_the_east(wang, organisation):
    credit_team(customer=wang, team=organisation.east_1)
    return wang


@pytest.fixture
def page(wang_of_the_east):
    return reverse("admin:customers_customer_reveal", args=[wang_of_the_east.pk])


def enter(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def test_a_contact_is_shown_for_a_reason_and_on_record(wang_of_the_east, staff, noon):
    contact = reveal_contact(
        customer=wang_of_the_east, by=staff.ellen, reason=OTHER, note="  returns a lost   key ", at=noon
    )

    assert (contact.name, contact.phone, contact.email) == (NAME, PHONE, EMAIL)
    entry = AccessLogEntry.objects.get()
    assert (entry.actor, entry.subject_id, entry.team_id) == (
        f"user:{staff.ellen.pk}",
        str(wang_of_the_east.pk),
        staff.ellen.team_id,
    )
    assert entry.details == {"reason": "other", "note": "returns a lost key"}
    assert list(broken_seals()) == []


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        ("", "Say in a few words what the contact is needed for."),
        ("x" * 201, "Keep it to 200 characters."),
        (
            "call 138-1234-5678",
            "Do not enter a phone number or email address here: the access log holds no contacts.",
        ),
        (
            "mail wang@example.com",
            "Do not enter a phone number or email address here: the access log holds no contacts.",
        ),
    ],
)
def test_notes_that_say_nothing_or_too_much_are_refused_and_nothing_is_shown(
    wang_of_the_east, staff, noon, note, sentence
):
    with pytest.raises(DomainError) as refused:
        reveal_contact(customer=wang_of_the_east, by=staff.ellen, reason=OTHER, note=note, at=noon)

    assert str(refused.value.message) == sentence
    assert AccessLogEntry.objects.count() == 0


def test_other_teams_and_roles_without_the_permission_see_nothing(wang_of_the_east, staff, noon):
    for stranger in (staff.wei, staff.max, staff.vera):
        with pytest.raises(NotFoundError):
            reveal_contact(customer=wang_of_the_east, by=stranger, reason=CASE, at=noon)
    with pytest.raises(DomainError, match="Your role does not see"):
        open_contact(customer=wang_of_the_east, by=staff.max, reason=CASE, team_id=None, at=noon)

    assert AccessLogEntry.objects.count() == 0


def test_a_system_needs_the_grant_and_the_scope(wang_of_the_east, organisation, noon):
    def key(*grants, team):
        create_api_key(name="crm", grants=grants, team=team)
        return ApiKey.objects.latest("pk")

    with pytest.raises(DomainError):
        reveal_contact(customer=wang_of_the_east, by=key(Grant.EVENTS_READ, team=None), reason=CASE, at=noon)
    with pytest.raises(NotFoundError):
        reveal_contact(
            customer=wang_of_the_east,
            by=key(Grant.CONTACTS_READ, team=organisation.west),
            reason=CASE,
            at=noon,
        )
    east = key(Grant.CONTACTS_READ, team=organisation.east)

    assert reveal_contact(customer=wang_of_the_east, by=east, reason=CASE, at=noon).phone == PHONE
    assert AccessLogEntry.objects.get().actor == f"api_key:{east.pk}"


def test_the_limit_of_an_hour_counts_what_is_on_record(wang_of_the_east, staff, settings, noon):
    settings.CONTACT_REVEALS_PER_HOUR, settings.CONTACT_REVEALS_PER_DAY = 2, 3
    look = {"customer": wang_of_the_east, "reason": CASE}
    reveal_contact(**look, by=staff.ellen, at=noon)
    reveal_contact(**look, by=staff.ellen, at=noon + HOUR / 2)

    with pytest.raises(RevealLimitError) as refused:
        reveal_contact(**look, by=staff.ellen, at=noon + HOUR * 0.9)

    assert str(refused.value.message) == (
        "You have viewed 2 contacts within an hour, which is the limit. You can view the next one at "
        "2026-11-20 13:00."
    )
    reveal_contact(**look, by=staff.quinn, at=noon + HOUR * 0.9)  # the limit is each person's own
    reveal_contact(**look, by=staff.ellen, at=noon + HOUR)
    with pytest.raises(RevealLimitError, match="3 contacts within a day"):
        reveal_contact(**look, by=staff.ellen, at=noon + HOUR * 5)
    assert AccessLogEntry.objects.filter(actor=f"user:{staff.ellen.pk}").count() == 3


@pytest.mark.django_db(transaction=True)
def test_requests_at_once_cannot_pass_the_limit_together(wang_of_the_east, staff, settings):
    settings.CONTACT_REVEALS_PER_HOUR = 3
    customer, ellen, shown, refused = wang_of_the_east.pk, staff.ellen.pk, [], []
    start = threading.Barrier(8)

    def look():
        try:
            by = User.objects.get(pk=ellen)
            start.wait()
            shown.append(
                reveal_contact(customer=Customer.objects.get(pk=customer), by=by, reason=CASE, at=NOON)
            )
        except RevealLimitError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(shown), len(refused), AccessLogEntry.objects.count()) == (3, 5, 3)
    assert list(broken_seals()) == []


def test_the_page_asks_first_shows_once_and_keeps_nothing(page, staff):
    ellen = enter(staff.ellen)

    asked = ellen.get(page)
    shown = ellen.post(page, {"reason": "case"})
    again = ellen.get(page)

    assert [response.status_code for response in (asked, shown, again)] == [200, 200, 200]
    for secret in (NAME, PHONE, EMAIL):
        assert [secret in response.content.decode() for response in (asked, shown, again)] == [
            False,
            True,
            False,
        ]
    assert "no-store" in shown["Cache-Control"]
    assert AccessLogEntry.objects.count() == 1


def test_without_a_reason_the_page_shows_what_is_missing(page, staff):
    ellen = enter(staff.ellen)

    missing, visit, silent = (
        ellen.post(page),
        ellen.post(page, {"reason": "return_visit"}),
        ellen.post(page, {"reason": "other"}),
    )

    assert "Choose what it is needed for." in missing.content.decode()
    assert "Say in a few words" in silent.content.decode()
    assert [response.status_code for response in (missing, visit, silent)] == [400, 400, 400]
    assert AccessLogEntry.objects.count() == 0


def test_at_the_limit_the_page_says_when_to_come_back(page, staff, settings):
    settings.CONTACT_REVEALS_PER_HOUR = 1
    ellen = enter(staff.ellen)
    ellen.post(page, {"reason": "case"})

    response = ellen.post(page, {"reason": "case"})

    assert response.status_code == 429
    assert "You have viewed 1 contact within an hour" in response.content.decode()
    assert PHONE not in response.content.decode()


def test_the_page_is_closed_to_others_whatever_they_send(page, staff):
    answers = {
        name: [
            enter(getattr(staff, name)).get(page),
            enter(getattr(staff, name)).post(page, {"reason": "case"}),
        ]
        for name in ("wei", "max", "vera")
    }

    assert {name: [response.status_code for response in pair] for name, pair in answers.items()} == {
        "wei": [404, 404],
        "max": [403, 403],
        "vera": [404, 404],
    }
    assert AccessLogEntry.objects.count() == 0


def test_the_button_is_offered_to_those_who_may(wang_of_the_east, staff, organisation):
    customer = reverse("admin:customers_customer_change", args=[wang_of_the_east.pk])
    analyst = assign_role(
        user=User(username="ann", language="en", password="!"), role=Role.ANALYST, team=organisation.east
    )

    assert "View the contact" in enter(staff.ellen).get(customer).content.decode()
    assert "View the contact" not in enter(analyst).get(customer).content.decode()
    assert enter(analyst).get(f"{customer.removesuffix('change/')}contact/").status_code == 403


def test_a_customer_of_several_teams_is_read_on_behalf_of_ones_own(
    wang_of_the_east, organisation, staff, noon
):
    credit_team(customer=wang_of_the_east, team=organisation.west_1)

    for user in (staff.wei, staff.quinn):
        reveal_contact(customer=wang_of_the_east, by=user, reason=CASE, at=noon)

    teams = dict(AccessLogEntry.objects.values_list("actor", "team_id"))
    assert teams == {f"user:{staff.wei.pk}": organisation.west_1.pk, f"user:{staff.quinn.pk}": None}


def test_a_customer_without_contacts_is_shown_as_such(organisation, staff):
    unreachable = upsert_customer(source="crm", external_id="C-0")
    credit_team(customer=unreachable, team=organisation.east_1)

    response = enter(staff.ellen).post(
        reverse("admin:customers_customer_reveal", args=[unreachable.pk]), {"reason": "case"}
    )

    assert "No phone number and no email address is known." in response.content.decode()
