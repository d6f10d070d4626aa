"""The second factor: set up by a code, asked for once a session, required by role, and lost phones."""

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from feedback_site.accounts.enums import Role, SecondFactorRule
from feedback_site.accounts.exceptions import TooManyCodesError
from feedback_site.accounts.models import AccessLogEntry, RolePolicy, User
from feedback_site.accounts.selectors import is_required_for, recovery_codes_left
from feedback_site.accounts.services import (
    check_second_factor,
    enrol_second_factor,
    new_secret,
    reset_second_factor,
    set_role_policy,
)
from feedback_site.common.exceptions import ConflictError, DomainError
from tests.conftest import NOON
from tests.factories.accounts.second_factor import Member, code_of

pytestmark = pytest.mark.django_db
INDEX, CODE, ENROL = "/admin/", "/admin/sign-in/code/", "/admin/sign-in/enrol/"
LIST = "/admin/customers/customer/"


def required(role: Role) -> None:
    set_role_policy(role=role, second_factor=SecondFactorRule.REQUIRED)


def secret_on(page) -> tuple[str, str]:
    """The secret in clear and as the form carries it."""
    text = page.content.decode()
    signed = re.search(r'name="secret" value="([^"]+)"', text)[1]
    return signing.loads(signed, salt="accounts.enrol")[1], signed


def test_no_role_needs_a_second_factor_by_default(staff):
    for name in ("ellen", "quinn", "root"):
        member = Member(name)
        member.sign_in()
        assert member.is_in()


def test_production_asks_administrators_and_quality_management(settings):
    settings.SECOND_FACTOR_ROLES = ["administrator", "quality_management"]

    asked = {role for role in Role if is_required_for(role, SecondFactorRule.AS_CONFIGURED)}

    assert asked == {Role.ADMINISTRATOR, Role.QUALITY_MANAGEMENT}
    assert is_required_for(Role.ADMINISTRATOR, None)
    assert not is_required_for(Role.ADMINISTRATOR, SecondFactorRule.VOLUNTARY)
    assert is_required_for(Role.ANALYST, SecondFactorRule.REQUIRED)


def test_a_role_that_needs_one_reaches_nothing_before_setting_it_up(staff):
    required(Role.SERVICE_TEAM)
    ellen, wei, quinn = Member("ellen"), Member("wei"), Member("quinn")
    for member in (ellen, wei, quinn):
        member.sign_in()

    assert (
        ellen.client.get(f"{LIST}?q=1")["Location"]
        == f"{ENROL}?next=%2Fadmin%2Fcustomers%2Fcustomer%2F%3Fq%3D1"
    )
    assert ellen.client.post(LIST, {"action": "x"})["Location"] == ENROL
    assert ellen.client.get("/admin/dashboards/response-rates/").status_code == 302
    assert ellen.client.get("/admin/sign-in/")["Location"].startswith(ENROL)
    assert ellen.client.get(CODE)["Location"].startswith(ENROL)
    assert ellen.client.get(ENROL).status_code == 200
    assert ellen.client.get("/health/").status_code == 302  # whatever is not open is closed
    assert quinn.is_in()
    assert ellen.client.post("/i18n/setlang/", {"language": "en"}).status_code in {204, 302}
    assert ellen.client.post("/admin/logout/").status_code == 200
    assert not ellen.is_in()


def test_the_api_asks_for_its_key_and_not_for_a_code(staff, api_key):
    required(Role.SERVICE_TEAM)
    ellen = Member("ellen")
    ellen.sign_in()

    assert (
        ellen.client.get(
            "/api/v1/service-events/", headers={"authorization": f"Api-Key {api_key}"}
        ).status_code
        == 200
    )


def test_setting_it_up_proves_the_app_shows_the_recovery_codes_once_and_goes_on(staff):
    required(Role.SERVICE_TEAM)
    ellen = Member("ellen")
    ellen.sign_in()
    asked = ellen.client.get(f"{ENROL}?next={LIST}")
    secret, signed = secret_on(asked)
    before = ellen.client.session.session_key

    wrong = ellen.client.post(ENROL, {"secret": signed, "code": "12 34", "next": LIST})
    shown = ellen.client.post(
        ENROL, {"secret": signed, "code": code_of(secret, timezone.now()), "next": LIST}
    )

    assert "<svg" in asked.content.decode()
    assert "no-store" in asked["Cache-Control"]
    assert (wrong.status_code, secret_on(wrong)[0]) == (400, secret)  # the code scanned stays good
    codes = re.findall(r"<code>([a-z2-7-]{19})</code>", shown.content.decode())
    assert (len(codes), len(set(codes))) == (10, 10)
    assert f'href="{LIST}"' in shown.content.decode()
    assert ellen.client.get(LIST).status_code == 200
    assert ellen.client.session.session_key != before
    assert ellen.client.get(ENROL)["Location"] == "/admin/sign-in/"
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert kept.isdisjoint({code.replace("-", "") for code in codes})
    assert AccessLogEntry.objects.get().details == {"change": "set up"}


def test_asking_for_a_secret_keeps_nothing_and_a_strangers_secret_is_not_taken(staff):
    ellen, wei = Member("ellen"), Member("wei")
    for member in (ellen, wei):
        member.sign_in()
    secret, signed = secret_on(ellen.client.get(ENROL))

    for text in (signed, signed + "x", "", new_secret()):
        wei.client.post(ENROL, {"secret": text, "code": code_of(secret, timezone.now())})

    assert not TOTPDevice.objects.exists()


def test_a_code_is_asked_for_once_a_session_and_counts_once(staff, enrol):
    secret, _codes = enrol(staff.ellen)
    ellen, elsewhere = Member("ellen"), Member("ellen")
    ellen.sign_in()
    elsewhere.sign_in()
    with time_machine.travel(timezone.now(), tick=False):
        code = code_of(secret, timezone.now())
        assert ellen.client.get(LIST)["Location"] == f"{CODE}?next=%2Fadmin%2Fcustomers%2Fcustomer%2F"
        assert ellen.client.get(ENROL)["Location"].startswith(
            CODE
        )  # a password alone does not change the second factor
        assert ellen.client.post("/admin/sign-in/turn-off/", {"code": code})["Location"] == CODE

        passed = ellen.client.post(CODE, {"code": f"{code[:3]} {code[3:]}", "next": LIST})
        again = elsewhere.client.post(CODE, {"code": code, "next": LIST})

    assert passed["Location"] == LIST
    assert ellen.client.get(LIST).status_code == 200
    assert again.status_code == 400
    assert "This code is not right." in again.content.decode()
    assert not elsewhere.is_in()
    assert ellen.client.get(CODE)["Location"] == INDEX


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""]
)
def test_the_code_leads_nowhere_else(staff, enrol, wanted):
    secret, _codes = enrol(staff.ellen)
    ellen = Member("ellen")
    ellen.sign_in()

    assert (
        ellen.client.post(CODE, {"code": code_of(secret, timezone.now()), "next": wanted})["Location"]
        == INDEX
    )


def test_a_recovery_code_signs_in_once(staff, enrol):
    _secret, codes = enrol(staff.ellen)
    ellen, elsewhere = Member("ellen"), Member("ellen")
    ellen.sign_in()
    elsewhere.sign_in()

    assert "Recovery code" in ellen.client.get(f"{CODE}?recovery=1").content.decode()
    assert ellen.client.post(f"{CODE}?recovery=1", {"code": codes[3].upper()}).status_code == 302
    assert elsewhere.client.post(f"{CODE}?recovery=1", {"code": codes[3]}).status_code == 400

    assert ellen.is_in()
    assert recovery_codes_left(staff.ellen) == 9


def test_wrong_codes_wait_longer_and_longer(staff, enrol):
    secret, _codes = enrol(staff.ellen)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for wait in (1, 2, 4, 8):
            with pytest.raises(DomainError, match="This code is not right"):
                check_second_factor(user=staff.ellen, code="000000")
            with pytest.raises(TooManyCodesError, match="The next can be tried at"):
                check_second_factor(user=staff.ellen, code=code_of(secret, timezone.now()))
            clock.shift(timedelta(seconds=wait))

        assert check_second_factor(user=staff.ellen, code=code_of(secret, timezone.now())).user == staff.ellen


def test_the_page_says_when_the_next_code_is_looked_at(staff, enrol):
    enrol(staff.ellen)
    ellen = Member("ellen")
    ellen.sign_in()
    ellen.client.post(CODE, {"code": "000000"})

    response = ellen.client.post(CODE, {"code": "000000"})

    assert response.status_code == 429
    assert "Too many wrong codes." in response.content.decode()


def test_new_recovery_codes_and_turning_off_need_a_code(staff, enrol, patient):
    secret, codes = enrol(staff.ellen)
    ellen = Member("ellen")
    ellen.sign_in()
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        ellen.client.post(CODE, {"code": code_of(secret, now)})
        assert ellen.client.post("/admin/sign-in/recovery-codes/", {"code": ""}).status_code == 400
        assert ellen.client.post("/admin/sign-in/recovery-codes/", {"code": "000000"}).status_code == 400
        clock.shift(timedelta(seconds=30))
        shown = ellen.client.post("/admin/sign-in/recovery-codes/", {"code": code_of(secret, now, step=1)})
        assert codes[0] not in shown.content.decode()
        with pytest.raises(DomainError):
            check_second_factor(user=staff.ellen, code=codes[0])
        clock.shift(timedelta(seconds=30))
        assert (
            ellen.client.post("/admin/sign-in/turn-off/", {"code": code_of(secret, now, step=2)}).status_code
            == 302
        )

    assert not TOTPDevice.objects.exists()
    assert ellen.is_in()
    assert [entry.details["change"] for entry in AccessLogEntry.objects.order_by("pk")] == [
        "set up",
        "recovery codes renewed",
        "turned off",
    ]


def test_a_reset_takes_the_factor_away_ends_the_sessions_and_is_on_record(staff, enrol):
    secret, _codes = enrol(staff.ellen)
    ellen = Member("ellen")
    ellen.sign_in()
    ellen.client.post(CODE, {"code": code_of(secret, timezone.now())})

    reset_second_factor(user=User.objects.get(pk=staff.ellen.pk), by=staff.root, at=NOON)

    assert not ellen.is_in()
    ellen.sign_in()
    assert ellen.is_in()
    entries = list(AccessLogEntry.objects.order_by("pk").values_list("actor", "action", "details"))[1:]
    assert entries == [
        (f"user:{staff.root.pk}", "factor_changed", {"change": "reset"}),
        (f"user:{staff.root.pk}", "signed_out", {}),
    ]


def test_a_required_role_that_moves_to_another_phone_sets_up_anew_at_once(staff, enrol):
    required(Role.SERVICE_TEAM)
    secret, _codes = enrol(staff.ellen)
    ellen = Member("ellen")
    ellen.sign_in()
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        ellen.client.post(CODE, {"code": code_of(secret, now)})
        clock.shift(timedelta(seconds=30))
        ellen.client.post("/admin/sign-in/turn-off/", {"code": code_of(secret, now, step=1)})

    assert ellen.client.get(LIST)["Location"].startswith(ENROL)


def test_a_second_factor_is_set_up_once(staff, enrol):
    enrol(staff.ellen)
    secret = new_secret()

    with pytest.raises(ConflictError):
        enrol_second_factor(user=staff.ellen, secret=secret, code=code_of(secret, NOON), at=NOON)


@pytest.mark.django_db(transaction=True)
def test_two_pages_at_once_set_up_one(staff):
    secrets, done, refused, start = [new_secret(), new_secret()], [], [], threading.Barrier(2)

    def set_up(secret):
        try:
            start.wait()
            done.append(
                enrol_second_factor(user=staff.ellen, secret=secret, code=code_of(secret, NOON), at=NOON)
            )
        except ConflictError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=set_up, args=[secret]) for secret in secrets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(done), len(refused), TOTPDevice.objects.count()) == (1, 1, 1)


def test_a_superuser_follows_the_rule_of_administrators(staff):
    required(Role.ADMINISTRATOR)
    User.objects.filter(pk=staff.ellen.pk).update(is_superuser=True)
    ellen = Member("ellen")
    ellen.sign_in()

    assert ellen.client.get(LIST)["Location"].startswith(ENROL)


def test_every_role_has_a_rule_to_edit():
    assert set(RolePolicy.objects.values_list("role", flat=True)) == set(Role.values)
    assert set(RolePolicy.objects.values_list("second_factor", flat=True)) == {"as_configured"}


def test_secrets_have_no_page(staff):
    User.objects.filter(pk=staff.root.pk).update(is_superuser=True)
    root = Member("root")
    root.sign_in()

    for table in ("otp_totp/totpdevice", "otp_static/staticdevice", "axes/accessattempt"):
        assert root.client.get(f"/admin/{table}/").status_code == 404
    assert reverse("admin:accounts_user_changelist")
