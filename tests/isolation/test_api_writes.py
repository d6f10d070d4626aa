"""A system of one team names rows of another in every endpoint that writes.

Refused, with nothing written and nothing given away.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from feedback_site.accounts.models import Team
from feedback_site.common.clock import database_now
from feedback_site.evaluations.models import Dimension, Indicator
from feedback_site.service_events.models import ServiceEvent
from surveys.models import Invitation, Response
from tests.isolation.addresses import all_addresses
from tests.isolation.places import marks_in, word
from tests.isolation.readers import Reader, system
from tests.isolation.world import World
from tests.isolation.writes import watching_writes

OK, CREATED, ACCEPTED, BAD_REQUEST, NOT_FOUND = 200, 201, 202, 400, 404
# What is one event's own in the answer about it.
OF_EACH_EVENT = {"id", "source", "external_id", "customer", "agent", "opened_at", "recorded_at", "updated_at"}

Body = dict[str, Any]
# Rows by which each endpoint knows what it is about, and what a system may say of them.
ELSEWHERE = {
    "webhook-service-events": "signed by its source, whose scope its own tests try",
    "customer-contact": "reads one customer's contact on record; its own tests try foreign ones",
}


def event_of(world: World, place: str, **changes: Any) -> Body:
    """A new event of a place's team."""
    at = database_now()
    facts = {
        "source": "crm",
        "external_id": "new-1",
        "kind": world.organisation.repair.slug,
        "channel": world.organisation.phone.slug,
        "team": Team.objects.get(pk=world.teams[place].pk).code,
        "customer": {"external_id": "new-customer"},
        "opened_at": (at - timedelta(hours=1)).isoformat(),
    }
    return facts | changes


def event(world: World, place: str) -> ServiceEvent:
    row: ServiceEvent = world.rows[ServiceEvent][place]
    return row


def reopening(**changes: Any) -> Body:
    return {"type": "reopened", "at": (database_now() - timedelta(minutes=1)).isoformat(), **changes}


def by_number(world: World, place: str) -> Body:
    return reopening(source=event(world, place).source, external_id=event(world, place).external_id)


def answer_to(world: World, place: str) -> Body:
    unanswered = Invitation.objects.get(team=world.teams[place], purpose="nps")
    return {"invitation": str(unanswered.pk), "answers": {"satisfaction": "4"}, "mode": "paper"}


def figure_of(world: World, place: str) -> Body:
    indicator, _ = Indicator.objects.get_or_create(
        slug="answer_rate",
        defaults={
            "dimension": Dimension.objects.get(slug="touchpoint"),
            "names": {"en": "Answered", "zh-hans": "接通率"},
            "unit": "percent",
            "direction": "higher",
            "baseline": 80,
            "target": 95,
            "source": "call_centre",
        },
    )
    month = {"period_kind": "month", "period_start": "2026-11-01"}
    return {
        "indicator": indicator.slug,
        "subject": Team.objects.get(pk=world.teams[place].pk).code,
        **month,
        "value": "93.5",
        "n": 412,
    }


def export_of(world: World, place: str) -> Body:
    return {"kind": "responses", "filters": {"team": Team.objects.get(pk=world.teams[place].pk).code}}


# By endpoint: what is right of one's own, and each way of naming another person's with the refusal it gets.
WRITES: dict[str, tuple[Callable[[World], Body], list[tuple[Callable[[World], Body], int]]]] = {
    "service-event-list": (
        lambda world: event_of(world, "Own"),
        [
            (lambda world: event_of(world, "West"), BAD_REQUEST),
            (lambda world: event_of(world, "Parent"), BAD_REQUEST),
        ],
    ),
    "service-event-transitions-by-number": (
        lambda world: by_number(world, "Own"),
        [
            (lambda world: by_number(world, "West"), NOT_FOUND),
            (lambda world: by_number(world, "Parent"), NOT_FOUND),
        ],
    ),
    "service-event-transitions": (
        lambda world: reopening(),
        [
            (
                lambda world: reopening(
                    type="corrected", team=Team.objects.get(pk=world.teams["West"].pk).code
                ),
                BAD_REQUEST,
            ),
            (
                lambda world: reopening(type="superseded", superseded_by=event(world, "West").external_id),
                BAD_REQUEST,
            ),
        ],
    ),
    "response-list": (
        lambda world: answer_to(world, "Own"),
        [
            (lambda world: answer_to(world, "West"), NOT_FOUND),
            (lambda world: answer_to(world, "Parent"), NOT_FOUND),
        ],
    ),
    "measurement-list": (
        lambda world: figure_of(world, "Own"),
        [
            (lambda world: figure_of(world, "West"), BAD_REQUEST),
            (lambda world: figure_of(world, "Parent"), BAD_REQUEST),
        ],
    ),
    "export-list": (
        lambda world: export_of(world, "Own"),
        [
            (lambda world: export_of(world, "West"), BAD_REQUEST),
            (lambda world: export_of(world, "Parent"), BAD_REQUEST),
        ],
    ),
}


@pytest.fixture
def key(world: World) -> Reader:
    return system(world)


def send(key: Reader, path: str, body: Body) -> tuple[int, str, set[str]]:
    """Post JSON, undo, and return status, body and the tables that were written to."""
    answered = (
        Response.objects.count()
    )  # answers are written by a statement of their own, past Django's cursors
    with watching_writes() as tables, transaction.atomic():
        answer = key.client.post(path, json.dumps(body), content_type="application/json", headers=key.headers)
        if Response.objects.count() != answered:
            tables.add("surveys_response")
        transaction.set_rollback(True)
    return answer.status_code, answer.content.decode(), tables


def test_every_endpoint_that_takes_posts_is_tried():
    api = [address for address in all_addresses() if address.is_api]
    posted = {address.name for address in api if _takes_posts(address.view)}

    assert posted == WRITES.keys() | ELSEWHERE.keys()


@pytest.mark.parametrize("name", WRITES)
def test_no_endpoint_takes_rows_of_another_team(name, key, world):
    address = next(address for address in all_addresses() if address.name == name)
    path = address.at(world, "Own")
    right, wrong = WRITES[name]

    status, text, tables = send(key, path, right(world))
    assert status in {OK, CREATED, ACCEPTED}, text
    assert tables

    for foreign, refusal in wrong:
        body = foreign(world)
        status, text, tables = send(key, path, body)
        asked = json.dumps(body).lower()
        assert (status, tables) == (refusal, set()), text
        told = {word: mark for word, mark in marks_in(text, world.keys).items() if word.lower() not in asked}
        assert [word for word, mark in told.items() if not key.scope.allows(mark)] == []


FOREIGN_NUMBERS: dict[str, Callable[[ServiceEvent], Body]] = {
    "event": lambda theirs: {"source": theirs.source, "external_id": theirs.external_id},
    "event, customer and moment": lambda theirs: {
        "source": theirs.source,
        "external_id": theirs.external_id,
        "customer": {"external_id": theirs.customer.external_id},
        "opened_at": theirs.opened_at.isoformat(),
    },
    "customer": lambda theirs: {
        "source": theirs.customer.source,
        "customer": {"external_id": theirs.customer.external_id},
    },
    "agent": lambda theirs: {"source": theirs.agent.source, "agent": theirs.agent.code},
}


@pytest.mark.parametrize("named", FOREIGN_NUMBERS)
@pytest.mark.parametrize("place", ["West", "Parent", "Sister"])
def test_numbers_of_another_team_get_the_answer_of_new_ones(place, named, key, world):
    """Known numbers and unknown ones differ in nothing.

    What another team calls so is neither told, read nor changed.
    """
    theirs = ServiceEvent.objects.select_related("customer", "agent").get(pk=event(world, place).pk)
    rows = (theirs, theirs.customer, theirs.agent)
    foreign = event_of(world, "Own") | FOREIGN_NUMBERS[named](theirs)
    path = next(address for address in all_addresses() if address.name == "service-event-list").at(
        world, "Own"
    )
    said = {**foreign, "customer": {**foreign["customer"], "name": "Another", "phone": "+8613900009999"}}

    # The same body with numbers that no one has used.
    *new, _row = posted(key, path, json.loads(json.dumps(said).replace(word(place, "Case"), "Unused")))
    before = [stored(row) for row in rows]
    *known, made = posted(key, path, said, then=lambda: [stored(row) for row in rows] == before)

    assert known == new
    assert known[0] == CREATED
    assert made.pk != theirs.pk
    assert made.customer_id != theirs.customer_id
    assert made.agent_id is None or made.agent_id != theirs.agent_id
    assert made.intake_team_id == world.teams["Own"].pk


def stored(row: Any) -> Body:
    values: Body = type(row)._base_manager.filter(pk=row.pk).values().get()
    return values


def posted(
    key: Reader, path: str, body: Body, *, then: Callable[[], bool] = lambda: True
) -> tuple[int, Body, set[str], ServiceEvent]:
    """Post, look, undo.

    Returned are the status, the body without what differs between any two events, the tables, and the event
    that was made.
    """
    with watching_writes() as tables, transaction.atomic():
        answer = key.client.post(path, json.dumps(body), content_type="application/json", headers=key.headers)
        assert then(), "rows of another team were changed"
        made = ServiceEvent.objects.latest("pk")
        transaction.set_rollback(True)
    told = {name: value for name, value in json.loads(answer.content).items() if name not in OF_EACH_EVENT}
    return answer.status_code, told, tables, made


@pytest.mark.parametrize("place", ["West", "Parent", "Sister"])
def test_nothing_is_written_under_the_address_of_a_row_of_another_team(place, key, world):
    for address in all_addresses():
        if address.is_api and address.is_of_a_row:
            for method in ("post", "put", "patch", "delete"):
                with watching_writes() as tables, transaction.atomic():
                    path = address.at(world, place)
                    answer = getattr(key.client, method)(
                        path, json.dumps(reopening()), content_type="application/json", headers=key.headers
                    )
                    transaction.set_rollback(True)
                assert answer.status_code in {403, 404, 405}, (method, path)
                assert tables == set(), (method, path)


def _takes_posts(view: Any) -> bool:
    actions = getattr(view, "actions", None)
    return "post" in actions if actions is not None else hasattr(getattr(view, "cls", None), "post")
