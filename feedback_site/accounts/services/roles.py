"""Roles and their groups."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from feedback_site.accounts.enums import Role
from feedback_site.accounts.models import Team, User
from feedback_site.accounts.permissions import ROLE_PERMISSIONS


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


def sync_role_permissions(*, app_label: str) -> None:
    """Make each role's group hold just the permissions of
    that app that `ROLE_PERMISSIONS` states. Idempotent.
    """
    of_app = {
        permission.codename: permission
        for permission in Permission.objects.filter(content_type__app_label=app_label)
    }
    if not of_app:
        return
    for role, permissions in ROLE_PERMISSIONS.items():
        group, _created = Group.objects.get_or_create(name=role.value)
        wanted = {
            codename for app, _, codename in (name.partition(".") for name in permissions) if app == app_label
        }
        group.permissions.remove(
            *(permission for codename, permission in of_app.items() if codename not in wanted)
        )
        group.permissions.add(*(of_app[codename] for codename in wanted & of_app.keys()))
