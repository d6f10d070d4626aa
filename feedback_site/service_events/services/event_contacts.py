"""The contact that an event came with, sealed beside it.

Staff see by it that the customer's contact was changed afterwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from feedback_site.accounts.models import User
from feedback_site.common.bulk import insert_rows
from feedback_site.common.masking import mask_email, mask_phone
from feedback_site.common.sealing import ContactColumn, index_of_normalised, reveal, seal
from feedback_site.service_events.models import EventContact, ServiceEvent
from feedback_site.service_events.services.submissions import EventSubmission

_MASKS = {"phone": mask_phone, "email": mask_email}
_COLUMNS: tuple[ContactColumn, ...] = ("phone", "email")
_TABLE: str = EventContact._meta.db_table  # noqa: SLF001 - Django's documented API


@dataclass(frozen=True, slots=True)
class ContactThenAndNow:
    """One contact, masked: as the event brought it, and as it is on record of the customer today.

    `is_of_staff` where one of the two is the phone of a member of staff, who would answer for the customer.
    """

    column: ContactColumn
    then: str
    now: str
    is_changed: bool
    is_of_staff: bool


def keep_event_contacts(pairs: Iterable[tuple[ServiceEvent, EventSubmission]]) -> None:
    """Seal the contacts of new events beside them. One statement whatever their number."""
    rows = [_sealed(event, submission) for event, submission in pairs if _brings_contact(submission)]
    insert_rows(rows, skips_known=False)


def contacts_then_and_now(*, event: ServiceEvent) -> list[ContactThenAndNow]:
    """Return the contacts that the event came with, and whether they are others today.

    None where it came without.
    """
    kept = EventContact.objects.filter(pk=event.pk).first()
    if kept is None:
        return []
    return [
        _compared(kept, event, column) for column in _COLUMNS if getattr(kept, f"{column}_sealed") is not None
    ]


def _brings_contact(submission: EventSubmission) -> bool:
    return bool(submission.customer.phone or submission.customer.email)


def _sealed(event: ServiceEvent, submission: EventSubmission) -> EventContact:
    row = EventContact(service_event=event)
    for column in _COLUMNS:
        value: str | None = getattr(submission.customer, column)
        if value:
            setattr(row, f"{column}_sealed", seal(value=value, table=_TABLE, column=column, row_id=event.pk))
            setattr(row, f"{column}_index", index_of_normalised(column=column, value=value).current)
    return row


def _compared(kept: EventContact, event: ServiceEvent, column: ContactColumn) -> ContactThenAndNow:
    value = reveal(sealed=getattr(kept, f"{column}_sealed"), table=_TABLE, column=column, row_id=event.pk)
    stored = getattr(event.customer, f"{column}_index")
    known_as = index_of_normalised(column=column, value=value).known_as
    is_changed = stored is None or bytes(stored) not in known_as
    forms = known_as if stored is None else (*known_as, bytes(stored))
    return ContactThenAndNow(
        column=column,
        then=_MASKS[column](value),
        now=getattr(event.customer, f"{column}_mask"),
        is_changed=is_changed,
        is_of_staff=column == "phone" and User.objects.with_phone_in(forms).exists(),
    )
