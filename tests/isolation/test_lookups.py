"""`?field__lookup=` outside a list's own filters is refused, by pages and by the API alike.

It would answer questions about other rows.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import models

from tests.isolation.addresses import all_addresses
from tests.isolation.readers import reader_with_every_permission, system
from tests.isolation.walking import OK

BAD_REQUEST = 400
DEEPEST, MOST_BY_ADDRESS, FEWEST_LOOKUPS = 3, 5, 5000


def walks(model: Any, *, depth: int = 1, path: str = "", before: tuple[Any, ...] = ()) -> Iterator[str]:
    """Yield lookups that walk on to other tables, forwards and backwards, to one column of each."""
    for field in model._meta.get_fields():
        related = field.related_model
        name = f"{path}{field.name}"
        if related is None or not isinstance(related, type) or related in before:
            continue
        columns = [
            column
            for column in related._meta.concrete_fields
            if isinstance(column, models.CharField | models.TextField | models.JSONField)
        ]
        yield f"{name}__{(columns or related._meta.concrete_fields)[0].name}__startswith"
        if depth < DEEPEST:
            yield from walks(related, depth=depth + 1, path=f"{name}__", before=(*before, model))


def on_the_row_itself(model: Any) -> list[str]:
    """Lookups on a row's own columns that no filter asks by."""
    return [f"{field.name}__{how}" for field in model._meta.concrete_fields for how in ("regex", "contains")]


def spread(lookups: list[str], number: int) -> list[str]:
    """Keep a number that can be asked for, from the nearest tables to the furthest."""
    return lookups[:: max(1, len(lookups) // number)][:number]


def forbidden(model: Any) -> list[str]:
    """Every lookup that a list must refuse, those of the row itself first."""
    allowed = admin.site._registry[model].allowed_lookups
    found = [*on_the_row_itself(model), *sorted(walks(model), key=lambda walk: walk.count("__"))]
    return [lookup for lookup in found if lookup not in allowed]


def test_lists_of_staff_allow_no_walk_to_other_tables(world, rf):
    """Ask each list itself about every lookup there is; the next test asks for some by their addresses."""
    request = rf.get("/")
    request.user = reader_with_every_permission(world, "Own").user
    wrong, asked = [], 0

    for model, model_admin in admin.site._registry.items():
        for lookup in forbidden(model):
            asked += 1
            if model_admin.lookup_allowed(lookup, "K", request):
                wrong.append(f"{model._meta.label}: {lookup}")

    assert not wrong, "\n".join(wrong)
    assert asked >= FEWEST_LOOKUPS


def test_lists_of_staff_refuse_walks_to_other_tables(world):
    reader = reader_with_every_permission(world, "Own")
    wrong, asked = [], 0

    for address in all_addresses():
        if not address.name.endswith("_changelist"):
            continue
        for lookup in spread(forbidden(address.model), MOST_BY_ADDRESS):
            asked += 1
            path = f"{address.at(world, 'Own')}?{lookup}=K"
            answer = reader.client.get(path)
            # The page names the parameter and shows the list without
            # it: what is behind it has no part in what is shown.
            if answer.status_code != OK or f"“{lookup}” was left out" not in answer.content.decode():
                wrong.append(f"{path} -> {answer.status_code}")

    assert not wrong, "\n".join(wrong)
    assert asked >= MOST_BY_ADDRESS * 40


@pytest.mark.parametrize("column", ["password", "name_sealed", "customer__name_sealed", "team__code"])
def test_pop_ups_hand_out_no_column_but_the_key(column, world):
    reader = reader_with_every_permission(world, "Own")

    answers = {
        address.name: reader.client.get(f"{address.at(world, 'Own')}?_popup=1&_to_field={column}").status_code
        for address in all_addresses()
        if address.name.endswith("_changelist")
    }

    assert {name: status for name, status in answers.items() if status != BAD_REQUEST} == {}


def test_the_api_refuses_every_walk_to_other_tables(world, record_property):
    key = system(world)
    wrong, asked = [], 0

    for address in all_addresses():
        if (
            not address.is_api
            or address.model is None
            or address.arguments
            or "get" not in getattr(address.view, "actions", {})
        ):
            continue
        for lookup in spread(forbidden(address.model), 15):
            asked += 1
            path = f"{address.at(world, 'Own')}?{lookup}=K"
            answer = key.client.get(path, headers=key.headers)
            if answer.status_code != BAD_REQUEST:
                wrong.append(f"{path} -> {answer.status_code}")

    record_property("lookups", asked)
    assert not wrong, "\n".join(wrong)
    assert asked >= 50
    assert key.client.get("/api/v1/responses/", headers=key.headers).status_code == OK
