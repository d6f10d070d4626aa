"""Entries sealed without a key are sealed with one, in their order: no other person could have made the chain."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import migrations

_FIRST = b"\0" * 32


def _text(entry: Any) -> bytes:
    content = {
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "action": entry.action,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "team_id": entry.team_id,
        "details": entry.details,
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _keyed(content: bytes) -> bytes:
    return hmac.new(settings.ACCESS_LOG_KEYS[0].encode(), content, hashlib.sha256).digest()


def _plain(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _reseal(
    apps: Any, schema_editor: Any, seal: Callable[[bytes], bytes], key_id: int
) -> tuple[int, int, bytes]:
    model = apps.get_model("accounts", "AccessLogEntry")
    before, last, count = _FIRST, 0, 0
    schema_editor.execute("ALTER TABLE accounts_accesslogentry DISABLE TRIGGER USER")
    for entry in model.objects.order_by("pk").iterator():
        after = seal(before + _text(entry))
        model.objects.filter(pk=entry.pk).update(previous_hash=before, entry_hash=after, key_id=key_id)
        before, last, count = after, entry.pk, count + 1
    schema_editor.execute("ALTER TABLE accounts_accesslogentry ENABLE TRIGGER USER")
    return count, last, before


def seal_with_a_key(apps: Any, schema_editor: Any) -> None:
    """Seal each entry again, and note where the chain ends."""
    key_id = len(settings.ACCESS_LOG_KEYS) - 1
    count, last, head = _reseal(apps, schema_editor, _keyed, key_id)
    if count:
        text = f"head|{count}|{last}|{head.hex()}|0|{_FIRST.hex()}".encode()
        apps.get_model("accounts", "AccessLogHead").objects.create(
            id=1,
            entries=count,
            last_id=last,
            head_hash=head,
            anchors=0,
            anchor_seal=_FIRST,
            key_id=key_id,
            seal=_keyed(text),
        )


def seal_without(apps: Any, schema_editor: Any) -> None:
    """Go back to seals without a key."""
    _reseal(apps, schema_editor, _plain, 0)
    apps.get_model("accounts", "AccessLogHead").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_head_of_the_access_log")]

    operations = [migrations.RunPython(seal_with_a_key, seal_without)]
