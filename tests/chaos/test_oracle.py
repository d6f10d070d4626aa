"""The oracle finds what is wrong: each of its questions is asked about rows that break it."""

import pytest
from django.db import connection

from tests.chaos.journal import FAIL, OK, UNKNOWN, Operation
from tests.chaos.oracle import (
    check_answers,
    check_errors,
    check_events,
    check_guards,
    check_messages,
    check_receipts,
    check_tallies,
    token_hash,
)
from tests.chaos.report import Fault
from tests.factories.cases import ask, write_case

MINE, OTHERS = {"comment": "mine"}, {"comment": "another's"}


def submitted(ended, *, content=MINE, link="link", **told):
    return Operation("op", {"link": link, "content": content}, 0.0, ended=ended, told=told)


def posted(ended, number="E-1", **told):
    return Operation(number, {"event": number, "phone": "+8613700000001"}, 0.0, ended=ended, told=told)


def faults(findings):
    return [finding.fault for finding in findings]


@pytest.mark.parametrize(
    ("operation", "rows", "expected"),
    [
        (submitted(OK), [MINE], []),
        (submitted(OK), [], [Fault.LOST]),
        (submitted(OK), [OTHERS], [Fault.LOST, Fault.DOUBLED]),
        (submitted(OK), [MINE, MINE], [Fault.DOUBLED]),
        (submitted(UNKNOWN), [], []),
        (submitted(UNKNOWN), [MINE], []),
        (submitted(UNKNOWN), [OTHERS], [Fault.DOUBLED]),
        (submitted(FAIL, status=409), [MINE], [Fault.UNTRUTHFUL]),
        (submitted(FAIL, status=409), [], [Fault.UNTRUTHFUL]),
        (submitted(FAIL, status=410), [], [Fault.UNTRUTHFUL]),
    ],
)
def test_what_a_writer_was_told_is_compared_with_what_is_stored(operation, rows, expected):
    stored = {token_hash("link"): rows} if rows else {}

    assert faults(check_answers([operation], stored)) == expected


def test_a_refusal_is_true_when_other_answers_are_stored():
    operations = [submitted(OK, content=OTHERS), submitted(FAIL, status=409)]

    assert faults(check_answers(operations, {token_hash("link"): [OTHERS]})) == []


def test_answers_to_a_link_that_no_customer_answered_are_found():
    assert faults(check_answers([], {token_hash("link"): [MINE]})) == [Fault.DOUBLED]


def test_two_moments_of_receipt_for_one_link_are_found():
    assert faults(check_receipts([submitted(OK, receipt="12:00"), submitted(OK, receipt="12:01")])) == [
        Fault.UNTRUTHFUL
    ]
    assert faults(check_receipts([submitted(OK, receipt="12:00"), submitted(OK, receipt="12:00")])) == []


def test_an_error_page_is_found():
    operation = submitted(UNKNOWN)
    operation.statuses = {503, 500}

    assert faults(check_errors([operation])) == [Fault.ERROR]


def test_a_cell_that_does_not_add_up_is_found():
    cell = ("nps", 9)

    assert faults(check_tallies({cell: 2}, {cell: 2}, pending=0)) == []
    assert faults(check_tallies({cell: 2}, {cell: 3}, pending=0)) == [Fault.UNCOUNTED]
    assert faults(check_tallies({}, {cell: 1}, pending=0)) == [Fault.UNCOUNTED]
    assert faults(check_tallies({cell: 2}, {cell: 2}, pending=1)) == [Fault.UNCOUNTED]


@pytest.mark.parametrize(
    ("operation", "row", "expected"),
    [
        (posted(OK), ("E-1", "completed", 1, 1, 1, 1, "sent"), []),
        (posted(UNKNOWN), ("E-1", "completed", 1, 1, 1, 1, "sent"), []),
        (posted(OK), ("E-2", "completed", 1, 1, 1, 1, "sent"), [Fault.LOST]),
        (posted(OK), ("E-1", "completed", 2, 2, 2, 2, "sent"), [Fault.DOUBLED, Fault.DOUBLED]),
        (posted(OK), ("E-1", "completed", 1, 0, 0, 0, None), [Fault.LOST]),
        (posted(OK), ("E-1", "completed", 1, 1, 1, 2, "sent"), [Fault.DOUBLED]),
        (posted(OK), ("E-1", "completed", 1, 1, 1, 1, "queued"), [Fault.UNFINISHED]),
        (posted(FAIL, status=409), ("E-1", "completed", 1, 1, 1, 1, "sent"), [Fault.UNTRUTHFUL]),
    ],
)
def test_every_event_is_there_once_with_one_message(operation, row, expected):
    assert faults(check_events([operation], [row])) == expected


@pytest.mark.parametrize(
    ("row", "accepted", "expected"),
    [
        (("m", "sent", 1), {"m": 1}, []),
        (("m", "uncertain", 0), {"m": 1}, []),
        (("m", "uncertain", 0), {}, []),
        (("m", "sent", 1), {"m": 2}, [Fault.DOUBLED]),
        (("m", "sent", 1), {}, [Fault.LOST]),
        (("m", "sent", 1), {"m": 1, "n": 1}, [Fault.DOUBLED]),
        (("m", "queued", 0), {"m": 1}, [Fault.UNTRUTHFUL]),
        (("m", "sent", 2), {"m": 1}, [Fault.UNTRUTHFUL]),
    ],
)
def test_messages_are_compared_with_what_the_gateway_accepted(row, accepted, expected):
    assert faults(check_messages([row], accepted)) == expected


def test_a_key_that_was_dropped_is_found(organisation, staff):
    write_case(organisation=organisation, asked=ask(organisation), team=organisation.east_1, canary="key")
    connection.ensure_connection()

    intact = list(check_guards(connection.connection))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE surveys_response DROP CONSTRAINT surveys_response_pkey CASCADE")

    assert intact == []
    assert [finding.text for finding in check_guards(connection.connection)] == [
        "surveys_response takes the same row twice"
    ]
