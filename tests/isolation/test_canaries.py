"""The matrix proves something only where there is something to read."""

from django.apps import apps

from tests.isolation.addresses import all_addresses
from tests.isolation.canaries import MEANING, is_text, kind_of, lacking
from tests.isolation.places import PARENTS, word
from tests.isolation.world import is_scoped, registered_models

# Tables without a team; what they hold is the same for everybody who may open them.
SHARED = {
    "accounts.organisation",
    "customers.segment",
    "delivery.suppression",
    "evaluations.dimension",
    "evaluations.evaluationscheme",
    "evaluations.indicator",
    "service_events.servicechannel",
    "service_events.servicekind",
    "voice.voicedesk",
}
# How people and systems sign in, which only administrators may open.
KEYS_OF_SIGN_IN = {"accounts.rolepolicy"}


def test_every_address_can_be_filled_for_every_place(world):
    paths = {address.at(world, place) for address in all_addresses() for place in PARENTS}

    assert len(paths) > len(all_addresses()) > 300


def test_every_registered_model_is_scoped_or_known_to_be_shared():
    unscoped = {model._meta.label_lower for model in registered_models() if not is_scoped(model)}

    assert unscoped - KEYS_OF_SIGN_IN == SHARED


def test_every_scoped_model_has_a_row_at_every_place(world):
    """With or without staff pages of its own: other pages and the API may show its rows."""
    models = [model for model in {*registered_models(), *apps.get_models()} if is_scoped(model)]
    wanted = [(model, place) for model in models if not model._meta.proxy for place in PARENTS]

    assert [
        (model._meta.label_lower, place) for model, place in wanted if place not in world.rows[model]
    ] == []


def test_no_text_column_of_a_scoped_row_lacks_its_canary(world):
    rows = [(place, row) for rows in world.rows.values() for place, row in rows.items() if place in PARENTS]

    lacks = {
        (column, place)
        for place, row in rows
        if is_scoped(type(row))
        for column in lacking(row, word(place, kind_of(row)))
    }

    assert lacks == set()


def test_only_text_columns_that_exist_are_left_out():
    columns = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if is_text(field)
    }

    assert set(MEANING) - columns == set()
