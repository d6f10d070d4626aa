"""Every list of the API: what cannot be read in its address is refused by name, with what is known.

Days are whole.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from config.api_urls import router
from feedback_site.accounts.enums import Grant
from feedback_site.accounts.services import create_api_key
from feedback_site.service_events.models import ServiceEvent
from nps.enums import CampaignStatus
from tests.factories.cases import ask, write_case
from visits.models import ReturnVisit

LISTS = sorted(basename for _prefix, view, basename in router.registry if hasattr(view, "list"))
WITH_CHANGES = [name for name in LISTS if not name.startswith("metric-")]
DAY = datetime(2026, 11, 30, tzinfo=UTC) - timedelta(hours=8)  # midnight in Shanghai


@pytest.fixture
def asked(api_key) -> Any:
    """Ask a list with a key for everything."""
    return lister(api_key)


def lister(key: str) -> Any:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Api-Key {key}")
    return lambda name, query="", **more: client.get(f"{reverse(f'{name}-list')}?{query}", more or None)


def test_every_list_is_walked():
    assert len(LISTS) >= 11
    assert len(WITH_CHANGES) >= 7


@pytest.mark.parametrize("name", LISTS)
def test_an_unknown_parameter_is_named_with_those_that_are_known(name, asked):
    answer = asked(name, "nowhere=1&team__code=x")

    assert answer.status_code == 400
    body = answer.json()
    assert {"nowhere", "team__code"} <= body["extra"]["fields"].keys()
    assert body["message"].startswith("This list has no parameter “nowhere”, “team__code”. Known are: ")
    assert set(body["extra"]["known"]) == known_by_the_document(name) | {"format"}


def known_by_the_document(name: str) -> set[str]:
    """The query parameters that the OpenAPI document states."""
    operation = SchemaGenerator().get_schema(request=None, public=True)["paths"][reverse(f"{name}-list")][
        "get"
    ]
    return {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "query"}


@pytest.mark.parametrize("name", LISTS)
def test_what_no_text_can_hold_and_what_is_given_twice_or_without_end_is_named(name, asked):
    answer = asked(name, f"team=%00&kind=a&kind=b&survey={'x' * 501}&channel=%ED%A0%80&segment=none")

    fields = answer.json()["extra"]["fields"]
    assert answer.status_code == 400
    assert {field: reasons for field, reasons in fields.items() if field in {"team", "kind", "survey"}} == {
        "team": ["It holds a character that no text can hold (NUL)."],
        "kind": ["It is given more than once."],
        "survey": ["It is longer than 500 characters."],
    }
    half = asked(name, "channel=%ED%A0%80&%ED%A0%80=1")
    assert half.status_code == 400
    assert "channel" in half.json()["extra"]["fields"]


@pytest.mark.parametrize("name", WITH_CHANGES)
@pytest.mark.parametrize(
    "since", ["2026-02-30", "yesterday", "2999-01-01", "1999-12-31", "2026-11-30T10:00:00", "", "2026"]
)
def test_what_is_no_day_and_no_moment_is_named(name, since, asked):
    answer = asked(name, updated_since=since)

    assert (answer.status_code, answer.json()["extra"]["fields"].keys()) == (400, {"updated_since"})


@pytest.mark.parametrize("name", WITH_CHANGES)
@pytest.mark.parametrize(
    "query", ["page_size=many", "page_size=0", "page_size=-1", "page_size=%D9%A3", "page_size=1.5"]
)
def test_what_is_no_number_of_rows_is_named(name, query, asked):
    answer = asked(name, query)

    assert (answer.status_code, answer.json()["extra"]["fields"].keys()) == (400, {"page_size"})


@pytest.mark.parametrize("name", WITH_CHANGES)
def test_a_page_that_is_none_is_not_found_and_a_large_one_is_cut(name, asked):
    assert asked(name, "cursor=x%00y").status_code in {400, 404}
    assert asked(name, "cursor=%ED%A0%80").status_code == 404
    assert asked(name, "page_size=5000&updated_since=2026-11-30").status_code == 200


@pytest.fixture
def case(organisation) -> Any:
    """A case of station east-1, changed at midnight of 30 November in Shanghai."""
    written = write_case(
        organisation=organisation, asked=ask(organisation), team=organisation.east_1, canary="filters"
    )
    ServiceEvent.objects.filter(pk=written.of(ServiceEvent).pk).update(updated_at=DAY)
    ReturnVisit.objects.update(due_at=DAY + timedelta(hours=23, minutes=59))
    return written


@pytest.mark.parametrize(
    ("since", "rows"),
    [
        ("2026-11-30", 1),
        ("2026-12-01", 0),
        ("2026-11-30T00:00:00+08:00", 1),
        ("2026-11-30T00:00:01+08:00", 0),
    ],
)
def test_since_a_day_means_from_its_first_moment(case, asked, since, rows):
    assert len(asked("service-event", updated_since=since).json()["results"]) == rows


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ({"due_from": "2026-11-30", "due_until": "2026-11-30"}, 2),
        ({"due_until": "2026-11-29"}, 0),
        ({"due_from": "2026-12-01"}, 0),
        ({"due_until": "2026-11-30T23:00:00+08:00"}, 0),
    ],
)
def test_until_a_day_means_to_its_last_moment(case, asked, query, rows):
    assert len(asked("visit", **query).json()["results"]) == rows


def test_a_range_that_ends_before_it_begins_is_named(asked):
    assert asked("visit", due_from="2026-11-30", due_until="2026-11-29").json()["extra"]["fields"].keys() == {
        "due_until"
    }
    for name in (
        "response",
        "invitation",
        "metric-satisfaction",
        "metric-response-rate",
        "metric-representativeness",
    ):
        assert asked(name, **{"from": "2026-11-30", "to": "2026-11-29"}).json()["extra"]["fields"].keys() == {
            "to"
        }


def test_the_days_of_a_key_are_those_of_its_team(case, organisation):
    organisation.east.time_zone = "UTC"
    organisation.east.save(update_fields=["time_zone"])
    _row, key = create_api_key(name="east", grants=list(Grant), team=organisation.east)

    assert len(lister(key)("service-event", updated_since="2026-11-30").json()["results"]) == 0
    assert len(lister(key)("service-event", updated_since="2026-11-29").json()["results"]) == 1


@pytest.mark.parametrize("name", ["service-event", "invitation", "response", "visit", "evaluation"])
def test_a_region_holds_the_rows_of_its_stations(case, asked, name):
    found = asked(name, team="east").json()["results"]
    assert found
    assert found == asked(name, team="east-1").json()["results"]
    assert asked(name, team="west").json()["results"] == []


def test_choices_that_are_none_are_named_with_those_that_are(asked):
    assert (
        asked("evaluation", scheme="none")
        .json()["extra"]["fields"]["scheme"][0]
        .startswith("Unknown. Known are: ")
    )
    assert asked("nps-campaign", status="none", programme="none").json()["extra"]["fields"].keys() == {
        "status",
        "programme",
    }
    assert asked("metric-nps", campaign="no-uuid").json()["extra"]["fields"].keys() == {"campaign"}
    assert asked("nps-campaign", status=CampaignStatus.CLOSED.value).status_code == 200
