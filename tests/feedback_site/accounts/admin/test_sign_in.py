import pytest
from django.apps import apps
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from feedback_site.accounts.models import AccessLogEntry, RolePolicy, SignInFailure, User
from feedback_site.accounts.services import set_role_policy
from tests.factories.accounts.second_factor import Member

pytestmark = pytest.mark.django_db
FAILURES, RULES, STAFF = (
    "/admin/accounts/signinfailure/",
    "/admin/accounts/rolepolicy/",
    "/admin/accounts/user/",
)


def signed_in(name: str) -> Member:
    member = Member(name, "203.0.113.9")
    member.sign_in()
    return member


def act(member: Member, page: str, action: str, *rows) -> str:
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return member.client.post(page, data, follow=True).content.decode()


def test_administrators_see_who_is_locked_out_and_unlock_them(staff):
    ellen = Member("ellen")
    for _number in range(5):
        ellen.sign_in("wrong")
    Member("hunter2").sign_in("ellen")
    root = signed_in("root")

    listed = root.client.get(FAILURES).content.decode()
    text = act(root, FAILURES, "unlock", SignInFailure.objects.get(username="ellen"))

    assert "locked until" in listed
    assert "no such account" in listed
    assert "hunter2" not in listed
    assert "1 name was unlocked." in text
    assert ellen.sign_in().status_code == 302
    assert AccessLogEntry.objects.get().action == "unlocked"


def test_only_administrators_see_failures_and_rules(staff):
    for name in ("ellen", "ada", "quinn", "max", "vera"):
        member = signed_in(name)
        assert [member.client.get(page).status_code for page in (FAILURES, RULES)] == [403, 403], name


def test_a_rule_is_edited_and_neither_added_nor_deleted(staff):
    root = signed_in("root")
    rule = RolePolicy.objects.get(role="analyst")
    page = reverse("admin:accounts_rolepolicy_change", args=[rule.pk])

    response = root.client.post(page, {"second_factor": "required", "role": "administrator"})

    assert response.status_code == 302
    rule.refresh_from_db()
    assert (rule.role, rule.second_factor) == ("analyst", "required")
    assert root.client.get(f"{RULES}add/").status_code == 403
    assert root.client.post(f"{RULES}{rule.pk}/delete/", {"post": "yes"}).status_code == 403
    assert "obligatory" in root.client.get(RULES).content.decode()


def test_a_lost_phone_is_reset_from_the_list_of_staff(staff, enrol):
    enrol(staff.ellen)

    text = act(signed_in("root"), STAFF, "reset_second_factor", staff.ellen)

    assert "The second factor of 1 person was reset." in text
    assert not TOTPDevice.objects.exists()


def test_everybody_of_a_team_is_signed_out_at_once(staff):
    ellen, wei = signed_in("ellen"), signed_in("wei")

    text = act(signed_in("root"), STAFF, "sign_out", staff.ellen, staff.wei)

    assert "2 people were signed out everywhere." in text
    assert (ellen.is_in(), wei.is_in()) == (False, False)


def test_only_a_superuser_does_so_to_a_superuser(staff, enrol):
    User.objects.filter(pk=staff.quinn.pk).update(is_superuser=True)
    enrol(staff.quinn)

    text = act(signed_in("root"), STAFF, "reset_second_factor", staff.quinn)

    assert "The second factor of 0 people was reset." in text
    assert TOTPDevice.objects.filter(user=staff.quinn).exists()


def test_changes_of_a_rule_are_kept(staff):
    set_role_policy(role="analyst", second_factor="required")

    events = apps.get_model("accounts", "RolePolicyEvent").objects.filter(role="analyst").order_by("pgh_id")
    assert list(events.values_list("second_factor", flat=True)) == ["as_configured", "required"]
