"""A colleague who must not see a number tries to find it out by searching, filtering and guessing."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import Client, RequestFactory
from django.urls import resolve

from feedback_site.accounts.enums import Role
from feedback_site.accounts.exceptions import SearchLimitError
from feedback_site.accounts.models import AccessLogEntry, User
from feedback_site.accounts.services import search_on_record, searches_per_hour
from feedback_site.accounts.services.roles import assign_role
from feedback_site.customers.models import ContactRefusal
from feedback_site.customers.services import credit_team, record_consent
from feedback_site.delivery.enums import DeliveryChannel, SuppressionReason
from feedback_site.delivery.services import suppress_address
from tests.factories.customers.case import upsert_customer

pytestmark = pytest.mark.django_db
NUMBER, EMAIL = "13812345678", "wang@example.com"
LISTS = (
    "customers/customer",
    "customers/consent",
    "customers/contactrefusal",
    "surveys/invitation",
    "delivery/message",
)
GUESSES = (
    *(
        "phone_index",
        "phone_index__startswith",
        "email_index",
        "phone_sealed",
        "contact_index",
        "contact_sealed",
    ),
    *(
        "phone_mask",
        "phone_mask__startswith",
        "phone_mask__endswith",
        "phone_mask__exact",
        "email_mask__contains",
        "name_mask__gt",
    ),
    *(
        "customer__phone_index",
        "customer__phone_mask__startswith",
        "customer__email_mask__endswith",
        "contact_mask__contains",
    ),
    *("invitations__contact_index", "refusals__contact_index", "o__phone_index"),
)


@pytest.fixture
def victim(organisation, noon):
    customer = upsert_customer(source="crm", external_id="C-9", name="王小明", phone=NUMBER, email=EMAIL)
    credit_team(customer=customer, team=organisation.east_1)
    record_consent(
        customer=customer,
        purpose="nps",
        is_granted=False,
        stated_at=noon,
        source="crm",
        overrides_refusal=False,
    )
    suppress_address(channel=DeliveryChannel.SMS, address=NUMBER, reason=SuppressionReason.BLOCKED, at=noon)
    return customer


@pytest.fixture
def enter(staff):
    def enter(user):
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        return client

    return enter


def find(client, term, kind="customers/customer"):
    """Return whether a search leads to a row."""
    return "pk__in" in client.post(f"/admin/{kind}/find/", {"q": term})["Location"]


def searches():
    return AccessLogEntry.objects.filter(action="searched")


def as_role(user, role, team):
    assign_role(user=user, role=role, team=team)
    return User.objects.get(pk=user.pk)


def rows_of(kind, user, guess):
    """Return what a list answers to a guess in its address, up to where the page would be drawn."""
    request = RequestFactory().get(f"/admin/{kind}/", guess)
    request.user, request.session, request.resolver_match = user, {}, resolve(request.path)
    request._messages = FallbackStorage(request)
    reply = admin.site.get_model_admin(apps.get_model(*kind.split("/"))).changelist_view(request)
    return reply.status_code, reply.context_data["cl"].result_count if reply.status_code == 200 else None


@pytest.mark.usefixtures("victim")
def test_no_filter_and_no_search_by_address_tells_one_guess_from_another(staff):
    for kind in LISTS:
        for name in GUESSES:
            answers = {rows_of(kind, staff.ellen, {name: value}) for value in (NUMBER, "78", "99", EMAIL)}
            assert len(answers) == 1, (kind, name, answers)
    assert ContactRefusal.objects.count() == 2


@pytest.mark.usefixtures("victim")
@pytest.mark.parametrize("term", [NUMBER, "138", "5678", EMAIL, "wang", "王小明"])
def test_a_search_in_the_address_and_a_look_up_of_fields_find_no_customer(enter, staff, term):
    quinn = enter(staff.quinn)

    assert quinn.get("/admin/customers/customer/", {"q": term}).context["cl"].result_count == 0
    asked = {"app_label": "surveys", "model_name": "invitation", "field_name": "customer", "term": term}
    looked_up = quinn.get("/admin/autocomplete/", asked)
    assert looked_up.status_code == 403 or looked_up.json()["results"] == []
    assert searches().count() == 0


@pytest.mark.usefixtures("victim")
@pytest.mark.parametrize(
    "parameter",
    ["phone", "phone_index", "customer__phone", "customer__phone_mask", "contact", "email", "q", "search"],
)
def test_the_api_takes_no_such_filter(client, api_key, parameter):
    addresses = ("/api/v1/service-events/", "/api/v1/invitations/", "/api/v1/responses/", "/api/v1/visits/")

    for address in addresses:
        replies = [
            client.get(address, {parameter: value}, headers={"Authorization": f"Api-Key {api_key}"})
            for value in (NUMBER, "13900000001")
        ]
        assert replies[0].status_code == replies[1].status_code
        assert replies[0].content == replies[1].content.replace(b"13900000001", NUMBER.encode())


def test_enumerating_ends_at_the_limit_and_every_try_is_on_record(enter, staff, victim, settings):
    settings.CONTACT_SEARCHES_PER_HOUR = settings.CONTACT_SEARCHES_PER_HOUR | {"service_team": 5}
    ellen = enter(staff.ellen)

    tries = [find(ellen, f"138123456{number}") for number in range(70, 80)]

    # The ninth would have been it.
    assert tries == [False] * 10
    assert not find(ellen, EMAIL)
    assert (
        "You have searched for 5 contacts within an hour"
        in ellen.get("/admin/customers/customer/").content.decode()
    )
    entries = list(searches())
    assert len(entries) == 5
    assert {(entry.actor, entry.subject_kind, str(entry.details)) for entry in entries} == {
        (f"user:{staff.ellen.pk}", "customer", "{'found': 0}")
    }
    # A customer number is no contact, and searched for as before.
    assert find(ellen, "C-9")


def test_roles_search_as_often_as_their_work_needs(enter, staff, victim, organisation):
    hotline = as_role(staff.ada, Role.SUPPORT_TEAM, organisation.east)
    analyst = as_role(staff.wei, Role.ANALYST, organisation.east)

    assert find(enter(hotline), NUMBER)
    assert find(enter(staff.ellen), EMAIL)
    assert not find(enter(analyst), NUMBER)
    assert [(entry.actor, entry.details["found"]) for entry in searches().order_by("pk")] == [
        (f"user:{hotline.pk}", 1),
        (f"user:{staff.ellen.pk}", 1),
    ]
    limits = {role: searches_per_hour(User(role=role)) for role in Role}
    assert (limits[Role.ANALYST], limits[Role.SERVICE_TEAM], limits[Role.SUPPORT_TEAM]) == (0, 30, 300)
    assert set(limits) == set(Role)
    assert searches_per_hour(User(is_superuser=True)) == limits[Role.ADMINISTRATOR]


def test_a_look_into_the_do_not_contact_list_counts_as_well(enter, staff, victim):
    assert find(enter(staff.quinn), NUMBER, "delivery/suppression")

    assert searches().get().subject_kind == "suppression"


def test_the_limit_is_of_one_hour(staff, noon):
    for minute in range(30):
        search_on_record(
            by=staff.ellen, subject_kind="customer", search=list, at=noon + timedelta(minutes=minute)
        )

    with pytest.raises(SearchLimitError, match="30 contacts"):
        search_on_record(
            by=staff.ellen, subject_kind="customer", search=list, at=noon + timedelta(minutes=59)
        )
    search_on_record(by=staff.ellen, subject_kind="customer", search=list, at=noon + timedelta(minutes=60))
    assert searches().count() == 31
