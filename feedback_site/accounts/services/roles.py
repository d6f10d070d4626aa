"""Roles and their groups."""

from importlib import import_module
from types import ModuleType

from django.apps import AppConfig, apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.module_loading import module_has_submodule

from feedback_site.accounts.enums import Role
from feedback_site.accounts.models import Team, User


@transaction.atomic
def assign_role(*, user: User, role: Role, team: Team | None) -> User:
    """Make `user` a member of exactly one role's group, with `team` as the root of what they see."""
    user.role = role
    user.team = team
    user.is_staff = True
    user.full_clean(exclude=["password"])
    user.save()
    user.groups.set([Group.objects.get(name=role.value)])
    return user


def permissions_module(config: AppConfig) -> ModuleType | None:
    """Return the module in which an app states what roles may do with its models."""
    if config.module is None or not module_has_submodule(config.module, "permissions"):
        return None
    return import_module(f"{config.name}.permissions")


def stated_permissions(*, app_label: str) -> dict[Role, set[str]]:
    """Return the codenames that each role has by the app's own `permissions.py`, if it has one."""
    module = permissions_module(apps.get_app_config(app_label))
    stated: dict[Role, set[str]] = getattr(module, "PERMISSIONS", {})
    return {role: stated.get(role, set()) for role in Role}


def sync_role_permissions(*, app_label: str) -> None:
    """Make each role's group hold just the permissions that the app states for it. Idempotent."""
    of_app = {
        permission.codename: permission
        for permission in Permission.objects.filter(content_type__app_label=app_label)
    }
    if not of_app:
        return
    for role, wanted in stated_permissions(app_label=app_label).items():
        group, _created = Group.objects.get_or_create(name=role.value)
        group.permissions.remove(
            *(permission for codename, permission in of_app.items() if codename not in wanted)
        )
        group.permissions.add(*(of_app[codename] for codename in wanted & of_app.keys()))
