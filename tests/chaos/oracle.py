"""Asks the database, in SQL of its own, whether what clients were told is what is there.

Knows nothing of the product's code.
"""

import contextlib
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import psycopg
from psycopg import errors, sql

from tests.chaos.journal import FAIL, OK, Operation
from tests.chaos.report import Fault, Finding

_CONFLICT, _ERROR = 409, 500

_RESPONSES = """
SELECT encode(invitation.token_hash, 'hex'), response.answers::text
FROM surveys_response response
JOIN surveys_invitation invitation ON invitation.id = response.invitation_id
"""
_COUNTS = """
SELECT 'response', 0, count(*) FROM surveys_response HAVING count(*) > 0
UNION ALL SELECT 'satisfaction', satisfaction, count(*) FROM surveys_response WHERE satisfaction IS NOT NULL
  GROUP BY 2
UNION ALL SELECT 'nps', nps, count(*) FROM surveys_response WHERE nps IS NOT NULL GROUP BY 2
UNION ALL SELECT 'ces', ces, count(*) FROM surveys_response WHERE ces IS NOT NULL GROUP BY 2
"""
_TALLIES = "SELECT measure, value, sum(count) FROM surveys_responsetally GROUP BY 1, 2 HAVING sum(count) <> 0"
_EVENTS = """
SELECT event.external_id, event.status, count(DISTINCT event.id), count(DISTINCT decision.service_event_id),
    count(DISTINCT invitation.id), count(DISTINCT message.id), string_agg(DISTINCT message.status, ' ')
FROM service_events_serviceevent event
LEFT JOIN surveys_eventdecision decision ON decision.service_event_id = event.id
LEFT JOIN surveys_invitation invitation ON invitation.service_event_id = event.id
  AND invitation.voided_at IS NULL
LEFT JOIN delivery_message message ON message.subject_id = invitation.id
GROUP BY event.external_id, event.status
"""
_MESSAGES = """
SELECT message.id::text, message.status, count(attempt.id)
FROM delivery_message message
LEFT JOIN delivery_messageattempt attempt ON attempt.message_id = message.id AND attempt.outcome = 'accepted'
GROUP BY message.id
"""

# What no one may write twice, by the columns that are made new for the second row.
GUARDS = {
    "surveys_response": (),
    "service_events_serviceevent": ("id",),
    "surveys_eventdecision": (),
    "delivery_message": ("id",),
    "delivery_messageattempt": ("id",),
}


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def check_answers(
    operations: Iterable[Operation], stored: Mapping[str, list[dict[str, Any]]]
) -> Iterator[Finding]:
    """Compare what writers were told with what is stored.

    Stored is by token hash a list of answers, since the key that keeps it to one is not trusted here.
    """
    asked: dict[str, list[dict[str, Any]]] = {}
    for operation in operations:
        if "link" not in operation.asked:
            continue
        key, content = token_hash(operation.asked["link"]), operation.asked["content"]
        asked.setdefault(key, []).append(content)
        yield from _check_answer(operation, content, stored.get(key, []))
    for key, rows in stored.items():
        if len(rows) > 1:
            yield Finding(Fault.DOUBLED, f"link {key[:12]} holds {len(rows)} responses")
        if any(row not in asked.get(key, []) for row in rows):
            yield Finding(Fault.DOUBLED, f"link {key[:12]} holds answers that no customer sent to it")


def _check_answer(
    operation: Operation, content: dict[str, Any], rows: list[dict[str, Any]]
) -> Iterator[Finding]:
    if operation.ended == OK and content not in rows:
        what = f"other answers: {rows}" if rows else "nothing"
        yield Finding(Fault.LOST, f"{operation.op} was thanked, stored is {what}")
    if operation.ended == FAIL:
        status = operation.told["status"]
        if status != _CONFLICT:
            yield Finding(Fault.UNTRUTHFUL, f"{operation.op} was told {status}")
        elif not rows or content in rows:
            yield Finding(
                Fault.UNTRUTHFUL,
                f"{operation.op} was told that other answers count, stored is {rows or 'nothing'}",
            )


def check_receipts(operations: Iterable[Operation]) -> Iterator[Finding]:
    """A person who asked about one link was told one and the same moment of receipt."""
    receipts: dict[str, set[str]] = {}
    for operation in operations:
        if "link" in operation.asked and operation.told.get("receipt"):
            receipts.setdefault(operation.asked["link"], set()).add(operation.told["receipt"])
    for link, told in receipts.items():
        if len(told) > 1:
            yield Finding(
                Fault.UNTRUTHFUL, f"link {token_hash(link)[:12]} has {len(told)} receipts: {sorted(told)}"
            )


def check_errors(operations: Iterable[Operation]) -> Iterator[Finding]:
    """Whatever is away, a client is asked to come back (503), and never told of an error."""
    for operation in operations:
        if _ERROR in operation.statuses:
            yield Finding(Fault.ERROR, f"{operation.op} was told {_ERROR}")


def check_tallies(
    counts: Mapping[tuple[str, int], int], tallies: Mapping[tuple[str, int], int], *, pending: int
) -> Iterator[Finding]:
    """Every response is tallied once: cell by cell the tallies equal a count of the responses."""
    if pending:
        yield Finding(Fault.UNCOUNTED, f"{pending} responses still wait for their tally")
    for cell in sorted(counts.keys() | tallies.keys()):
        if counts.get(cell, 0) != tallies.get(cell, 0):
            yield Finding(
                Fault.UNCOUNTED,
                f"{cell[0]} {cell[1]}: {counts.get(cell, 0)} responses, tally {tallies.get(cell, 0)}",
            )


def check_events(operations: Iterable[Operation], rows: Iterable[tuple[Any, ...]]) -> Iterator[Finding]:
    """Every event that was acknowledged is there once, decided once, with one message that has left."""
    on_record = {row[0]: row for row in rows}
    for operation in operations:
        if "event" in operation.asked and operation.ended == FAIL:
            yield Finding(Fault.UNTRUTHFUL, f"event {operation.op} was told {operation.told['status']}")
        if "event" in operation.asked and operation.ended == OK and operation.op not in on_record:
            yield Finding(Fault.LOST, f"event {operation.op} was acknowledged and is not there")
    for row in on_record.values():
        yield from _check_event(*row)


def _check_event(
    external_id: str,
    status: str,
    events: int,
    decisions: int,
    invitations: int,
    messages: int,
    states: str | None,
) -> Iterator[Finding]:
    if events != 1:
        yield Finding(Fault.DOUBLED, f"event {external_id} is there {events} times")
    if status == "completed" and (decisions, invitations, messages) != (1, 1, 1):
        fault = Fault.DOUBLED if max(decisions, invitations, messages) > 1 else Fault.LOST
        yield Finding(
            fault,
            f"event {external_id}: {decisions} decisions, {invitations} invitations, {messages} messages",
        )
    if states not in {"sent", "uncertain", None}:
        yield Finding(Fault.UNFINISHED, f"event {external_id}: its message is {states}")


def check_messages(rows: Iterable[tuple[str, str, int]], accepted: Mapping[str, int]) -> Iterator[Finding]:
    """No key was accepted twice, and the site says of each what the receiver says.

    What is called sent was accepted, what was accepted is called sent or uncertain.
    """
    on_record = {key: (status, attempts) for key, status, attempts in rows}
    for key, times in accepted.items():
        if times > 1:
            yield Finding(Fault.DOUBLED, f"the gateway accepted message {key} {times} times")
        if key not in on_record:
            yield Finding(Fault.DOUBLED, f"the gateway accepted message {key}, which is not on record")
        elif on_record[key][0] not in {"sent", "uncertain"}:
            yield Finding(Fault.UNTRUTHFUL, f"message {key} was accepted and is {on_record[key][0]}")
    for key, (status, attempts) in on_record.items():
        if status == "sent" and not accepted.get(key):
            yield Finding(Fault.LOST, f"message {key} is called sent, the gateway never saw it")
        if attempts != (status == "sent"):
            yield Finding(Fault.UNTRUTHFUL, f"message {key} is {status} with {attempts} accepted attempts")


def check_guards(connection: psycopg.Connection) -> Iterator[Finding]:
    """Try to write one row of each table twice.

    The database itself must refuse, whatever the code above it does.
    """
    for table, renewed in GUARDS.items():
        if not _refuses_twin(connection, table, renewed):
            yield Finding(Fault.UNGUARDED, f"{table} takes the same row twice")


def _refuses_twin(connection: psycopg.Connection, table: str, renewed: tuple[str, ...]) -> bool:
    columns = [
        name
        for (name,) in connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT "
            "attisdropped AND attgenerated = ''",
            [table],
        )
    ]
    values = [sql.SQL("gen_random_uuid()") if name in renewed else sql.Identifier(name) for name in columns]
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    twin = sql.SQL("INSERT INTO {table} ({names}) SELECT {values} FROM {table} LIMIT 1").format(
        table=sql.Identifier(table), names=names, values=sql.SQL(", ").join(values)
    )
    with contextlib.suppress(errors.UniqueViolation), connection.transaction(force_rollback=True):
        return connection.execute(twin).rowcount == 0
    return True


def read_responses(connection: psycopg.Connection) -> dict[str, list[dict[str, Any]]]:
    stored: dict[str, list[dict[str, Any]]] = {}
    for key, content in connection.execute(_RESPONSES):
        stored.setdefault(key, []).append(json.loads(content))
    return stored


def examine(
    connection: psycopg.Connection, operations: list[Operation], accepted: Counter[str]
) -> Iterator[Finding]:
    """Ask everything about one site."""
    yield from check_answers(operations, read_responses(connection))
    yield from check_receipts(operations)
    yield from check_errors(operations)
    (pending,) = connection.execute("SELECT count(*) FROM surveys_pendingtally").fetchone() or (0,)
    yield from check_tallies(_cells(connection, _COUNTS), _cells(connection, _TALLIES), pending=pending)
    yield from check_events(operations, connection.execute(_EVENTS).fetchall())
    yield from check_messages(connection.execute(_MESSAGES).fetchall(), accepted)
    yield from check_guards(connection)


def _cells(connection: psycopg.Connection, statement: str) -> dict[tuple[str, int], int]:
    return {(measure, value): int(count) for measure, value, count in connection.execute(statement)}
