"""Who reads: everybody that there is, in their own place."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Permission

from feedback_site.accounts.enums import Grant, Role
from feedback_site.accounts.models import ApiKey, Team, User
from feedback_site.accounts.services import assign_role, create_api_key
from feedback_site.common.clock import database_now
from surveys.models import IndicatorTally, ResponseTally
from tests.factories.dashboards.export_files import write_export
from tests.isolation.asking import PlainClient
from tests.isolation.places import READER, Scope, word
from tests.isolation.world import World
from visits.models import ReturnVisit

REACHES = {
    Role.SERVICE_TEAM: "subtree",
    Role.SUPPORT_TEAM: "subtree",
    Role.SURVEY_STAFF: "subtree",
    Role.ANALYST: "subtree",
    Role.QUALITY_MANAGEMENT: "all",
    Role.ADMINISTRATOR: "all",
    Role.MANAGEMENT: "figures",
    Role.ASSESSOR: "assigned",
}
_REVOKED = "revoked"


@dataclass
class Reader:
    """A person who asks: a member of staff, a system's key, or no one known."""

    name: str
    scope: Scope
    client: PlainClient
    user: User | None = None
    grants: frozenset[str] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    is_thorough: bool = False

    @property
    def is_system(self) -> bool:
        """Whether it brings a key."""
        return self.grants is not None

    @property
    def is_known(self) -> bool:
        """Whether the site knows who asks."""
        return self.user is not None or self.is_system

    def may_view(self, model: Any) -> bool:
        """Whether its role opens a model's pages at all.

        Single cells of tallies are not for those who see figures only.
        """
        if self.scope.reach == "figures" and model in {ResponseTally, IndicatorTally}:
            return False
        return self.user is not None and self.user.has_perm(
            f"{model._meta.app_label}.view_{model._meta.model_name}"
        )


def _signed_in(user: User) -> PlainClient:
    client = PlainClient()
    client.force_login(user)
    return client


def _team_at(world: World, scope: Scope) -> Team | None:
    return world.teams[scope.place] if scope.reach == "subtree" else None


def staff_reader(world: World, role: Role, *, place: str = "Own", assigned: bool = True) -> Reader:
    """One role in its own place, with what belongs to itself.

    A file, and the visit that is assigned to it.
    """
    scope = Scope(REACHES[role] if assigned or role is not Role.ASSESSOR else "nothing", place)
    user = User(username=word(READER, "Staff"), language="en")
    user.set_unusable_password()
    assign_role(user=user, role=role, team=_team_at(world, scope))
    _give_work(world, user, scope, assigned=assigned)
    return Reader(f"{role.value}@{place}", scope, _signed_in(user), user)


def reader_with_every_permission(world: World, place: str) -> Reader:
    """Whatever a role may come to be allowed: scope alone must hold."""
    reader = staff_reader(world, Role.SERVICE_TEAM, place=place)
    assert reader.user is not None
    reader.user.user_permissions.set(Permission.objects.all())
    user = User.objects.get(pk=reader.user.pk)
    return Reader(f"every permission@{place}", reader.scope, _signed_in(user), user, is_thorough=True)


def superuser(world: World) -> Reader:
    """Who opens every page: what they do not find is found by no one."""
    reader = staff_reader(world, Role.ADMINISTRATOR)
    User.objects.filter(username=word(READER, "Staff")).update(is_superuser=True)
    user = User.objects.get(username=word(READER, "Staff"))
    return Reader("superuser", reader.scope, _signed_in(user), user)


def anonymous(world: World) -> Reader:
    """A person without a session or a key."""
    del world
    return Reader("anonymous", Scope("nothing"), PlainClient())


def system(
    world: World, *, place: str | None = "Own", without: Grant | None = None, state: str = ""
) -> Reader:
    """A key of a place's subtree, None: of all, without one grant."""
    grants = [grant for grant in Grant if grant is not without]
    key, clear = create_api_key(
        name=word(READER, "Case"), grants=grants, team=world.teams[place] if place else None
    )
    if state == _REVOKED:
        ApiKey.objects.filter(pk=key.pk).update(revoked_at=database_now())
    world.register(write_export(by=key, text=word(READER, "Export"), at=database_now()))
    scope = Scope("subtree", place) if place else Scope("all")
    allowed = frozenset() if state == _REVOKED else frozenset(grant.value for grant in grants)
    name = (
        f"key@{place or 'all'}{f' without {without.value}' if without else ''}{f' {state}' if state else ''}"
    )
    return Reader(name, scope, PlainClient(), None, allowed, {"Authorization": f"Api-Key {clear}"})


def _give_work(world: World, user: User, scope: Scope, *, assigned: bool) -> None:
    world.register(write_export(by=user, text=word(READER, "Export"), at=database_now()))
    if assigned:
        visit = world.rows[ReturnVisit][scope.place]
        ReturnVisit.objects.filter(pk=visit.pk).update(assignee=user, assigned_at=database_now())


# Each role once, those of a team in four different places: a station,
# the region above it, a franchise below it, and another region.
READERS: dict[str, Callable[[World], Reader]] = {
    "anonymous": anonymous,
    "service team of a station": lambda world: staff_reader(world, Role.SERVICE_TEAM),
    "survey staff of the region above": lambda world: staff_reader(world, Role.SURVEY_STAFF, place="Parent"),
    "analyst of the team below": lambda world: staff_reader(world, Role.ANALYST, place="Child"),
    "support team of another region": lambda world: staff_reader(world, Role.SUPPORT_TEAM, place="West"),
    **{
        role.value: (lambda world, role=role: staff_reader(world, role))
        for role in Role
        if REACHES[role] != "subtree"
    },
    "assessor without assignments": lambda world: staff_reader(world, Role.ASSESSOR, assigned=False),
    "every permission": lambda world: reader_with_every_permission(world, "Own"),
}
SYSTEMS: dict[str, Callable[[World], Reader]] = {
    "own key": system,
    "key of the region": lambda world: system(world, place="Parent"),
    "key of another region": lambda world: system(world, place="West"),
    "key of all": lambda world: system(world, place=None),
    "revoked key": lambda world: system(world, state=_REVOKED),
    **{
        f"key without {grant.value}": (lambda world, grant=grant: system(world, without=grant))
        for grant in Grant
    },
}
