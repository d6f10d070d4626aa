"""Wrong passwords close a name for a while; sessions end by themselves, with the password, and on demand."""

from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from config.settings import base
from feedback_site.accounts.models import AccessLogEntry, SignInFailure, User
from feedback_site.accounts.selectors import locked_until
from feedback_site.accounts.services import sign_out_everywhere, unlock_sign_in
from feedback_site.common.client_address import address_in, device_address, is_device, network_of
from feedback_site.common.clock import database_now
from tests.factories.accounts.second_factor import PASSWORD, Member

pytestmark = pytest.mark.django_db
HERE = "203.0.113.1"


def fail(username: str, times: int, address: str = HERE) -> int:
    """Try a wrong password so often and return the last status."""
    member = Member(username, address)
    return [member.sign_in("wrong").status_code for _number in range(times)][-1]


def test_the_right_password_leads_where_one_was_going(staff):
    response = Member("ellen").sign_in(wanted="/admin/customers/customer/")

    assert (response.status_code, response["Location"]) == (302, "/admin/customers/customer/")


def test_wrong_passwords_close_the_name_for_the_address_and_the_page_says_until_when(staff):
    assert fail("ellen", 4) == 200
    response = Member("ellen").sign_in("wrong")
    until = locked_until(username="ellen", address=HERE, at=database_now())

    assert response.status_code == 429
    assert (
        f"You can try again at <strong>{timezone.localtime(until):%H:%M}</strong>"
        in response.content.decode()
    )
    assert 0 < int(response["Retry-After"]) <= 16 * 60
    assert "no-store" in response["Cache-Control"]
    assert Member("ellen").sign_in().status_code == 429  # the right one is no longer looked at
    assert Member("wei").sign_in().status_code == 302
    assert Member("ellen", "203.0.113.2").sign_in().status_code == 302


def test_a_name_without_an_account_is_closed_alike_and_not_kept(staff):
    assert fail("my secret password", 5) == 429

    (attempt,) = AccessAttempt.objects.all()
    assert attempt.username.startswith("?")
    assert "secret" not in "".join(str(value) for value in vars(attempt).values())


def test_a_name_tried_from_many_addresses_is_closed_by_the_higher_limit(staff, settings):
    settings.SIGN_IN_FAILURES_BY_NAME = 8
    for number in range(4):
        assert fail("ellen", 2, f"198.51.100.{number}") == (429 if number == 3 else 200)

    assert Member("ellen", "203.0.113.77").sign_in().status_code == 429
    assert Member("wei", "198.51.100.1").sign_in().status_code == 302


def test_strangers_lock_the_name_but_not_the_device_of_its_owner(staff, settings):
    """Seven addresses try wrong passwords.

    The owner's own device stays open, and is closed only by its own wrong passwords.
    """
    owner, elsewhere = Member("ellen"), Member("ellen", "203.0.113.78")
    assert owner.sign_in().status_code == 302
    owner.client.post("/admin/logout/")
    for number in range(7):
        fail("ellen", 5, f"198.51.100.{number}")

    assert elsewhere.sign_in().status_code == 429
    assert owner.sign_in("wrong").status_code == 200
    assert owner.sign_in().status_code == 302
    owner.client.post("/admin/logout/")
    assert [owner.sign_in("wrong").status_code for _number in range(5)][-1] == 429
    assert owner.sign_in().status_code == 429


@pytest.mark.parametrize("how", ["another name", "made up", "another password since"])
def test_a_device_is_known_only_to_the_name_and_password_that_signed_in_on_it(staff, how):
    """What opens the door is signed: a cookie of one's own name, or one made up, opens no other."""
    device = Member("wei" if how == "another name" else "ellen")
    assert device.sign_in().status_code == 302
    device.client.post("/admin/logout/")
    if how == "made up":
        device.client.cookies["staffdevice"] = device.client.cookies["staffdevice"].value[:-3] + "AAA"
    if how == "another password since":
        staff.ellen.set_password("another horse battery")
        staff.ellen.save()
    for number in range(7):
        fail("ellen", 5, f"198.51.100.{number}")

    device.username = "ellen"
    assert (
        device.sign_in("another horse battery" if how == "another password since" else PASSWORD).status_code
        == 429
    )


def test_the_cookie_of_a_device_tells_nothing_and_lasts(staff):
    ellen = Member("ellen")
    ellen.sign_in()
    cookie = ellen.client.cookies["staffdevice"]

    assert (bool(cookie["httponly"]), cookie["samesite"], cookie["path"], cookie["max-age"]) == (
        True,
        "Lax",
        "/",
        180 * 24 * 3600,
    )
    assert "ellen" not in cookie.value


def test_addresses_of_one_ipv6_network_count_as_one(staff):
    for number in range(1, 5):
        assert fail("ellen", 1, f"2001:db8:1:2::{number:x}") == 200

    assert fail("ellen", 1, "2001:db8:1:2:ffff::9") == 429
    assert Member("ellen", "2001:db8:1:3::1").sign_in().status_code == 302


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("fd12:3456:789a:1:2:3:4:5", "fd12:3456:789a:1::"),
        ("unix:", "::"),
    ],
)
def test_what_an_address_counts_as(address, counted):
    network = network_of(address_in({"REMOTE_ADDR": address}))

    assert (network, is_device(network)) == (counted, False)
    assert is_device(device_address(bytes(15)))


def test_after_the_cool_off_the_name_is_open_again_and_trying_meanwhile_does_not_prolong_it(staff):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        fail("ellen", 5)
        clock.shift(timedelta(minutes=14))
        assert Member("ellen").sign_in("wrong").status_code == 429
        clock.shift(timedelta(minutes=1, seconds=1))
        assert locked_until(username="ellen", address=HERE, at=timezone.now()) is None

        assert Member("ellen").sign_in().status_code == 302
        assert not AccessAttempt.objects.exists()


def test_the_right_password_forgets_the_wrong_ones(staff):
    fail("ellen", 4)
    Member("ellen").sign_in()

    assert fail("ellen", 4) == 200


def test_locked_until_waits_for_just_enough_failures_to_grow_old(staff, noon):
    for minutes, failures, program in ((0, 1, "a"), (5, 3, "b"), (9, 2, "c")):
        row = AccessAttempt.objects.create(
            username="ellen", ip_address=HERE, user_agent=program, failures_since_start=failures
        )
        AccessAttempt.objects.filter(pk=row.pk).update(attempt_time=noon + timedelta(minutes=minutes))

    def until(minutes):
        return locked_until(username="ellen", address=HERE, at=noon + timedelta(minutes=minutes))

    assert until(9) == noon + timedelta(
        minutes=20
    )  # six failures: without those of minute 0 five are left, without minute 5 two
    assert until(21) is None
    AccessAttempt.objects.update(attempt_time=noon + timedelta(seconds=1))
    assert until(1) == noon + timedelta(minutes=16)  # a full minute, by which it is open for sure
    assert locked_until(username="ellen", address="203.0.113.2", at=noon) is None


def test_an_administrator_unlocks_a_name_on_record(staff, noon):
    fail("ellen", 5)
    fail("ellen", 2, "203.0.113.2")

    assert unlock_sign_in(username="ellen", by=staff.root, at=noon) == 7

    assert Member("ellen").sign_in().status_code == 302
    entry = AccessLogEntry.objects.get()
    assert (entry.actor, entry.action, entry.subject_id, entry.details) == (
        f"user:{staff.root.pk}",
        "unlocked",
        str(staff.ellen.pk),
        {"failures": 7},
    )
    assert unlock_sign_in(username="ellen", by=staff.root, at=noon) == 0
    assert AccessLogEntry.objects.count() == 1


def test_failures_are_seen_within_scope(staff):
    for name in ("ellen", "wei", "no such name"):
        fail(name, 1)

    def seen(user):
        return sorted(SignInFailure.objects.for_user(user).values_list("username", flat=True))

    assert seen(staff.ada) == ["ellen"]
    assert len(seen(staff.root)) == 3
    assert seen(staff.max) == []


def test_an_idle_session_ends_and_signing_in_again_leads_back(staff):
    ellen = Member("ellen")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ellen.sign_in()
        for _click in range(2):
            clock.shift(timedelta(minutes=29))
            assert ellen.is_in()
        clock.shift(timedelta(minutes=31))
        response = ellen.client.get("/admin/customers/customer/?segment__id__exact=1")

    assert (
        response["Location"]
        == "/admin/login/?next=%2Fadmin%2Fcustomers%2Fcustomer%2F%3Fsegment__id__exact%3D1"
    )
    assert "Your session has expired" in ellen.client.get(response["Location"]).content.decode()
    assert Session.objects.count() == 0


def test_no_session_lasts_longer_than_twelve_hours_however_busy(staff):
    ellen = Member("ellen")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ellen.sign_in()
        for _half_hour in range(24):
            clock.shift(timedelta(minutes=30))
            assert ellen.is_in()
        clock.shift(timedelta(minutes=1))

        assert not ellen.is_in()
        assert ellen.sign_in().status_code == 302
        assert ellen.is_in()


def test_a_click_costs_no_statement_more_than_before_but_once_a_minute(staff, django_assert_num_queries):
    ellen = Member("ellen")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ellen.sign_in()
        with django_assert_num_queries(2):  # the session and the member of staff
            ellen.client.get("/admin/jsi18n/")
        clock.shift(timedelta(seconds=61))
        with django_assert_num_queries(2 + 3):  # and the session saved, in a savepoint
            ellen.client.get("/admin/jsi18n/")


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(staff):
    here, elsewhere = Member("ellen"), Member("ellen")
    here.sign_in()
    elsewhere.sign_in()
    new = "battery horse correct"

    here.post("admin:password_change", old_password=PASSWORD, new_password1=new, new_password2=new)

    assert (here.is_in(), elsewhere.is_in()) == (True, False)
    entry = AccessLogEntry.objects.get()
    changed = {"new": {"password": "..."}, "old": {"password": "..."}}
    assert (entry.actor, entry.action, entry.subject_id, entry.details) == (
        *(f"user:{staff.ellen.pk}", "account_changed", str(staff.ellen.pk)),
        changed,
    )


def test_a_password_that_is_refused_is_no_change_on_record(staff):
    here = Member("ellen")
    here.sign_in()

    here.post("admin:password_change", old_password="wrong", new_password1="x", new_password2="x")

    assert AccessLogEntry.objects.count() == 0


def test_signing_out_everywhere_ends_every_session_on_record(staff, noon):
    here, elsewhere, wei = Member("ellen"), Member("ellen"), Member("wei")
    for member in (here, elsewhere, wei):
        member.sign_in()

    sign_out_everywhere(user=User.objects.get(pk=staff.ellen.pk), by=staff.root, at=noon)

    assert (here.is_in(), elsewhere.is_in(), wei.is_in()) == (False, False, True)
    assert AccessLogEntry.objects.get().action == "signed_out"


def test_one_can_sign_out_everywhere_else(staff):
    here, elsewhere = Member("ellen"), Member("ellen")
    here.sign_in()
    elsewhere.sign_in()

    here.post("sign-in:sign-out-elsewhere")

    assert (here.is_in(), elsewhere.is_in()) == (True, False)
    assert here.client.get(reverse("sign-in:sign-out-elsewhere")).status_code == 405


def test_passwords_are_kept_by_argon2():
    assert base.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
