"""Files of customers, sealed as contacts are.

They are in the database, so that a file and the row that refers to it are written together or not at all.
"""

import hashlib
import hmac
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from feedback_site.accounts.enums import AccessReason
from feedback_site.accounts.models import ApiKey, User
from feedback_site.common.sealing import reveal_bytes, seal_bytes
from feedback_site.customers.enums import CustomerAccess, FileType
from feedback_site.customers.models import SealedFile
from feedback_site.customers.services.revealing import note_look

_FINGERPRINT_BYTES = 16
_PLACE = {"table": SealedFile._meta.db_table, "column": "content"}  # noqa: SLF001 - Django's documented API


def keep_file(*, content: bytes, content_type: FileType, at: datetime) -> SealedFile:
    """Seal a file and return its row."""
    file = SealedFile(content_type=content_type, size=len(content), created_at=at)
    file.content_sealed = seal_bytes(value=content, row_id=file.pk, **_PLACE)
    file.save(force_insert=True)
    return file


def fingerprint(content: bytes) -> str:
    """Return 32 hexadecimal digits that are the same for the same content.

    Without the key they tell nothing of the content.
    """
    digest = hmac.new(settings.BLIND_INDEX_KEYS[0].encode(), b"file|" + content, hashlib.sha256).digest()
    return digest[:_FINGERPRINT_BYTES].hex()


@transaction.atomic
def open_file(
    *,
    file: SealedFile,
    by: User | ApiKey,
    reason: AccessReason,
    note: str = "",
    team_id: int | None,
    details: Mapping[str, Any] | None = None,
    at: datetime,
) -> bytes:
    """Put the look on record and return the content; the caller has seen to it that the file is within scope.

    `team_id` is whose data it is. Raises `DomainError` without
    permission or reason, `RevealLimitError` beyond the limit.
    """
    note_look(
        action=CustomerAccess.FILE_OPENED,
        subject_kind="file",
        subject_id=str(file.pk),
        by=by,
        reason=reason,
        note=note,
        team_id=team_id,
        details=details,
        at=at,
    )
    return reveal_bytes(sealed=bytes(file.content_sealed), row_id=file.pk, **_PLACE)


def remove_files(*, file_ids: Iterable[uuid.UUID]) -> int:
    """Forget files that nothing refers to any more."""
    # Django reads what it deletes: the ids will do.
    removed, _by_model = SealedFile.objects.only("pk").filter(pk__in=file_ids).delete()
    return removed
