"""A voice desk at region east, and forms as a browser would send them."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import translation

from feedback_site.common.clock import database_now
from feedback_site.common.public_forms import STAMP, make_stamp
from feedback_site.voice.enums import EntryKind
from feedback_site.voice.models import VoiceEntry
from feedback_site.voice.services import EntryDraft, receive_entry, set_desk, submission_key

GOOD = {"kind": "complaint", "text": "The fitter never came."}
CONTACT = {"name": "王小明", "phone": "13800000001", "may_contact": "yes"}


@pytest.fixture(autouse=True)
def _english():
    """Sentences are compared in the source language."""
    with translation.override("en"):
        yield


@pytest.fixture
def desk(organisation):
    return set_desk(team=organisation.east)


@pytest.fixture
def post(client):
    """Send the form; its stamp is a minute old unless `stamp` says otherwise."""

    def post(
        fields: dict[str, Any], *, stamp: str | None = None, address: str = "/voice/?lang=en", **extra: Any
    ) -> Any:
        made = (
            make_stamp(purpose="voice", at=database_now() - timedelta(minutes=1)) if stamp is None else stamp
        )
        body = urlencode({STAMP: made, **fields}, doseq=True)
        return client.post(address, body, content_type="application/x-www-form-urlencoded", **extra)

    return post


@pytest.fixture
def receive(desk, noon):
    """Take in an entry by the service."""

    def receive(
        kind: EntryKind = EntryKind.COMPLAINT,
        *,
        text: str = "The fitter never came.",
        at=noon,
        number: str = "",
        **facts: Any,
    ) -> VoiceEntry:
        draft = EntryDraft(kind=kind, text=text, **facts)
        key = submission_key(number=number or f"{kind}{text}{at}", draft=draft)
        return receive_entry(draft=draft, key=key, language="en", at=at).entry

    return receive
