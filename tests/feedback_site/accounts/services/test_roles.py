"""The groups of the roles hold just what the apps state."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

from feedback_site.accounts.enums import Role
from feedback_site.accounts.services.roles import stated_permissions, sync_role_permissions


def test_apps_of_others_give_no_role_anything():
    assert stated_permissions(app_label="auth") == {role: set() for role in Role}


@pytest.mark.parametrize("role", Role)
def test_a_roles_group_holds_what_the_apps_state_and_nothing_else(db, role):
    stated = {
        (config.label, codename)
        for config in apps.get_app_configs()
        for codename in stated_permissions(app_label=config.label)[role]
    }

    held = Group.objects.get(name=role.value).permissions.values_list("content_type__app_label", "codename")

    assert set(held) == stated


def test_what_an_app_no_longer_states_is_taken_away(db):
    group = Group.objects.get(name=Role.ASSESSOR.value)
    group.permissions.set(Permission.objects.filter(codename__in=["view_customer", "view_team"]))

    sync_role_permissions(app_label="customers")

    assert set(group.permissions.values_list("codename", flat=True)) == {"reveal_contact", "view_team"}
