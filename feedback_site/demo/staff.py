"""Members of staff of each role, and the administrator who may do everything."""

import secrets
from dataclasses import asdict, dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from feedback_site.accounts.enums import Role
from feedback_site.accounts.models import Team, User
from feedback_site.accounts.services import assign_role
from feedback_site.demo.people import SOURCE
from feedback_site.service_events.models import Agent

ADMIN = "admin"
AGENT_OF_SERVICE = "A11"
_PASSWORD_BYTES = 9


@dataclass(frozen=True, slots=True)
class StaffLogin:
    """How to log in as one member of staff."""

    username: str
    password: str
    role: str
    team: str | None

    @property
    def as_json(self) -> dict[str, str | None]:
        """The entry in `demo.json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Colleague:
    username: str
    role: Role
    team: str | None
    name: str


COLLEAGUES = (
    _Colleague("service", Role.SERVICE_TEAM, "east-1", "王建国"),
    _Colleague("support", Role.SUPPORT_TEAM, "west", "李娜"),
    _Colleague("support-east", Role.SUPPORT_TEAM, "east", "周洁"),
    _Colleague("surveys", Role.SURVEY_STAFF, "east", "陈雨桐"),
    _Colleague("analyst", Role.ANALYST, "west", "吴敏"),
    _Colleague("quality", Role.QUALITY_MANAGEMENT, None, "孙浩"),
    _Colleague("management", Role.MANAGEMENT, None, "郑岚"),
    _Colleague("assessor", Role.ASSESSOR, None, "冯睿"),
    _Colleague("administrator", Role.ADMINISTRATOR, None, "黄伟"),
)


def new_password() -> str:
    """Return a random password that can be typed."""
    return secrets.token_urlsafe(_PASSWORD_BYTES)


@transaction.atomic
def set_up_staff(*, password: str) -> list[StaffLogin]:
    """Create the administrator and the staff, or give them `password` again; return the logins of the staff.

    One password for all: a person who tries the roles out types it nine times.
    """
    # Hashing is slow on purpose; the same words need it once.
    hashed = make_password(password)
    teams = {team.code: team for team in Team.objects.all()}
    admin = _Colleague(ADMIN, Role.ADMINISTRATOR, None, "林静")
    for colleague in (admin, *COLLEAGUES):
        _set_up(colleague, hashed, teams)
    User.objects.filter(username=ADMIN).update(is_superuser=True)
    # The colleague who serves customers is an agent too:
    # return visits about their own work go to another person.
    Agent.objects.filter(source=SOURCE, code=AGENT_OF_SERVICE).update(
        user=User.objects.get(username="service")
    )
    return [
        StaffLogin(colleague.username, password, colleague.role.value, colleague.team)
        for colleague in COLLEAGUES
    ]


def _set_up(colleague: _Colleague, hashed: str, teams: dict[str, Team]) -> None:
    user = User.objects.filter(username=colleague.username).first() or User(
        username=colleague.username,
        email=f"{colleague.username}@staff.example",
        # Family name first: Django would turn two fields round.
        first_name=colleague.name,
    )
    user.password = hashed
    assign_role(user=user, role=colleague.role, team=teams[colleague.team] if colleague.team else None)
