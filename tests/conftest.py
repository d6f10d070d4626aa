"""The cast: an organisation of two regions, and the people whom access tests read as sentences about."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.utils import translation

from feedback_site.accounts.enums import Grant, Role, TeamKind
from feedback_site.accounts.models import Organisation, Team, User
from feedback_site.accounts.selectors import remember_organisation
from feedback_site.accounts.services import create_api_key
from feedback_site.customers.models import Segment
from feedback_site.evaluations.models import EvaluationScheme
from feedback_site.evaluations.services import load_after_sales_scheme
from feedback_site.service_events.models import ServiceChannel, ServiceKind
from feedback_site.service_events.services.working_time import load_published_days
from tests.plugins.quick_databases import django_db_modify_db_settings, pytest_collection_modifyitems
from tests.plugins.quick_flush import quick_flush
from tests.plugins.quick_pages import quick_pages

__all__ = ["django_db_modify_db_settings", "pytest_collection_modifyitems", "quick_flush", "quick_pages"]

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai


@pytest.fixture(autouse=True)
def _source_language() -> None:
    """Begin in the site's language, whatever one a request of the test before left active in this thread."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _company_settings() -> None:
    """Begin with the company's settings as they are before an administrator saves any."""
    remember_organisation(Organisation())


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture(scope="session")
def brought_by_migrations(django_db_setup: None, django_db_blocker: Any) -> None:
    """Begin with the rows that migrations bring, also in a database that the run before has flushed."""
    with django_db_blocker.unblock():
        load_after_sales_scheme()
        load_published_days()


@pytest.fixture
def organisation(brought_by_migrations, db) -> SimpleNamespace:
    """What `found_organisation` writes."""
    return found_organisation()


def found_organisation() -> SimpleNamespace:
    """Write region east with station east-1, west with west-1.

    Kinds, channels and segments; the after-sales scheme.
    """
    if not EvaluationScheme.objects.exists():  # a test that commits flushes it
        load_after_sales_scheme()

    def team(code: str, kind: TeamKind, name_zh: str, parent: Team | None = None) -> Team:
        return Team(code=code, kind=kind, names={"en": code.title(), "zh-hans": name_zh}, parent=parent)

    east, west = Team.objects.bulk_create(
        [team("east", TeamKind.REGION, "东区"), team("west", TeamKind.REGION, "西区")]
    )
    east_1, west_1 = Team.objects.bulk_create(
        [
            team("east-1", TeamKind.STATION, "东区一站", east),
            team("west-1", TeamKind.STATION, "西区一站", west),
        ]
    )
    repair, complaint = _write(
        ServiceKind,
        ("after_sales_repair", "After-sales repair", "售后报修"),
        ("complaint_handling", "Complaint handling", "投诉处理"),
    )
    phone, on_site = _write(ServiceChannel, ("phone", "Phone", "电话"), ("on_site", "On site", "上门"))
    new, existing, high_value = _write(
        Segment,
        ("new", "New", "新客户"),
        ("existing", "Existing", "老客户"),
        ("high_value", "High-value", "高价值客户"),
    )
    return SimpleNamespace(
        east=east,
        west=west,
        east_1=east_1,
        west_1=west_1,
        repair=repair,
        complaint=complaint,
        phone=phone,
        on_site=on_site,
        new=new,
        existing=existing,
        high_value=high_value,
    )


def _write(model: Any, *names: tuple[str, str, str]) -> list[Any]:
    """Write rows of a slug, an English and a Chinese name in one statement."""
    return model.objects.bulk_create(
        [model(slug=slug, names={"en": name_en, "zh-hans": name_zh}) for slug, name_en, name_zh in names]
    )


@pytest.fixture
def staff(organisation) -> SimpleNamespace:
    """Ellen of east-1 and Wei of west-1 serve.

    Ada heads region east; Quinn sees all; Max sees figures; Root administers.
    """
    members = {
        "ellen": _member("ellen", Role.SERVICE_TEAM, organisation.east_1),
        "wei": _member("wei", Role.SERVICE_TEAM, organisation.west_1),
        "ada": _member("ada", Role.SURVEY_STAFF, organisation.east),
        "quinn": _member("quinn", Role.QUALITY_MANAGEMENT),
        "max": _member("max", Role.MANAGEMENT),
        "vera": _member("vera", Role.ASSESSOR),
        "root": _member("root", Role.ADMINISTRATOR),
    }
    User.objects.bulk_create(members.values())
    groups = dict(Group.objects.values_list("name", "pk"))
    User.groups.through.objects.bulk_create(
        User.groups.through(user_id=member.pk, group_id=groups[member.role]) for member in members.values()
    )
    return SimpleNamespace(**members)


def _member(username: str, role: Role, team: Team | None = None) -> User:
    """Return what `assign_role` would write, which takes seventeen statements for each.

    A test holds them against each other.
    """
    user = User(
        username=username,
        email=f"{username}@staff.example",
        language="en",
        role=role,
        team=team,
        is_staff=True,
    )
    user.set_password("correct horse battery")
    return user


@pytest.fixture
def api_key(organisation) -> str:
    """A key with every grant for all teams, in clear."""
    return create_api_key(name="crm", grants=list(Grant))[1]


@pytest.fixture
def east_api_key(organisation) -> str:
    """A key with every grant for region east only, in clear."""
    return create_api_key(name="crm east", grants=list(Grant), team=organisation.east)[1]


@pytest.fixture
def chinese_site(settings) -> None:
    """A site whose default language is Chinese, as in production; tests read English unless they ask."""
    settings.LANGUAGE_CODE = "zh-hans"
