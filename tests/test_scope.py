"""Every staff and API address, generated from the address tables: nobody reads another team's case, and those who may do."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from feedback_site.accounts.enums import Grant, Role
from feedback_site.accounts.models import ApiKey, Team, User
from feedback_site.accounts.services import create_api_key
from feedback_site.common.clock import database_now
from feedback_site.service_events.models import ServiceEvent
from tests.cases import Case, ask, write_case
from tests.feedback_site.dashboards.exports.case import write_export

CANARY = "Kanarienvogel"
# Tables without a team of their own; what they hold is the same for everybody who may open them.
SHARED = {
    "customers.segment",
    "delivery.suppression",
    "evaluations.dimension",
    "evaluations.evaluationscheme",
    "evaluations.indicator",
    "evaluations.schemeitem",
    "service_events.servicechannel",
    "service_events.servicekind",
    "surveys.question",
    "surveys.questionnaire",
    "surveys.questionnaireversion",
    "surveys.questionoption",
    "surveys.survey",
    "accounts.user",
    "accounts.team",
    "accounts.apikey",
    "accounts.rolepolicy",
    "visits.calendarday",
    "visits.visitplan",
}

# Rows of keys and hashes that no role but a superuser may open.
KEYS_ONLY = {"service_events.idempotencykey"}


@pytest.fixture
def case(organisation) -> Case:
    """Ellen's case in east-1."""
    asked = ask(organisation)
    write_case(organisation=organisation, asked=asked, team=organisation.west_1, canary="Westwind")
    return write_case(organisation=organisation, asked=asked, team=organisation.east_1, canary=CANARY)


def _addresses(model: Any, model_admin: Any, pk: Any) -> Iterator[str]:
    """Every address of one ModelAdmin, its own pages included, once plain and once as pop-up and search."""
    for pattern in model_admin.get_urls():
        if not isinstance(pattern, URLPattern) or not pattern.name:
            continue
        yield reverse(f"admin:{pattern.name}", args=[pk] * len(pattern.pattern.converters))
    listing = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    yield f"{listing}?_popup=1"
    yield f"{listing}?q={CANARY}"
    query = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}&field_name=team&term={CANARY}"
    yield f"{reverse('admin:autocomplete')}?{query}"


def _client(user: User) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user)
    return client


def _leaks(response: Any, words: set[str], address: str) -> set[str]:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text = body.decode(errors="replace").replace(address, "")
    return {word for word in words if word in text and word not in address}


def _scoped_models() -> list[tuple[Any, Any]]:
    return [
        (model, model_admin)
        for model, model_admin in admin.site._registry.items()
        if hasattr(model._default_manager.all(), "for_user") and model._meta.label_lower not in SHARED
    ]


def test_every_registered_model_is_scoped_or_known_to_be_shared():
    scoped = {model._meta.label_lower for model, _ in _scoped_models()}

    registered = {model._meta.label_lower for model in admin.site._registry}

    assert registered - scoped - SHARED == KEYS_ONLY


@pytest.mark.parametrize("who", ["wei", "vera"])
def test_nobody_outside_the_team_reads_a_byte_of_its_case(who, case, staff):
    client = _client(getattr(staff, who))
    leaks = {}

    for model, model_admin in admin.site._registry.items():
        own = next((row for row in case.rows if type(row) is model), None)
        for address in _addresses(model, model_admin, own.pk if own else 1):
            response = client.get(address)
            assert response.status_code < 500, address
            client.cookies.pop("messages", None)  # "… with ID … does not exist" repeats what was asked for, one page later
            if found := _leaks(response, case.words, address):
                leaks[address] = found

    assert leaks == {}


def test_even_with_every_permission_another_team_reads_nothing(case, staff, organisation):
    staff.wei.user_permissions.set(Permission.objects.all())
    client = _client(User.objects.get(pk=staff.wei.pk))
    leaks = {}

    for model, model_admin in admin.site._registry.items():
        own = next((row for row in case.rows if type(row) is model), None)
        for address in _addresses(model, model_admin, own.pk if own else 1):
            response = client.get(address)
            assert response.status_code < 500, address
            client.cookies.pop("messages", None)  # "… with ID … does not exist" repeats what was asked for, one page later
            if found := _leaks(response, case.words, address):
                leaks[address] = found

    assert leaks == {}


@pytest.mark.parametrize("who", ["ellen", "ada", "quinn"])
def test_those_who_may_see_the_case_find_every_row_of_it(who, case, staff):
    client = _client(getattr(staff, who))

    for model, _model_admin in _scoped_models():
        row = next((row for row in case.rows if type(row) is model), None)
        if row is None or not getattr(staff, who).has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}"):
            continue
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        listing = client.get(reverse(f"{base}_changelist"))
        page = client.get(reverse(f"{base}_change", args=[row.pk]))

        assert listing.status_code == 200, model
        assert str(row.pk) in listing.content.decode(), model
        assert page.status_code == 200, model


def test_management_sees_records_and_no_single_case(case, staff):
    client = _client(staff.max)

    records = client.get(reverse("admin:evaluations_evaluationrecord_changelist"))
    events = client.get(reverse("admin:service_events_serviceevent_changelist"))

    assert records.status_code == 200
    assert events.status_code == 403


def test_lookups_outside_the_allow_list_are_refused(case, staff):
    client = _client(staff.wei)

    for model, _model_admin in _scoped_models():
        if not staff.wei.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}"):
            continue
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        response = client.get(f"{address}?pk__contains={CANARY}")

        assert response.status_code in {302, 400}, model


def _api_patterns(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _api_patterns(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix, pattern


def _key_of(case: Case, pattern: URLPattern) -> Any:
    """The key of the case's row that an address is about: of its view's own model, else of the event."""
    queryset = getattr(getattr(pattern.callback, "cls", None), "queryset", None)
    own = next((row for row in case.rows if queryset is not None and type(row) is queryset.model), None)
    return (own or case.of(ServiceEvent)).pk


def _api_addresses(case: Case) -> list[str]:
    found = []
    for prefix, pattern in _api_patterns(get_resolver().url_patterns):
        if not prefix.startswith("api/v1/"):
            continue
        address = "/" + prefix + str(pattern.pattern).removeprefix("^").removesuffix("$")
        found.append(re.sub(r"\(\?P<\w+>[^/]*\)|<[^>]*>", str(_key_of(case, pattern)), address))
    return found


def test_an_api_key_of_another_region_reads_nothing_and_the_right_one_does(case, organisation, east_api_key, settings, tmp_path):
    settings.EXPORT_DIR = tmp_path
    _key, west = create_api_key(name="crm west", grants=list(Grant), team=Team.objects.get(code="west"))
    case.add(write_export(by=ApiKey.objects.get(name="crm east"), text=CANARY, at=database_now()))
    addresses = _api_addresses(case)
    seen_by_east = set()

    for address in addresses:
        foreign = Client().get(address, headers={"Authorization": f"Api-Key {west}"})
        own = Client().get(address, headers={"Authorization": f"Api-Key {east_api_key}"})
        assert foreign.status_code < 500, address
        assert own.status_code in {200, 405}, address
        assert _leaks(foreign, case.words, address) == set(), address
        seen_by_east |= _leaks(own, case.words, address)

    assert len(addresses) > 3
    assert CANARY in seen_by_east


def test_every_role_can_sign_in_and_opens_its_home_page(staff):
    for name in ("ellen", "ada", "quinn", "max", "vera", "root"):
        response = _client(getattr(staff, name)).get(reverse("admin:index"))

        assert response.status_code == 200, name
    assert {member.role for member in vars(staff).values()} >= {Role.SERVICE_TEAM, Role.MANAGEMENT, Role.ASSESSOR}
