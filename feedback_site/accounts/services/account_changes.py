"""What administrators change of staff, teams, keys and sign-in rules, with old and new value on record."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.enums import AccountAccess, Role, SecondFactorRule
from feedback_site.accounts.exceptions import NotYoursToChangeError
from feedback_site.accounts.models import ApiKey, RolePolicy, Team, User
from feedback_site.accounts.services.api_keys import revoke_api_key
from feedback_site.accounts.services.changes import record_change, state_of
from feedback_site.accounts.services.role_policies import set_role_policy
from feedback_site.accounts.services.roles import assign_role

_ACCOUNT = (
    *("username", "role", "team_id", "language", "is_active", "is_staff", "is_superuser"),
    *("first_name", "last_name", "email", "password"),
)
# What staff may not change of themselves: another administrator does.
_OWN = ("role", "team_id", "is_active", "is_staff", "is_superuser")
_TEAM = ("code", "names", "kind", "parent_id", "time_zone", "sources", "is_active")
_KEY = ("name", "prefix", "grants", "team_id", "sources", "expires_at", "revoked_at")


def refuse_to_change(*, user: User, by: User) -> None:
    """Refuse the change of a superuser, or to one, by a person who is none.

    Raises `NotYoursToChangeError`.
    """
    stands = (
        User.objects.filter(pk=user.pk).values_list("is_superuser", flat=True).first() if user.pk else False
    )
    if (stands or user.is_superuser) and not by.is_superuser:
        raise NotYoursToChangeError(_("Only a superuser changes a superuser."))


@transaction.atomic
def save_account(*, user: User, by: User, at: datetime) -> User:
    """Save a member of staff as `user` has it now, with the group of the role, on record."""
    refuse_to_change(user=user, by=by)
    known = User.objects.select_for_update(of=("self",)).filter(pk=user.pk).first() if user.pk else None
    before = state_of(known, _ACCOUNT)
    if user.pk == by.pk and any(before[name] != value for name, value in state_of(user, _OWN).items()):
        raise NotYoursToChangeError(
            _("You cannot change your own role, team or state. Ask another administrator.")
        )
    assign_role(user=user, role=Role(user.role), team=user.team)
    record_change(
        by=by,
        action=AccountAccess.ACCOUNT_CHANGED,
        subject=user,
        before=before,
        after=state_of(user, _ACCOUNT),
        team_id=user.team_id,
        at=at,
    )
    return user


@transaction.atomic
def delete_account(*, user: User, by: User, at: datetime) -> None:
    """Delete a member of staff, on record."""
    refuse_to_change(user=user, by=by)
    if user.pk == by.pk:
        raise NotYoursToChangeError(_("You cannot delete your own account. Ask another administrator."))
    before = state_of(user, _ACCOUNT)
    record_change(
        by=by,
        action=AccountAccess.ACCOUNT_CHANGED,
        subject=user,
        before=before,
        after={},
        team_id=user.team_id,
        at=at,
    )
    user.delete()


def note_password(*, user: User, by: User, at: datetime) -> None:
    """Put on record that a password was set, never what it was."""
    before, after = {"password": "old"}, {"password": "new"}
    record_change(
        by=by,
        action=AccountAccess.ACCOUNT_CHANGED,
        subject=user,
        before=before,
        after=after,
        team_id=user.team_id,
        at=at,
    )


def note_own_password(*, user_id: int, at: datetime) -> None:
    """Put on record that a member of staff changed their own password."""
    user = User.objects.get(pk=user_id)
    note_password(user=user, by=user, at=at)


@transaction.atomic
def save_team(*, team: Team, by: User, at: datetime) -> Team:
    """Save a team, on record: its parent in the tree decides who sees its rows."""
    before = state_of(Team.objects.filter(pk=team.pk).first() if team.pk else None, _TEAM)
    team.save()
    after = state_of(team, _TEAM)
    record_change(
        by=by,
        action=AccountAccess.TEAM_CHANGED,
        subject=team,
        before=before,
        after=after,
        team_id=team.pk,
        at=at,
    )
    return team


@transaction.atomic
def delete_team(*, team: Team, by: User, at: datetime) -> None:
    """Delete a team that nothing refers to, on record."""
    record_change(
        by=by, action=AccountAccess.TEAM_CHANGED, subject=team, before=state_of(team, _TEAM), after={}, at=at
    )
    team.delete()


def note_key(*, key: ApiKey, by: User, at: datetime) -> None:
    """Put a new key on record: what it may do, never its secret."""
    after = state_of(key, _KEY)
    record_change(
        by=by,
        action=AccountAccess.KEY_CHANGED,
        subject=key,
        before={},
        after=after,
        team_id=key.team_id,
        at=at,
    )


@transaction.atomic
def end_keys(*, keys: Sequence[ApiKey], by: User, at: datetime) -> int:
    """End keys at once, on record, and return how many there were."""
    for key in keys:
        before = state_of(key, _KEY)
        after = state_of(revoke_api_key(key=key, at=at), _KEY)
        record_change(
            by=by,
            action=AccountAccess.KEY_CHANGED,
            subject=key,
            before=before,
            after=after,
            team_id=key.team_id,
            at=at,
        )
    return len(keys)


@transaction.atomic
def change_role_policy(*, role: Role, second_factor: SecondFactorRule, by: User, at: datetime) -> RolePolicy:
    """State how a role signs in, on record."""
    fields = ("role", "second_factor")
    before = state_of(RolePolicy.objects.filter(role=role).first(), fields)
    policy = set_role_policy(role=role, second_factor=second_factor)
    record_change(
        by=by,
        action=AccountAccess.SIGN_IN_RULE_CHANGED,
        subject=policy,
        before=before,
        after=state_of(policy, fields),
        at=at,
    )
    return policy
