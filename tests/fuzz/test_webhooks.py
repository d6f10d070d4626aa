"""Signed messages of any content, and unsigned ones of any form.

Taken in or refused, never a server error.
"""

import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from feedback_site.common.clock import database_now
from feedback_site.service_events.api.webhooks import TYPES
from feedback_site.service_events.services import create_webhook_source, sign_webhook
from tests.fuzz import budget

ADDRESS = "/api/v1/webhooks/service-events/crm/"
ANSWERS = {200, 201, 400, 404, 409, 413, 415}
GOOD = {
    "external_id": "T-1",
    "kind": "after_sales_repair",
    "channel": "phone",
    "team": "east-1",
    "customer": {"external_id": "C-1", "phone": "+8613800138000"},
    "opened_at": "2026-11-20T09:00:00+08:00",
    "completed_at": "2026-11-20T12:00:00+08:00",
    "consent": {"survey": True},
}
NASTY: list[Any] = [
    "\x00",
    "\ud800",
    10**400,
    1e308,
    -1,
    True,
    None,
    [],
    {},
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+14:00",
    "",
]
JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(), st.sampled_from(NASTY)
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)


@st.composite
def spoiled(draw: st.DrawFn) -> dict[str, Any]:
    """A good event in which something is replaced, missing or one too many."""
    event = dict(GOOD)
    for name in draw(
        st.lists(
            st.sampled_from(
                [*GOOD, "attributes", "level", "handovers", "agent", "type", "at", "superseded_by"]
            ),
            max_size=3,
        )
    ):
        event[name] = draw(JSON)
    if draw(st.booleans()):
        event.pop(draw(st.sampled_from(list(event))))
    return event


@pytest.fixture
def posted(organisation) -> Any:
    at = database_now()
    source, secret = create_webhook_source(slug="crm", name="CRM", at=at)
    del source

    def post(body: bytes, content_type: str = "application/json", **headers: str) -> int:
        timestamp = str(int(at.timestamp()))
        signed = {
            "HTTP_WEBHOOK_ID": "m-1",
            "HTTP_WEBHOOK_TIMESTAMP": timestamp,
            "HTTP_WEBHOOK_SIGNATURE": sign_webhook(
                secret=secret, webhook_id="m-1", timestamp=timestamp, body=body
            ),
        }
        with transaction.atomic():
            reply = Client().generic("POST", ADDRESS, body, content_type, **signed | headers)
            transaction.set_rollback(True)
        if reply.status_code >= 400:
            assert set(reply.json()) == {"message", "extra"}
        return reply.status_code

    return post


def test_signed_messages_are_taken_in_or_refused(posted):
    found: list[int] = []

    @budget(120)
    @given(
        kind=st.one_of(st.just(TYPES[0]), st.sampled_from(TYPES), st.text(max_size=20)),
        timestamp=st.one_of(st.just("2026-11-20T12:00:00+08:00"), JSON),
        data=st.one_of(spoiled(), spoiled(), JSON),
    )
    @example(kind=TYPES[0], timestamp="2026-11-20T12:00:00+08:00", data=GOOD)
    @example(kind=TYPES[0], timestamp="2026-11-20T12:00:00+08:00", data=["external_id"])
    @example(kind=TYPES[1], timestamp="2026-11-20T12:00:00+08:00", data="external_id")
    @example(
        kind=TYPES[0],
        timestamp="2026-11-20T12:00:00+08:00",
        data={**GOOD, "opened_at": "2026-11-20T09:00:00+20:34"},
    )
    def check(kind: str, timestamp: Any, data: Any) -> None:
        found.append(posted(json.dumps({"type": kind, "timestamp": timestamp, "data": data}).encode()))

    check()

    assert set(found) <= ANSWERS
    assert found.count(201) >= 2


def test_signed_bytes_of_any_kind_are_refused(posted):
    @budget(60)
    @given(
        body=st.binary(max_size=200),
        content_type=st.one_of(
            st.just("application/json"), st.text(st.characters(max_codepoint=255), max_size=30)
        ),
    )
    @example(body=b"[" * 100_000, content_type="application/json")
    @example(body=b'{"a":' * 50_000, content_type="application/json")
    @example(body=b" " * 300_000, content_type="application/json")
    @example(body=b'{"type": NaN}', content_type="application/json; charset=utf-16")
    @example(body=b"{}", content_type="application/json; charset=nothing")
    def check(body: bytes, content_type: str) -> None:
        assert posted(body, content_type) in {400, 413, 415}

    check()


def test_unsigned_messages_are_refused(posted):
    header = st.text(st.characters(max_codepoint=255), max_size=60)

    @budget(60)
    @given(
        webhook_id=header,
        timestamp=st.one_of(header, st.integers().map(str)),
        signature=st.one_of(header, header.map("v1,{}".format)),
    )
    @example(webhook_id="m-1", timestamp="9" * 5000, signature="v1,")
    @example(webhook_id="m-1", timestamp="1e400", signature="v1,é")
    def check(webhook_id: str, timestamp: str, signature: str) -> None:
        headers = {
            "HTTP_WEBHOOK_ID": webhook_id,
            "HTTP_WEBHOOK_TIMESTAMP": timestamp,
            "HTTP_WEBHOOK_SIGNATURE": signature,
        }
        assert posted(b"{}", **headers) == 401

    check()
