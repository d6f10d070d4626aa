"""Signed webhooks by Standard Webhooks (standardwebhooks.com, version 1).

Who may send, with which secrets, and what was taken in.

A signature is HMAC-SHA256 over `<webhook-id>.<webhook-timestamp>.<raw
body>`; a secret is written `whsec_<base64>` and shown once.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team
from feedback_site.common.exceptions import ConflictError
from feedback_site.common.sealing import reveal_bytes, seal_bytes
from feedback_site.service_events.models import (
    SECRET_SLOTS,
    ServiceChannel,
    ServiceKind,
    WebhookDelivery,
    WebhookSecret,
    WebhookSource,
)
from feedback_site.service_events.services.hashing import keyed_hash, matches
from feedback_site.service_events.services.webhook_refusals import refusals

TOLERANCE = timedelta(minutes=5)
_PREFIX, _VERSION = "whsec_", "v1"
_SECRET_BYTES = 32
_MOST_SIGNATURES = 10
_KEPT_FOR = timedelta(days=7)
# Not with each message: they would wait for each other at the source's row.
_SEEN_EVERY = timedelta(minutes=1)
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_ID = re.compile(r"[!-~]{1,255}")
_PURPOSE = "webhook delivery"
# Signed with no person's secret: an unknown source costs as much as a wrong signature.
_NO_SECRET = secrets.token_bytes(_SECRET_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """What came in: the three headers, the body as it was sent, and the source that the address names."""

    source: str
    webhook_id: str
    timestamp: str
    signatures: str
    body: bytes


@dataclass(frozen=True, slots=True)
class WebhookReply:
    """What a delivery is answered, and whether it was taken in before."""

    status: int
    content: Mapping[str, object]
    is_repeat: bool = False


class _DeliveredMeanwhileError(Exception):
    """The same delivery was taken in meanwhile."""


@transaction.atomic
def create_webhook_source(
    *,
    slug: str,
    name: str,
    at: datetime,
    team: Team | None = None,
    default_kind: ServiceKind | None = None,
    default_channel: ServiceChannel | None = None,
) -> tuple[WebhookSource, str]:
    """Make a source and return it with its first secret in clear, which is never shown again."""
    source = WebhookSource(
        slug=slug,
        name=name,
        team=team,
        default_kind=default_kind,
        default_channel=default_channel,
        created_at=at,
    )
    source.full_clean()
    source.save(force_insert=True)
    return source, add_webhook_secret(source=source, at=at)


@transaction.atomic
def add_webhook_secret(*, source: WebhookSource, at: datetime) -> str:
    """Make one more secret and return it in clear. Raises `ConflictError` while two are good."""
    WebhookSource.objects.select_for_update(no_key=True, of=("self",)).get(pk=source.pk)
    taken = set(_good_secrets(source).values_list("slot", flat=True))
    free = [slot for slot in SECRET_SLOTS if slot not in taken]
    if not free:
        raise ConflictError(
            _("Two secrets are good already: end the older one first."), {"source": source.pk}
        )
    key = secrets.token_bytes(_SECRET_BYTES)
    secret = WebhookSecret(source=source, slot=free[0], created_at=at)
    secret.secret_sealed = seal_bytes(value=key, row_id=secret.pk, **_PLACE)
    secret.save(force_insert=True)
    return _PREFIX + base64.b64encode(key).decode()


@transaction.atomic
def end_older_webhook_secret(*, source: WebhookSource, at: datetime) -> WebhookSecret:
    """End the older of two good secrets and return it.

    Raises `ConflictError` when it is the only one: the system could not sign any more.
    """
    WebhookSource.objects.select_for_update(no_key=True, of=("self",)).get(pk=source.pk)
    good = list(_good_secrets(source).order_by("created_at", "pk"))
    if len(good) < len(SECRET_SLOTS):
        raise ConflictError(
            _("Only one secret is good: add another one first, or switch the source off."),
            {"source": source.pk},
        )
    older = good[0]
    older.ended_at = at
    older.save(update_fields=["ended_at"])
    return older


def may_be_signed(webhook_id: str, timestamp: str, signatures: str, *, now: float) -> bool:
    """Tell by the headers alone whether a request can be a good one.

    The body of another is not even read.

    `now` is of the web server, whose clock may differ from the database's: twice the tolerance.
    """
    is_in_time = (
        bool(_TIMESTAMP.fullmatch(timestamp)) and abs(int(timestamp) - now) <= 2 * TOLERANCE.total_seconds()
    )
    return is_in_time and bool(_ID.fullmatch(webhook_id)) and any(_given(signatures))


def authenticate_webhook(*, request: SignedRequest, at: datetime) -> WebhookSource | None:
    """Return the active source that has signed the request within `TOLERANCE` of now, else None.

    Takes one query.

    Every good secret is compared in constant time, and an unknown source takes as long as a wrong signature.
    """
    good = list(_secrets_of(request.source))
    keys = [_reveal(secret) for secret in good] or [_NO_SECRET]
    is_signed = _is_signed(request, keys)
    if not (is_signed and good and _is_in_time(request.timestamp, at) and _ID.fullmatch(request.webhook_id)):
        refusals.note(str(good[0].source_id) if good else "")
        return None
    return good[0].source


def sign_webhook(*, secret: str, webhook_id: str, timestamp: str, body: bytes) -> str:
    """Return the `webhook-signature` header that `secret`, as it was shown once, makes.

    Raises `ValueError` for what is no secret.
    """
    key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    return f"{_VERSION},{base64.b64encode(_digest(key, webhook_id, timestamp, body)).decode()}"


def take_in_delivery(
    *,
    source: WebhookSource,
    webhook_id: str,
    content: Any,
    work: Callable[[], WebhookReply],
    at: datetime,
) -> WebhookReply:
    """Do `work` and record the delivery with its reply in the same transaction.

    `work` returns the reply.

    The same delivery again gets the first reply and does nothing. What
    `work` refuses by raising leaves no trace, so that the sender may repeat
    it later. Raises `ConflictError` where the id was used for other content.
    """
    while True:
        known = WebhookDelivery.objects.filter(source=source, webhook_id=webhook_id).first()
        if known is not None:
            return _first_reply(known, content)
        try:
            with transaction.atomic():
                reply = work()
                _record(source, webhook_id, content, reply, at)
        except _DeliveredMeanwhileError:
            # The other one has committed, so the next look sees its reply.
            continue
        return reply


def prune_webhook_deliveries(*, at: datetime) -> int:
    """Forget deliveries of more than a week ago and return how many.

    A repeat so late is refused for its timestamp.
    """
    old = WebhookDelivery.objects.filter(received_at__lt=at - _KEPT_FOR)
    return old.delete()[0]


def _first_reply(known: WebhookDelivery, content: Any) -> WebhookReply:
    if not matches(bytes(known.content_hash), purpose=_PURPOSE, content=content):
        raise ConflictError(
            _("This webhook-id was used for other content. Every message needs an id of its own.")
        )
    return WebhookReply(known.reply_status, known.reply, is_repeat=True)


def _record(source: WebhookSource, webhook_id: str, content: Any, reply: WebhookReply, at: datetime) -> None:
    row = WebhookDelivery(
        source=source,
        webhook_id=webhook_id,
        content_hash=keyed_hash(purpose=_PURPOSE, content=content),
        reply_status=reply.status,
        reply=reply.content,
        received_at=at,
    )
    try:
        row.save(force_insert=True)
    except IntegrityError as error:
        if "webhookdelivery_is_taken_in_once" in str(error):
            raise _DeliveredMeanwhileError from None
        raise
    stale = Q(last_seen_at__isnull=True) | Q(last_seen_at__lt=at - _SEEN_EVERY)
    if source.last_seen_at is None or source.last_seen_at < at - _SEEN_EVERY:
        WebhookSource.objects.filter(stale, pk=source.pk).update(last_seen_at=at)


def _good_secrets(source: WebhookSource) -> QuerySet[WebhookSecret]:
    return WebhookSecret.objects.filter(source=source, ended_at__isnull=True)


def _secrets_of(slug: str) -> Sequence[WebhookSecret]:
    rows = WebhookSecret.objects.filter(source__slug=slug, source__is_active=True, ended_at__isnull=True)
    return list(rows.select_related("source__team", "source__default_kind", "source__default_channel"))


def _reveal(secret: WebhookSecret) -> bytes:
    return reveal_bytes(sealed=bytes(secret.secret_sealed), row_id=secret.pk, **_PLACE)


def _is_in_time(timestamp: str, at: datetime) -> bool:
    return (
        bool(_TIMESTAMP.fullmatch(timestamp))
        and abs(int(timestamp) - at.timestamp()) <= TOLERANCE.total_seconds()
    )


def _is_signed(request: SignedRequest, keys: Sequence[bytes]) -> bool:
    expected = [_digest(key, request.webhook_id, request.timestamp, request.body) for key in keys]
    return any(
        [hmac.compare_digest(digest, given) for given in _given(request.signatures) for digest in expected]  # noqa: C419 - all are compared
    )


def _digest(key: bytes, webhook_id: str, timestamp: str, body: bytes) -> bytes:
    return hmac.new(key, b".".join([webhook_id.encode(), timestamp.encode(), body]), hashlib.sha256).digest()


def _given(header: str) -> list[bytes]:
    """Return the signatures of our version; what is no base64 equals nothing."""
    found = [
        value
        for word in header.split()[:_MOST_SIGNATURES]
        for version, _comma, value in [word.partition(",")]
        if version == _VERSION
    ]
    return [_decoded(value) for value in found]


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return b""


_PLACE: dict[str, str] = {"table": WebhookSecret._meta.db_table, "column": "secret"}  # noqa: SLF001 - Django's documented API
