"""What administrators change of webhook sources and secrets, on record with old and new value.

A secret itself is never on record.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from feedback_site.accounts.models import User
from feedback_site.accounts.services import record_change, state_of
from feedback_site.service_events.enums import ServiceEventAccess
from feedback_site.service_events.models import WebhookSecret, WebhookSource
from feedback_site.service_events.services.webhooks import (
    add_webhook_secret,
    create_webhook_source,
    end_older_webhook_secret,
)

_SOURCE = ("slug", "name", "team_id", "default_kind_id", "default_channel_id", "is_active")


@transaction.atomic
def make_source(*, by: User, at: datetime, **said: Any) -> tuple[WebhookSource, str]:
    """Do what `create_webhook_source` does, on record."""
    source, clear = create_webhook_source(**said, at=at)
    _note(source, {}, by, at)
    return source, clear


@transaction.atomic
def save_source(*, source: WebhookSource, by: User, at: datetime) -> WebhookSource:
    """Save a source, on record."""
    before = state_of(WebhookSource.objects.filter(pk=source.pk).first(), _SOURCE)
    source.save()
    _note(source, before, by, at)
    return source


@transaction.atomic
def add_secret(*, source: WebhookSource, by: User, at: datetime) -> str:
    """Do what `add_webhook_secret` does, on record."""
    before = _good(source)
    clear = add_webhook_secret(source=source, at=at)
    _note_secrets(source, before, by, at)
    return clear


@transaction.atomic
def end_older_secret(*, source: WebhookSource, by: User, at: datetime) -> WebhookSecret:
    """Do what `end_older_webhook_secret` does, on record."""
    before = _good(source)
    ended = end_older_webhook_secret(source=source, at=at)
    _note_secrets(source, before, by, at)
    return ended


def _good(source: WebhookSource) -> Mapping[str, object]:
    """Return the secrets that are good, by their numbers."""
    good = source.secrets.filter(ended_at__isnull=True).order_by("created_at", "pk")
    return {"secrets": [str(pk) for pk in good.values_list("pk", flat=True)]}


def _note(source: WebhookSource, before: Mapping[str, object], by: User, at: datetime) -> None:
    after = state_of(source, _SOURCE)
    action = ServiceEventAccess.WEBHOOK_CHANGED
    record_change(
        by=by, action=action, subject=source, before=before, after=after, team_id=source.team_id, at=at
    )


def _note_secrets(source: WebhookSource, before: Mapping[str, object], by: User, at: datetime) -> None:
    action = ServiceEventAccess.WEBHOOK_CHANGED
    record_change(
        by=by,
        action=action,
        subject=source,
        before=before,
        after=_good(source),
        team_id=source.team_id,
        at=at,
    )
