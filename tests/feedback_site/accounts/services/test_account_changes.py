"""Who may do what is changed on record.

An administrator can neither touch a superuser nor raise themselves.
"""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from feedback_site.accounts.enums import Role
from feedback_site.accounts.exceptions import NotYoursToChangeError
from feedback_site.accounts.models import AccessLogEntry, ApiKey, RolePolicy, Team, User
from feedback_site.accounts.services import delete_account, save_account
from feedback_site.common.clock import database_now
from feedback_site.service_events.models import WebhookSource

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(staff) -> User:
    return User.objects.create_superuser(
        "boss", "boss@staff.example", "correct horse battery", role="administrator"
    )


@pytest.fixture
def root(client, staff) -> Any:
    client.force_login(staff.root)
    return client


def form_of(user: User, **changes: Any) -> dict[str, Any]:
    names = ("username", "first_name", "last_name", "email", "role", "language")
    fields = {
        **{name: getattr(user, name) for name in names},
        "team": user.team_id or "",
        "is_active": "on",
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def page(user: User, name: str = "change") -> str:
    views = {
        "change": "accounts_user_change",
        "delete": "accounts_user_delete",
        "password": "auth_user_password_change",
    }
    return reverse(f"admin:{views[name]}", args=[user.pk])


def entries(action: str) -> list[tuple[str, Any]]:
    return list(AccessLogEntry.objects.filter(action=action).order_by("pk").values_list("actor", "details"))


# Attacks.


@pytest.mark.parametrize("name", ["change", "delete", "password"])
def test_an_administrator_does_not_touch_a_superuser(root, boss, name):
    before = User.objects.values().get(pk=boss.pk)
    fields = {
        "change": form_of(boss, username="mine", is_active=None),
        "delete": {"post": "yes"},
        "password": {
            "password1": "another horse battery",
            "password2": "another horse battery",
            "usable_password": "true",
        },
    }

    assert root.post(page(boss, name), fields[name]).status_code == 403
    assert User.objects.values().get(pk=boss.pk) == before


@pytest.mark.parametrize("action", ["delete_selected", "reset_second_factor", "sign_out"])
def test_an_administrator_does_nothing_to_a_superuser_by_actions(root, boss, action):
    before = User.objects.values().get(pk=boss.pk)

    root.post(
        reverse("admin:accounts_user_changelist"),
        {"action": action, "_selected_action": [boss.pk], "post": "yes"},
    )

    assert User.objects.values().get(pk=boss.pk) == before


def test_an_administrator_raises_neither_themselves_nor_a_colleague_by_what_no_form_offers(root, staff):
    more = {
        "is_superuser": "on",
        "is_staff": "on",
        "groups": list(Group.objects.values_list("pk", flat=True)),
        "user_permissions": list(Permission.objects.values_list("pk", flat=True)[:5]),
    }
    for user in (staff.root, staff.ellen):
        assert root.post(page(user), form_of(user, **more)).status_code == 302
        now = User.objects.get(pk=user.pk)
        assert (
            now.is_superuser,
            now.user_permissions.count(),
            [group.name for group in now.groups.all()],
        ) == (False, 0, [user.role])

    add = {
        "username": "mallory",
        "role": "administrator",
        "language": "en",
        "usable_password": "true",
        **more,
    }
    password = {"password1": "correct horse battery", "password2": "correct horse battery"}
    root.post(reverse("admin:accounts_user_add"), {**add, **password})
    assert User.objects.get(username="mallory").is_superuser is False


@pytest.mark.parametrize("changes", [{"role": "quality_management"}, {"is_active": None}])
def test_staff_do_not_change_their_own_role_or_state(root, staff, changes):
    root.post(page(staff.root), form_of(staff.root, first_name="New", **changes))

    now = User.objects.get(pk=staff.root.pk)
    assert (now.role, now.is_active, now.first_name) == ("administrator", True, "New")
    assert root.post(page(staff.root, "delete"), {"post": "yes"}).status_code == 403


def test_the_service_refuses_what_the_pages_do_not_offer(staff, boss):
    at = database_now()
    boss.is_superuser = False
    staff.ellen.is_superuser = True
    for user in (boss, staff.ellen):
        with pytest.raises(NotYoursToChangeError):
            save_account(user=user, by=staff.root, at=at)
    staff.root.role = Role.MANAGEMENT
    with pytest.raises(NotYoursToChangeError):
        save_account(user=staff.root, by=staff.root, at=at)
    for user in (boss, staff.root):
        with pytest.raises(NotYoursToChangeError):
            delete_account(user=user, by=staff.root, at=at)


def test_neither_groups_nor_permissions_have_a_page(root):
    assert [root.get(f"/admin/auth/{name}/").status_code for name in ("group", "permission")] == [404, 404]


def test_no_page_shows_or_takes_the_hash_of_a_password(root, staff):
    shown = root.get(page(staff.ellen)).content.decode()

    root.post(page(staff.ellen), form_of(staff.ellen, password="md5$mine$0123456789"))

    assert staff.ellen.password not in shown
    assert User.objects.get(pk=staff.ellen.pk).password == staff.ellen.password


# On record, with old and new.


def test_a_change_of_role_and_team_is_on_record_and_names_are_not(root, staff, organisation):
    root.post(
        page(staff.ellen),
        form_of(staff.ellen, role="support_team", team=organisation.west_1.pk, last_name="Secret"),
    )

    ((actor, details),) = entries("account_changed")
    assert actor == f"user:{staff.root.pk}"
    assert details == {
        "old": {"role": "service_team", "team_id": organisation.east_1.pk, "last_name": ""},
        "new": {"role": "support_team", "team_id": organisation.west_1.pk, "last_name": "..."},
    }


def test_accounts_made_deleted_and_given_passwords_are_on_record(root, staff):
    word = "another horse battery"
    root.post(
        page(staff.ellen, "password"), {"password1": word, "password2": word, "usable_password": "true"}
    )
    root.post(page(staff.ellen, "delete"), {"post": "yes"})

    changed, deleted = (details for _actor, details in entries("account_changed"))
    assert changed == {"old": {"password": "..."}, "new": {"password": "..."}}
    assert (deleted["old"]["username"], deleted["new"]) == ("ellen", None)
    assert "argon2" not in str(deleted)
    assert "md5" not in str(deleted)
    assert not User.objects.filter(username="ellen").exists()


def test_a_team_moved_in_the_tree_is_on_record(root, organisation):
    team = organisation.east_1
    fields = {
        "names_zh_hans": team.names["zh-hans"],
        "names_en": team.names["en"],
        "code": team.code,
        "kind": "station",
        "time_zone": team.time_zone,
    }
    root.post(
        reverse("admin:accounts_team_change", args=[team.pk]),
        {**fields, "parent": organisation.west.pk, "is_active": "on"},
    )

    assert Team.objects.get(pk=team.pk).parent_id == organisation.west.pk
    ((_actor, details),) = entries("team_changed")
    assert details == {"old": {"parent_id": organisation.east.pk}, "new": {"parent_id": organisation.west.pk}}


def test_keys_made_and_revoked_are_on_record_without_their_secret(root, organisation):
    root.post(
        reverse("admin:accounts_apikey_add"),
        {"name": "crm", "grants": ["events:read"], "team": organisation.east.pk, "sources": "crm"},
    )
    key = ApiKey.objects.get(name="crm")
    root.post(reverse("admin:accounts_apikey_changelist"), {"action": "revoke", "_selected_action": [key.pk]})

    (_actor, made), (_actor, ended) = entries("key_changed")
    assert (made["old"], made["new"]["grants"], made["new"]["prefix"]) == (None, ["events:read"], key.prefix)
    assert (list(ended["old"]), ended["old"]["revoked_at"]) == (["revoked_at"], None)


def test_a_sign_in_rule_is_on_record_with_old_and_new(root):
    policy = RolePolicy.objects.get(role="analyst")
    root.post(reverse("admin:accounts_rolepolicy_change", args=[policy.pk]), {"second_factor": "required"})

    ((_actor, details),) = entries("rule_changed")
    assert details == {"old": {"second_factor": "as_configured"}, "new": {"second_factor": "required"}}


def test_webhook_sources_and_their_secrets_are_on_record(root):
    root.post(
        reverse("admin:service_events_webhooksource_add"), {"slug": "crm", "name": "CRM", "is_active": "on"}
    )
    source = WebhookSource.objects.get()
    lists = reverse("admin:service_events_webhooksource_changelist")
    for action in ("add_secret", "end_older_secret"):
        root.post(lists, {"action": action, "_selected_action": [source.pk]})
    inline = {"secrets-TOTAL_FORMS": 0, "secrets-INITIAL_FORMS": 0}
    root.post(
        reverse("admin:service_events_webhooksource_change", args=[source.pk]), {"name": "CRM 2", **inline}
    )

    made, added, ended, changed = (details for _actor, details in entries("webhook_changed"))
    assert (made["old"], made["new"]["slug"]) == (None, "crm")
    assert [len(one[side]["secrets"]) for one in (added, ended) for side in ("old", "new")] == [1, 2, 2, 1]
    assert changed == {
        "old": {"name": "CRM", "is_active": True},
        "new": {"name": "CRM 2", "is_active": False},
    }
    assert "whsec_" not in str(list(AccessLogEntry.objects.values_list("details", flat=True)))
