"""Free text as it was written, sealed beside its masked copy.

The app that stores the copy keeps it; staff open it for a reason and on record.
"""

import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime

from django.db import transaction

from feedback_site.accounts.enums import AccessReason
from feedback_site.accounts.models import ApiKey, User
from feedback_site.common.ids import uuid7
from feedback_site.common.masking import mask_words
from feedback_site.common.sealing import SealBrokenError, reveal_bytes, seal_bytes
from feedback_site.customers.enums import CustomerAccess
from feedback_site.customers.models import Customer, SealedText
from feedback_site.customers.services.contacts import reveal_column
from feedback_site.customers.services.revealing import note_look

_PLACE = {"table": SealedText._meta.db_table, "column": "content"}  # noqa: SLF001 - Django's documented API


@dataclass(frozen=True, slots=True)
class NewSealedText:
    """A text that was sealed for the row with this id."""

    id: uuid.UUID
    field: str
    content: bytes = dataclass_field(repr=False)

    def as_row(self) -> dict[str, str]:
        """Return it as statements read it from JSON."""
        return {"id": str(self.id), "field": self.field, "content": self.content.hex()}


def seal_text(*, name: str, text: str) -> NewSealedText:
    """Seal the text of a field; it is not stored yet."""
    row_id = uuid7()
    return NewSealedText(row_id, name, seal_bytes(value=text.encode(), row_id=row_id, **_PLACE))


def unseal_texts(packed: str | None) -> dict[str, str]:
    """Return by field what a statement read as JSON rows of id, field and content in hexadecimal digits."""
    rows = json.loads(packed) if packed else []
    return {
        name: reveal_bytes(sealed=bytes.fromhex(content), row_id=uuid.UUID(row_id), **_PLACE).decode()
        for row_id, name, content in rows
    }


def names_of(customer: Customer | None) -> list[str]:
    """Return the names that texts about this customer are searched for; one that cannot be opened is none."""
    with suppress(SealBrokenError):
        return [name] if customer is not None and (name := reveal_column(customer, "name")) else []
    return []


@transaction.atomic
def keep_masked(
    *,
    kind: str,
    subject_id: object,
    texts: Mapping[str, str],
    names: Collection[str] = (),
    keeps_hotlines: bool = False,
    at: datetime,
) -> dict[str, str]:
    """Return each text masked, and keep sealed what masking changed.

    The caller stores the masked texts in this transaction.

    What was kept of these fields before goes: a text that was written
    again has no older version. Give texts that changed alone.
    """
    masked = {name: mask_words(text, names, keeps_hotlines=keeps_hotlines) for name, text in texts.items()}
    changed = [seal_text(name=name, text=text) for name, text in texts.items() if masked[name] != text]
    SealedText.objects.filter(subject_kind=kind, subject_id=str(subject_id), field__in=list(texts)).delete()
    SealedText.objects.bulk_create(_row(kind, subject_id, new, at) for new in changed)
    return masked


def keep_sealed(*, kind: str, texts: Iterable[tuple[object, NewSealedText]], at: datetime) -> None:
    """Store sealed texts of many subjects, each with its subject's id; a field that has one keeps it."""
    SealedText.objects.bulk_create(
        [_row(kind, subject_id, new, at) for subject_id, new in texts], ignore_conflicts=True
    )


def texts_as_written(*, kind: str, subject_ids: Iterable[object]) -> dict[str, dict[str, str]]:
    """Return by subject and field what was written, for its author and for reading it again.

    Staff use `open_texts`.
    """
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in SealedText.objects.filter(subject_kind=kind, subject_id__in=[str(one) for one in subject_ids]):
        found[row.subject_id][row.field] = reveal_bytes(
            sealed=bytes(row.content_sealed), row_id=row.pk, **_PLACE
        ).decode()
    return dict(found)


@transaction.atomic
def open_texts(
    *,
    kind: str,
    subject_id: str,
    by: User | ApiKey,
    reason: AccessReason,
    note: str = "",
    team_id: int | None,
    at: datetime,
) -> dict[str, str]:
    """Put the look on record and return by field what was written.

    The caller has made sure that the subject is within scope.

    `team_id` is whose data it is. Raises `DomainError` without
    permission or reason, `RevealLimitError` beyond the limit.
    """
    note_look(
        action=CustomerAccess.WORDS_OPENED,
        subject_kind=kind,
        subject_id=subject_id,
        by=by,
        reason=reason,
        note=note,
        team_id=team_id,
        details=None,
        at=at,
    )
    return texts_as_written(kind=kind, subject_ids=[subject_id]).get(subject_id, {})


def _row(kind: str, subject_id: object, new: NewSealedText, at: datetime) -> SealedText:
    return SealedText(
        id=new.id,
        subject_kind=kind,
        subject_id=str(subject_id),
        field=new.field,
        content_sealed=new.content,
        created_at=at,
    )
