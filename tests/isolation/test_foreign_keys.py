"""A member of one team names rows of another in every form, action and address that writes.

Refused, and nothing is written.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.urls import reverse

from surveys.models import Survey
from tests.isolation.addresses import Address, all_addresses
from tests.isolation.forms import choices_of_rows, errors_of, filled_in
from tests.isolation.readers import Reader, reader_with_every_permission
from tests.isolation.walking import OK, scoped_references
from tests.isolation.world import World, is_scoped
from tests.isolation.writes import watching_writes

FOUND = 302
# What a person would choose where making something up is not enough.
CHOSEN: dict[str, dict[str, Any]] = {
    "accounts_user_add": {
        "usable_password": "true",
        "password1": "correct horse battery 7",
        "password2": "correct horse battery 7",
    },
    "questionnaires_questionnaire_add": {"title_en": "How did we do?", "thanks_en": "Thank you"},
    "questionnaires_questionnaire_change": {"end_pages-0-redirect_url": ""},
    "questionnaires_question_add": {"text_en": "How did we do?"},
    "questionnaires_endpage_change": {"redirect_url": ""},
    "delivery_suppression_add": {"channel": "email", "address": "blocked@customer.example"},
}
# Forms that these tests cannot fill in: every field is tampered with all the same.
NEVER_RIGHT = {
    "accounts_team_change": "the team above is out of scope, and teams are changed by those who see all",
    "evaluations_evaluationscheme_add": "its weights must sum to 100 %",
    "nps_programme_add": "needs a published question that counts as a recommendation",
    "nps_programme_change": "needs a published question that counts as a recommendation",
}
FEWEST_FIELDS, FEWEST_ACTIONS = 20, 10


@pytest.fixture
def reader(world: World) -> Reader:
    """A member of Own with every permission there is: only scope stands in the way."""
    return reader_with_every_permission(world, "Own")


def pages_with_forms(reader: Reader, world: World, kind: str) -> Iterator[tuple[Address, str, Any]]:
    """Yield address, path and page of every add or change form that the reader may send."""
    for address in all_addresses():
        if (
            address.model is None
            or address.is_api
            or not address.name.endswith(f"_{address.model._meta.model_name}_{kind}")
        ):
            continue
        path = address.at(world, "Own")
        page: Any = reader.client.get(path)
        context = getattr(page, "context_data", None) or {}
        may = "has_add_permission" if kind == "add" else "has_change_permission"
        if page.status_code == OK and "adminform" in context and context[may]:
            yield address, path, page


def post(reader: Reader, path: str, data: dict[str, Any]) -> tuple[Any, set[str]]:
    """Post, undo, and return the answer with the tables that were written to."""
    with watching_writes() as tables, transaction.atomic():
        answer: Any = reader.client.post(
            path, {name: value for name, value in data.items() if value is not None}
        )
        transaction.set_rollback(True)
    return answer, tables


def _owner(page: Any, world: World) -> dict[str, Any]:
    """The team of a new row, where the form asks for one that it does not require by itself."""
    field = page.context_data["adminform"].form.fields.get("team")
    return {"team": world.teams["Own"].pk} if field is not None else {}


@pytest.mark.parametrize("kind", ["add", "change"])
def test_every_row_that_a_form_names_is_one_of_the_own_teams(kind, reader, world, record_property):
    wrong, tried = [], 0

    for address, path, page in pages_with_forms(reader, world, kind):
        whole = filled_in(page) | CHOSEN.get(address.name, {}) | _owner(page, world)
        answer, tables = post(reader, path, whole)
        if (answer.status_code != FOUND or not tables) and address.name not in NEVER_RIGHT:
            wrong.append(f"{address.name}: a form filled in as it should be is refused: {errors_of(answer)}")
            continue
        for posted, _name, model in choices_of_rows(page):
            tried += 1
            foreign = world.row(model, "West").pk
            answer, tables = post(reader, path, whole | {posted: foreign})
            if answer.status_code != OK or posted not in errors_of(answer) or tables:
                wrong.append(
                    f"{address.name}: {posted}={foreign} of West -> {answer.status_code}, wrote "
                    f"{tables or 'nothing'}"
                )

    record_property("fields", tried)
    assert not wrong, "\n".join(wrong)
    assert tried >= FEWEST_FIELDS // 2


def test_a_form_writes_no_reference_that_it_does_not_show(reader, world):
    wrong = []

    for address, path, page in pages_with_forms(reader, world, "change"):
        own = world.row(address.model, "Own")
        shown = page.context_data["adminform"].form.fields
        smuggled = {
            field.name: world.row(field.related_model, "West").pk
            for field in scoped_references(type(own))
            if field.name not in shown
        }
        before = {name: getattr(own, f"{name}_id") for name in smuggled}
        with transaction.atomic():
            reader.client.post(path, {**filled_in(page), **smuggled})
            stored = type(own)._base_manager.get(pk=own.pk)
            after = {name: getattr(stored, f"{name}_id") for name in smuggled}
            transaction.set_rollback(True)
        if any(after[name] == smuggled[name] != before[name] for name in smuggled):
            wrong.append(f"{address.name}: {smuggled}")

    assert not wrong, "\n".join(wrong)


def test_an_inline_row_of_another_team_is_not_taken_over(reader, world):
    wrong = []

    for address, path, page in pages_with_forms(reader, world, "change"):
        data = filled_in(page)
        for name in [
            name for name in data if name.endswith(("-0-id", f"-0-{address.model._meta.model_name}"))
        ]:
            prefix = name.split("-0-")[0]
            formset = next(
                inline.formset
                for inline in page.context_data["inline_admin_formsets"]
                if inline.formset.prefix == prefix
            )
            foreign = world.row(formset.model if name.endswith("-id") else address.model, "West").pk
            answer, tables = post(reader, path, data | {name: foreign})
            if answer.status_code == FOUND and formset.model._meta.db_table in tables:
                wrong.append(f"{address.name}: {name}={foreign}")

    assert not wrong, "\n".join(wrong)


def lists(reader: Reader, world: World) -> Iterator[tuple[Address, str, Any]]:
    """Yield address, path and page of every list that the reader opens."""
    for address in all_addresses():
        if address.name.endswith("_changelist"):
            path = address.at(world, "Own")
            page: Any = reader.client.get(path)
            if page.status_code == OK:
                yield address, path, page


@pytest.mark.parametrize("across", ["0", "1"])
def test_actions_leave_the_rows_of_other_teams_alone(across, reader, world, record_property):
    wrong, tried = [], 0

    for address, path, page in lists(reader, world):
        form = page.context_data.get("action_form")
        if form is None or not is_scoped(address.model):
            continue
        foreign = world.row(address.model, "West").pk
        for action, _label in form.fields["action"].choices:
            if not action:
                continue
            tried += 1
            chosen = {
                "action": action,
                "_selected_action": [foreign],
                "select_across": across,
                "index": "0",
                "post": "yes",
                "confirmed": "1",
            }
            if across == "1":
                chosen["_selected_action"] = [foreign, world.row(address.model, "Own").pk]
            before = type(world.row(address.model, "West"))._base_manager.filter(pk=foreign).values().get()
            with watching_writes() as tables, transaction.atomic():
                reader.client.post(path, chosen)
                after = address.model._base_manager.filter(pk=foreign).values().first()
                transaction.set_rollback(True)
            if after != before or (across == "0" and tables):
                wrong.append(f"{address.name}: {action} on {foreign} of West wrote {tables}")

    record_property("actions", tried)
    assert not wrong, "\n".join(wrong)
    assert tried >= FEWEST_ACTIONS


@pytest.mark.parametrize(
    ("trick", "extra"),
    [
        ("_popup=1&_to_field=id", {"_continue": "1"}),
        ("_changelist_filters=team__id__exact%3D1", {"_saveasnew": "1"}),
    ],
)
def test_no_trick_in_the_address_opens_or_saves_a_row_of_another_team(trick, extra, reader, world):
    wrong = []

    for address in all_addresses():
        if not address.is_of_a_row or address.is_api or address.model is None or not is_scoped(address.model):
            continue
        path = f"{address.at(world, 'West')}?{trick}"
        answer, tables = post(reader, path, {"post": "yes", **extra, "_popup": "1", "to": "1", "team": "1"})
        if answer.status_code == OK or answer.status_code >= 500 or tables:
            wrong.append(f"{address.name} -> {answer.status_code}, wrote {tables}")

    assert not wrong, "\n".join(wrong)


# Lists whose rows are saved where they stand, with the one column that is saved and the test that tries it.
EDITED_IN_PLACE = {Survey: ("position",)}


def test_no_other_list_is_edited_in_place():
    """Rows saved from a list need the same proof as forms: a person who adds a list adds its attack."""
    found = {
        model: tuple(page.list_editable) for model, page in admin.site._registry.items() if page.list_editable
    }

    assert found == EDITED_IN_PLACE


@pytest.mark.parametrize("place", ["West", "Parent", "Sister"])
@pytest.mark.parametrize("query", ["", "?_popup=1", "?all="])
def test_the_list_of_rules_saves_no_rule_of_another_team(place, query, reader, world):
    """The ids in the posted rows are anybody's, and so are further columns.

    No row of others moves, and nothing but places is written.
    """
    path = reverse("admin:surveys_survey_changelist") + query
    theirs, own = world.row(Survey, place).pk, world.row(Survey, "Own").pk
    others = Survey.objects.exclude(pk=own).order_by("position")
    forged = {
        "name": "taken",
        "slug": "taken",
        "is_active": "on",
        "team": world.teams["Own"].pk,
        "sample_percent": "1",
    }

    for ids in (
        [theirs, others.exclude(pk=theirs).first().pk],
        list(others.values_list("pk", flat=True).reverse()),
    ):
        answer, tables = post(reader, path, rows_in_order(ids, forged))
        assert (answer.status_code, tables) == (FOUND, set())
    with transaction.atomic():
        before = [{**row, "position": 0} for row in others.values()]
        reader.client.post(path, rows_in_order([own, *others.values_list("pk", flat=True)], forged))
        first = Survey.objects.order_by("position").first()
        after = [{**row, "position": 0} for row in others.values()]
        names = set(Survey.objects.values_list("name", flat=True))
        transaction.set_rollback(True)

    assert first.pk == own  # so that what is refused above is not refused for its form
    assert after == before
    assert "taken" not in names


def rows_in_order(ids: list[int], forged: dict[str, Any]) -> dict[str, Any]:
    """Return rows as the list posts them, in the order wanted, with columns that it does not show."""
    said = {"_save": "1", "form-TOTAL_FORMS": len(ids), "form-INITIAL_FORMS": len(ids)}
    for number, pk in enumerate(ids):
        columns = {"id": pk, "position": number, **forged}
        said |= {f"form-{number}-{name}": value for name, value in columns.items()}
    return said
