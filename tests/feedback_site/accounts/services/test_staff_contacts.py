"""Staff have a sealed phone and accounts at other systems, stated by administrators and by themselves."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from feedback_site.accounts.enums import ExternalIdProvider
from feedback_site.accounts.exceptions import NotYoursToChangeError, TooManyPhonesError
from feedback_site.accounts.forms import EXTERNAL_ID_FIELDS, StaffContactsForm
from feedback_site.accounts.models import AccessLogEntry, User, UserExternalId
from feedback_site.accounts.rules import may_be_external_id
from feedback_site.accounts.services import StaffContacts, change_staff_contacts
from feedback_site.accounts.services.staff_contacts import OWN_PHONES_A_DAY
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.common.sealing import blind_index, reveal

pytestmark = pytest.mark.django_db
WECOM = ExternalIdProvider.WECOM
OWN = "/admin/sign-in/contacts/"


def change(user, by=None, **stated):
    return change_staff_contacts(
        user=user, contacts=StaffContacts(**stated), by=by or user, at=database_now()
    )


def entries():
    return [
        (entry.actor, entry.subject_id, entry.details["old"], entry.details["new"])
        for entry in AccessLogEntry.objects.filter(action="account_changed").order_by("pk")
    ]


def number_of(user):
    user.refresh_from_db()
    if user.phone_sealed is None:
        return None
    return reveal(sealed=user.phone_sealed, table="accounts_user", column="phone", row_id=user.pk)


def account_of(user):
    return list(user.external_ids.values_list("provider", "value"))


def form_of(user, **changes):
    names = ("username", "first_name", "last_name", "email", "role", "language")
    return {name: getattr(user, name) for name in names} | {
        "team": user.team_id or "",
        "is_active": "on",
        **changes,
    }


def page_of(user):
    return reverse("admin:accounts_user_change", args=[user.pk])


# What is stored, and what is on record.


def test_a_phone_is_sealed_to_its_row_and_the_log_holds_masks_alone(staff):
    change(staff.ellen, staff.root, phone="138 1234 5678")

    assert number_of(staff.ellen) == "+8613812345678"
    assert bytes(staff.ellen.phone_index) == blind_index(column="phone", value="13812345678")
    assert staff.ellen.phone_mask == "****78"
    assert entries() == [(f"user:{staff.root.pk}", str(staff.ellen.pk), {"phone": ""}, {"phone": "****78"})]
    assert b"13812345678" not in bytes(staff.ellen.phone_sealed)


def test_the_same_phone_in_another_spelling_is_no_change_and_another_that_looks_alike_is_one(staff):
    change(staff.ellen, phone="13812345678")

    assert change(staff.ellen, phone="+86 138-1234-5678") == {}
    assert change(staff.ellen, phone="13900000078") == {"phone": ("****78", "****78")}
    assert number_of(staff.ellen) == "+8613900000078"
    assert len(entries()) == 2


def test_under_a_new_key_the_same_phone_is_still_no_change(staff, settings):
    change(staff.ellen, phone="13812345678")
    settings.BLIND_INDEX_KEYS = ["a new index key", *settings.BLIND_INDEX_KEYS]

    assert change(staff.ellen, phone="13812345678") == {}


def test_what_is_not_stated_stays_and_what_is_empty_goes(staff):
    change(staff.ellen, phone="13812345678", external_ids={WECOM: "Ellen_01"})

    assert change(staff.ellen) == {}
    assert change(staff.ellen, phone="", external_ids={WECOM: ""}) == {
        "phone": ("****78", ""),
        "wecom": ("E**", ""),
    }

    assert (number_of(staff.ellen), staff.ellen.phone_index, staff.ellen.phone_mask) == (None, None, "")
    assert account_of(staff.ellen) == []
    assert change(staff.ellen, phone="") == {}


def test_an_account_is_replaced_and_belongs_to_one_person_whatever_its_capitals(staff):
    change(staff.ellen, external_ids={WECOM: "Ellen_01"})
    assert change(staff.ellen, external_ids={WECOM: "lin.ellen"}) == {"wecom": ("E**", "l**")}

    with pytest.raises(ConflictError):
        change(staff.ada, external_ids={WECOM: "LIN.ELLEN"})

    assert (account_of(staff.ellen), account_of(staff.ada)) == ([("wecom", "lin.ellen")], [])
    assert len(entries()) == 2


@pytest.mark.parametrize(
    "stated",
    [
        {"phone": "12"},
        {"phone": "13812345678 or 13900000001"},
        {"external_ids": {WECOM: "_ellen"}},
        {"external_ids": {WECOM: "ellen lin"}},
        {"external_ids": {WECOM: "e" * 65}},
    ],
)
def test_what_is_no_phone_and_no_account_is_refused(staff, stated):
    with pytest.raises(DomainError):
        change(staff.ellen, **stated)

    assert (number_of(staff.ellen), account_of(staff.ellen), entries()) == (None, [], [])


def test_an_administrator_does_not_change_the_phone_of_a_superuser(staff):
    boss = User.objects.create_superuser("boss", "boss@staff.example", "x", role="administrator")

    with pytest.raises(NotYoursToChangeError):
        change(boss, staff.root, phone="13812345678")

    assert change(boss, phone="13812345678") == {"phone": ("", "****78")}


@pytest.mark.parametrize("provider", ExternalIdProvider)
def test_every_provider_has_a_shape_and_a_field(provider):
    assert may_be_external_id(provider, "a")
    assert not may_be_external_id(provider, "")
    assert EXTERNAL_ID_FIELDS[provider] in StaffContactsForm.base_fields


@pytest.mark.parametrize(
    "columns", [{"phone_sealed": b"x"}, {"phone_index": b"x"}, {"phone_mask": "****78"}], ids=str
)
def test_the_database_keeps_seal_index_and_mask_together(staff, columns):
    with pytest.raises(IntegrityError, match="phone_is_sealed_with_its_index"), transaction.atomic():
        User.objects.filter(pk=staff.ellen.pk).update(**columns)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"provider": "fax", "value": "a"}, "is_of_a_known_provider"),
        ({"provider": WECOM, "value": ""}, "says_something"),
        ({"provider": WECOM, "value": "b"}, "is_one_per_provider"),
    ],
)
def test_the_database_knows_accounts_of_known_providers_once_each(staff, fields, constraint):
    change(staff.ellen, external_ids={WECOM: "a"})

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        UserExternalId.objects.create(user=staff.ellen, **fields)


def test_staff_do_not_search_for_contacts_by_stating_one_phone_after_another(staff):
    """Events are marked where staff have the phone: every new one would be a search."""
    at = database_now()

    def state(number, by, user=staff.ellen, later=timedelta(0)):
        contacts = StaffContacts(phone=f"1390000000{number}")
        return change_staff_contacts(user=user, contacts=contacts, by=by, at=at + later)

    for number in range(OWN_PHONES_A_DAY):
        state(number, staff.root, user=staff.root)
        state(9 - number, staff.root)
    for number in range(OWN_PHONES_A_DAY):
        state(number, staff.ellen)

    with pytest.raises(TooManyPhonesError):
        state(7, staff.ellen, later=timedelta(hours=23))
    assert number_of(staff.ellen) == "+8613900000002"
    assert state(2, staff.ellen) == {}
    assert change(staff.ellen, external_ids={WECOM: "ellen"})
    assert state(8, staff.root)
    assert state(7, staff.ellen, later=timedelta(days=1, seconds=1))


# Pages.


def test_an_administrator_states_phone_and_account_on_the_page_of_the_person(client, staff):
    client.force_login(staff.root)

    posted = form_of(staff.ellen, phone="13812345678", wecom_id="Ellen_01")
    assert client.post(page_of(staff.ellen), posted).status_code == 302

    page = client.get(page_of(staff.ellen)).content.decode()
    assert (number_of(staff.ellen), account_of(staff.ellen)) == ("+8613812345678", [("wecom", "Ellen_01")])
    assert "****78" in page
    assert "WeCom: Ellen_01" in page
    assert "13812345678" not in page
    assert client.post(page_of(staff.ellen), form_of(staff.ellen, wecom_id="Ellen_01")).status_code == 302
    assert number_of(staff.ellen) == "+8613812345678"
    assert client.post(page_of(staff.ellen), form_of(staff.ellen, removes_phone="on")).status_code == 302
    assert (number_of(staff.ellen), account_of(staff.ellen)) == (None, [])


def test_the_page_says_what_is_wrong_and_saves_nothing(client, staff):
    change(staff.ada, external_ids={WECOM: "ada"})
    client.force_login(staff.root)

    page = client.post(page_of(staff.ellen), form_of(staff.ellen, phone="12", wecom_id="ADA", email="x@y.zz"))

    errors = page.context["adminform"].form.errors
    assert set(errors) == {"phone", "wecom_id"}
    assert User.objects.get(pk=staff.ellen.pk).email == "ellen@staff.example"


def test_the_page_of_a_superuser_shows_an_administrator_no_fields_to_type_in(client, staff):
    boss = User.objects.create_superuser("boss", "boss@staff.example", "x", role="administrator")
    change(boss, phone="13812345678", external_ids={WECOM: "boss"})
    client.force_login(staff.root)

    page = client.get(page_of(boss))

    assert "****78" in page.content.decode()
    assert "WeCom: boss" in page.content.decode()
    assert {"phone", "removes_phone", "wecom_id"} & set(page.context["adminform"].readonly_fields) == set()
    assert 'name="wecom_id"' not in page.content.decode()


def test_staff_are_found_by_their_whole_account(client, staff):
    change(staff.ellen, external_ids={WECOM: "Lin_01"})
    client.force_login(staff.root)

    def found(asked):
        page = client.get("/admin/accounts/user/", {"q": asked})
        return [row.username for row in page.context["cl"].result_list]

    assert (found("lin_01"), found("lin_0")) == (["ellen"], [])


@pytest.mark.parametrize("name", ["ellen", "max", "vera", "root"])
def test_staff_of_every_scope_state_their_own(client, staff, name):
    me = getattr(staff, name)
    client.force_login(me)

    assert client.post(OWN, {"phone": "13812345678", "wecom_id": "me.01"}).status_code == 302

    page = client.get("/admin/sign-in/").content.decode()
    assert (number_of(me), account_of(me)) == ("+8613812345678", [("wecom", "me.01")])
    assert "****78" in page
    assert 'value="me.01"' in page
    assert "13812345678" not in page
    assert entries()[0][:2] == (f"user:{me.pk}", str(me.pk))


def test_ones_own_page_says_what_is_wrong(client, staff):
    client.force_login(staff.ellen)

    page = client.post(OWN, {"phone": "12", "wecom_id": "Ellen_01"})

    assert page.status_code == 400
    assert "This is not a phone number that can be called." in page.content.decode()
    assert (number_of(staff.ellen), account_of(staff.ellen)) == (None, [])


@pytest.mark.parametrize("method", ["get", "put"])
def test_contacts_are_changed_by_a_post_alone(client, staff, method):
    client.force_login(staff.ellen)

    assert getattr(client, method)(OWN, {"phone": "13812345678"}).status_code == 405


def test_strangers_are_asked_to_sign_in(client):
    assert client.post(OWN, {"phone": "13812345678"}).headers["Location"].startswith("/admin/login/")
