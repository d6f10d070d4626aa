"""Every list of staff names what cannot be read in its address.

Whole days are whole, and a region holds its stations.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin import AllValuesFieldListFilter
from django.db.models import CharField
from django.urls import reverse

from feedback_site.accounts.admin.list_filters import DayRangeFilter, DayTimeRangeFilter
from feedback_site.accounts.admin.list_parameters import LONGEST, WrongParametersError
from feedback_site.accounts.enums import AccountAccess
from feedback_site.accounts.models import AccessLogEntry, Team, User
from feedback_site.accounts.services import record_access
from feedback_site.customers.models import Customer

pytestmark = pytest.mark.django_db
LISTS = sorted(admin.site._registry.items(), key=lambda entry: entry[0]._meta.label)
DAY = datetime(2026, 11, 30, tzinfo=UTC) - timedelta(hours=8)  # midnight in Shanghai


def rows(rf, user, model, **query):
    """The rows of a list as its page would show them."""
    request = rf.get("/", query)
    request.user = user
    return admin.site._registry[model].get_changelist_instance(request)


def wrong(rf, user, model, **query):
    """The parameters that the list refuses, with its reasons."""
    try:
        rows(rf, user, model, **query)
    except WrongParametersError as error:
        return error.faults
    return {}


def filters(rf, user) -> Iterator[tuple[Any, list[Any]]]:
    """The filters of every list."""
    for model, _admin in LISTS:
        yield model, rows(rf, user, model).filter_specs


def test_every_list_names_what_it_does_not_know(rf, staff):
    bad = {"nowhere": "1", "nowhere__exact": "x", "pk__regex": ".", "a\0b": "1", "p": "none", "o": "1\0"}

    found = {model._meta.label: wrong(rf, staff.root, model, **bad).keys() for model, _admin in LISTS}

    assert {label: names for label, names in found.items() if names != bad.keys() - {"p"}} == {}
    assert len(found) > 50


def test_every_list_says_which_page_there_is_not(rf, staff):
    for model, _admin in LISTS:
        assert wrong(rf, staff.root, model, p="99999").keys() == {"p"}, model
    for page in ("none", "0", "-1", "1.5", "9" * 30):
        assert wrong(rf, staff.root, Team, p=page).keys() == {"p"}


def test_every_search_refuses_nul_and_no_list_without_a_search_pretends_to_have_one(rf, staff):
    for model, model_admin in LISTS:
        searches = bool(model_admin.search_fields) or hasattr(model_admin, "find_view")
        assert wrong(rf, staff.root, model, q="a\0b").keys() == {"q"}
        assert wrong(rf, staff.root, model, q="word").keys() == (set() if searches else {"q"}), model
    assert wrong(rf, staff.root, User, q="x" * (LONGEST + 1)).keys() == {"q"}


@pytest.mark.parametrize("value", ["no-such-choice", "9" * 30])
def test_every_choice_that_is_none_is_named(rf, staff, value):
    """Every filter by choice or row, with what is no choice, no number, no id and no row."""
    asked = 0
    for model, specs in filters(rf, staff.root):
        chosen = [
            spec
            for spec in specs
            if not isinstance(spec, DayRangeFilter | DayTimeRangeFilter | AllValuesFieldListFilter)
        ]
        names = {
            next(name for name in spec.expected_parameters() if not name.endswith("__isnull"))
            for spec in chosen
        }
        asked += len(names)
        assert wrong(rf, staff.root, model, **dict.fromkeys(names, value)).keys() == names, model
    assert asked > 50


@pytest.mark.parametrize(("how", "value"), [("in", "no-such-value"), ("in", "9" * 30), ("gte", "9" * 30)])
def test_every_lookup_of_a_filter_names_the_value_that_is_none(rf, staff, how, value):
    asked = 0
    for model, specs in filters(rf, staff.root):
        fields = {spec.field_path: spec.field for spec in specs if hasattr(spec, "field")}
        strict = {f"{path}__{how}" for path, field in fields.items() if not holds_any_text(field, how)}
        asked += len(strict)
        assert wrong(rf, staff.root, model, **dict.fromkeys(strict, value)).keys() == strict, model
    assert asked > 20


def holds_any_text(field, how) -> bool:
    """Whether any text is a value of it, so that none is wrong."""
    column = getattr(field, "target_field", field)
    return isinstance(column, CharField) and (how != "in" or not column.flatchoices)


@pytest.mark.parametrize(
    ("first", "last", "at"),
    [("yesterday", "", "from"), ("", "9999-12-31", "to"), ("2026-11-30", "2026-11-29", "to")],
)
def test_every_range_names_the_day_that_is_none_and_the_end_before_the_beginning(rf, staff, first, last, at):
    asked = 0
    for model, specs in filters(rf, staff.root):
        for spec in specs:
            if isinstance(spec, DayRangeFilter | DayTimeRangeFilter):
                asked += 1
                query = {spec.name_of("from"): first, spec.name_of("to"): last}
                assert wrong(rf, staff.root, model, **query).keys() == {spec.name_of(at)}, (model, query)
    assert asked > 10


def test_a_time_without_its_day_is_named(rf, staff):
    assert wrong(rf, staff.root, AccessLogEntry, at_to_1="10:00").keys() == {"at_to_0"}


@pytest.fixture
def looks(staff, organisation):
    """Entries of the access log, a second before and after each edge of 30 November in Shanghai."""
    for hours in (0, 24):
        for seconds in (-1, 0):
            record_access(
                actor=staff.root,
                action=AccountAccess.EXPORTED,
                subject_kind="x",
                subject_id=f"{hours}{seconds}",
                team_id=organisation.east_1.pk,
                details={},
                at=DAY + timedelta(hours=hours, seconds=seconds),
            )


DRILLED = [model for model, model_admin in LISTS if model_admin.date_hierarchy]


@pytest.mark.parametrize("model", DRILLED, ids=lambda model: model._meta.model_name)
@pytest.mark.parametrize(
    ("said", "wrong_parts"),
    [
        ({"year": "2026"}, set()),
        ({"year": "2026", "month": "11"}, set()),
        ({"year": "2026", "month": "11", "day": "30"}, set()),
        ({"year": "2026", "day": "30"}, set()),
        ({"month": "11"}, set()),
        ({"year": "1"}, set()),
        ({"year": "9998", "month": "12", "day": "31"}, set()),
        ({"year": "2026", "month": "13"}, {"year", "month"}),
        ({"year": "2026", "month": "2", "day": "29"}, {"year", "month", "day"}),
        ({"year": "MMXXVI"}, {"year"}),
        ({"year": "0"}, {"year"}),
        ({"year": "9999"}, {"year"}),
        ({"year": "9999", "month": "12"}, {"year", "month"}),
        ({"year": "9999", "month": "12", "day": "31"}, {"year", "month", "day"}),
        ({"year": "9" * 30}, {"year"}),
        ({"month": "eleven"}, {"month"}),
    ],
)
def test_every_drill_down_by_date_opens_and_names_the_date_that_is_none(
    rf, client, staff, model, said, wrong_parts
):
    path = admin.site._registry[model].date_hierarchy
    query = {f"{path}__{part}": value for part, value in said.items()}

    assert wrong(rf, staff.root, model, **query).keys() == {f"{path}__{part}" for part in wrong_parts}
    client.force_login(staff.root)
    assert (
        client.get(
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), query
        ).status_code
        == 200
    )


def test_some_lists_drill_down_by_date():
    assert len(DRILLED) >= 4


@pytest.mark.usefixtures("looks")
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"at_from_0": "2026-11-30", "at_to_0": "2026-11-30"}, ["00", "24-1"]),
        ({"at_from_0": "2026-11-30"}, ["00", "24-1", "240"]),
        ({"at_to_0": "2026-11-30"}, ["0-1", "00", "24-1"]),
        ({"at_to_0": "2026-11-29", "at_to_1": ""}, ["0-1"]),
        ({"at_from_0": "2026-11-30", "at_from_1": "23:59"}, ["24-1", "240"]),
        ({"at_to_0": "2026-11-30", "at_to_1": "23:59"}, ["0-1", "00", "24-1"]),
        ({"at_to_0": "2026-11-30", "at_to_1": "23:59:30"}, ["0-1", "00"]),
        ({"at__lte": "2026-11-30"}, ["0-1", "00", "24-1"]),
        ({"at__lt": "2026-11-30"}, ["0-1"]),
        ({"at__gt": "2026-11-30"}, ["240"]),
        ({"at__gte": "2026-11-30"}, ["00", "24-1", "240"]),
        ({"at__exact": "2026-11-30"}, ["00", "24-1"]),
    ],
)
def test_a_day_without_a_time_is_the_whole_day(rf, staff, query, shown):
    found = rows(rf, staff.root, AccessLogEntry, **query).queryset

    assert sorted(entry.subject_id for entry in found) == sorted(shown)


@pytest.mark.parametrize(
    "parameter", ["team__id__exact", "team__exact", "team", "team__in", "team__id__in", "team__pk__exact"]
)
def test_a_region_holds_the_rows_of_its_stations(rf, staff, organisation, parameter):
    found = {
        team.code: {
            user.username for user in rows(rf, staff.root, User, **{parameter: str(team.pk)}).queryset
        }
        for team in (organisation.east, organisation.east_1, organisation.west)
    }

    assert found == {"east": {"ellen", "ada"}, "east-1": {"ellen"}, "west": {"wei"}}


def test_every_team_filter_is_by_subtree(rf, staff, organisation):
    asked = 0
    for model, specs in filters(rf, staff.root):
        names = [
            spec.lookup_kwarg
            for spec in specs
            if getattr(getattr(spec, "field", None), "related_model", None) is Team
        ]
        asked += len(names)
        sql = str(
            rows(rf, staff.root, model, **dict.fromkeys(names, str(organisation.east.pk))).queryset.query
        )
        assert sql.count("RECURSIVE subtree") == len(names), (model, names)
    assert asked > 20


def test_two_teams_at_once_are_either(rf, staff, organisation):
    found = rows(rf, staff.root, User, team__in=f"{organisation.east.pk},{organisation.west_1.pk}").queryset

    assert {user.username for user in found} == {"ellen", "ada", "wei"}


def test_the_page_names_the_parameter_and_shows_the_list(client, staff):
    client.force_login(staff.root)
    client.cookies["django_language"] = "en"
    address = reverse("admin:accounts_user_changelist")

    answer = client.get(f"{address}?shoe_size=44&role__exact=king&q=%00&is_active__exact=1")

    assert answer.status_code == 200
    page = answer.content.decode()
    assert [name for name in ("shoe_size", "role__exact", "q") if f"“{name}” was left out" not in page] == []
    assert {user.username for user in answer.context["cl"].queryset} == set(
        User.objects.values_list("username", flat=True)
    )


def test_nothing_is_done_to_rows_that_were_chosen_by_what_cannot_be_read(client, staff):
    client.force_login(staff.root)
    address = reverse("admin:accounts_user_changelist") + "?role__exact=king"
    before = set(User.objects.values_list("pk", flat=True))

    answer = client.post(
        address,
        {
            "action": "delete_selected",
            "select_across": "1",
            "_selected_action": [staff.wei.pk],
            "post": "yes",
        },
    )

    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    assert set(User.objects.values_list("pk", flat=True)) == before


@pytest.mark.parametrize("parameter", ["term", "field_name"])
def test_a_nul_in_autocomplete_is_refused_by_name(client, staff, parameter):
    client.force_login(staff.root)
    query = {
        "app_label": "accounts",
        "model_name": "user",
        "field_name": "team",
        "term": "east",
        parameter: "a\0b",
    }

    answer = client.get(reverse("admin:autocomplete"), query)

    assert answer.status_code in {400, 403}
    if parameter == "term":
        assert answer.json() == {
            "message": "“term” holds a character that no text can hold (NUL).",
            "extra": {"parameters": ["term"]},
        }
    assert client.get(reverse("admin:autocomplete"), {**query, parameter: "team"}).status_code == 200


def test_a_list_by_keys_is_a_list_by_keys(rf, staff):
    assert wrong(rf, staff.root, Customer, pk__in="x,y").keys() == {"pk__in"}
