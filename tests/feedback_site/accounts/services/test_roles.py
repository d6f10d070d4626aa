"""Every app states what each role may do with its models, and the groups hold just that."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

from feedback_site.accounts.enums import Role
from feedback_site.accounts.services.roles import stated_permissions, sync_role_permissions

OURS = {"feedback_site", "surveys", "nps", "visits"}
OF_THE_SITE = [
    config for config in apps.get_app_configs() if config.name.split(".")[0] in OURS and config.models_module
]


def labels(config):
    return config.label


@pytest.mark.parametrize("config", OF_THE_SITE, ids=labels)
def test_each_model_is_stated_by_its_own_app_for_every_role_or_for_none(config):
    module = import_module(f"{config.name}.permissions")
    stated = getattr(module, "PERMISSIONS", {role: set() for role in Role})
    granted = set().union(*stated.values())
    known, without_role = {}, set()
    for model in config.get_models():
        options = model._meta
        name = options.model_name
        codenames = {f"{action}_{name}" for action in options.default_permissions}
        codenames |= {codename for codename, _words in options.permissions}
        known |= dict.fromkeys(codenames, name)
        if not codenames & granted:
            without_role.add(name)

    assert list(stated) == list(Role)
    assert granted <= known.keys()
    assert without_role == module.FOR_NO_ROLE


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
