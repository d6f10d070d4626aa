"""Every operation of the OpenAPI document, called with what fits its schema and with what does not.

No server error, and every answer as documented: its status, its content type, its shape.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import given
from schemathesis import Case, GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.services import create_api_key
from feedback_site.evaluations.models import EvaluationRecord
from feedback_site.service_events.models import ServiceEvent
from nps.models import Campaign
from surveys.models import Invitation
from tests.factories.cases import ask, write_case
from tests.fuzz import budget
from visits.models import ReturnVisit

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
LEAST_OPERATIONS = 26
# Words that name something: with words of chance alone most requests would end at the first reference.
EVENT = {
    "source": "crm",
    "kind": "after_sales_repair",
    "channel": "phone",
    "team": "east-1",
    "opened_at": (datetime.now(UTC) - timedelta(days=2)).isoformat(),
    "completed_at": (datetime.now(UTC) - timedelta(days=1)).isoformat(),
    "first_response_at": None,
    "arrived_at": None,
    "customer": {"external_id": "C-1", "phone": "+8613800138000"},
}
TRANSITION = {"source": "crm", "external_id": "fuzz-event", "team": "east-1", "superseded_by": None}


@pytest.fixture
def schema(db) -> Iterator[Any]:
    """The document as it is served, and the application behind it.

    The requests of one test share its transaction.
    """
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/schema/", WSGIHandler())
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def names(organisation, api_key) -> dict[str, Any]:
    """What really exists, by the address that names it."""
    case = write_case(
        organisation=organisation, asked=ask(organisation), team=organisation.east_1, canary="fuzz"
    )
    return {
        "service-events": case.of(ServiceEvent).pk,
        "invitations": case.of(Invitation).pk,
        "responses": case.of(Invitation).pk,
        "evaluations": case.of(EvaluationRecord).pk,
        "visits": case.of(ReturnVisit).pk,
        "campaigns": case.of(Campaign).pk,
    }


@contextmanager
def undone() -> Iterator[None]:
    """Take back what a call wrote, so that each starts from the same rows."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fuzz(schema: Any, *, cases: int, mode: GenerationMode, call: Callable[[Case], Any]) -> dict[int, int]:
    """Call every operation and check its answers; return how often each status was answered."""
    found: dict[int, int] = {}
    failures: list[Exception] = []
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) >= LEAST_OPERATIONS
    for operation in operations:

        @budget(cases)
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case: Case) -> None:
            with undone():
                response = call(case)
            case.validate_response(response, checks=CHECKS)
            found[response.status_code] = found.get(response.status_code, 0) + 1

        try:
            check()
        except Exception as failure:  # noqa: BLE001 - every operation has its turn
            failures.append(failure)
    if failures:
        message = "operations that answer otherwise than documented"
        raise ExceptionGroup(message, failures)
    return found


def with_names(case: Case, names: Mapping[str, Any]) -> None:
    """Let half of all calls name what exists."""
    dice = zlib.crc32(repr((case.path_parameters, case.query, case.body)).encode(errors="replace"))
    words = case.path.split("/")
    known = [names[word] for word in words if word in names]
    if case.path_parameters and known and dice % 2:
        case.path_parameters = dict.fromkeys(case.path_parameters, str(known[0]))
    if case.query and dice % 4:
        case.query = {
            name: "east-1" if name == "team" else value
            for name, value in case.query.items()
            if name != "cursor"
        }
    if isinstance(case.body, dict) and dice % 4:
        case.body = {**case.body, **_naming(words, names)}
    elif isinstance(case.body, list) and dice % 4:
        case.body = [
            {**item, **_naming(words, names)} if isinstance(item, dict) else item for item in case.body
        ]


def _naming(words: list[str], names: Mapping[str, Any]) -> dict[str, Any]:
    if "transitions" in words:
        return (
            TRANSITION
            if words[-2] == "transitions" and "{id}" not in words
            else {"team": None, "superseded_by": None}
        )
    if "responses" in words:
        return {"invitation": str(names["responses"])}
    return EVENT if "service-events" in words and "webhooks" not in words else {}


def test_a_key_with_every_grant_gets_what_the_document_says(schema, names, api_key):
    def call(case: Case) -> Any:
        with_names(case, names)
        return case.call(headers={"Authorization": f"Api-Key {api_key}"})

    found = fuzz(schema, cases=10, mode=GenerationMode.POSITIVE, call=call)

    assert found[200] > 50
    assert found[201] > 0
    assert found[207] > 0
    assert found[400] > 30


def test_what_does_not_fit_the_schema_is_refused_as_the_document_says(schema, names, api_key):
    def call(case: Case) -> Any:
        with_names(case, names)
        return case.call(headers={"Authorization": f"Api-Key {api_key}"})

    found = fuzz(schema, cases=5, mode=GenerationMode.NEGATIVE, call=call)

    assert found[400] > 30


def test_without_a_key_nothing_is_answered(schema, names):
    def call(case: Case) -> Any:
        with_names(case, names)
        case.headers = {
            name: value for name, value in (case.headers or {}).items() if name.lower() != "authorization"
        }
        return case.call()

    found = fuzz(schema, cases=2, mode=GenerationMode.POSITIVE, call=call)

    assert found[401] > 30
    assert set(found) <= {400, 401, 404, 406, 415}


def test_a_key_without_the_grant_gets_nothing(schema, names, organisation):
    _row, key = create_api_key(name="nothing", grants=[Grant.CONTACTS_READ])

    def call(case: Case) -> Any:
        with_names(case, names)
        return case.call(headers={"Authorization": f"Api-Key {key}"})

    found = fuzz(schema, cases=2, mode=GenerationMode.POSITIVE, call=call)

    assert found[403] > 30
    assert set(found) <= {401, 403, 404, 406}
