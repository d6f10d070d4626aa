"""Opens a customer's file for a member of staff.

As a contact is shown: for a reason, within a limit, and on record before the file is read.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.enums import AccessReason
from feedback_site.accounts.models import ApiKey, User
from feedback_site.common.exceptions import NotFoundError
from feedback_site.customers.enums import FileType
from feedback_site.customers.services import open_file
from surveys.models import ResponseFile


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file in clear. `name` is ours: what the customer's device called it is nowhere."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@transaction.atomic
def open_response_file(
    *, file_id: uuid.UUID, by: User | ApiKey, reason: AccessReason, note: str = "", at: datetime
) -> OpenedFile:
    """Return a submitted file within the scope of `by`.

    Raises `NotFoundError` outside it, else what opening a contact does.
    """
    found = (
        ResponseFile.objects.for_user(by)
        .submitted()
        .filter(pk=file_id)
        .select_related("file", "invitation")
        .first()
    )
    if found is None:
        raise NotFoundError(_("File not found, or you do not have access."))
    details = {"response": str(found.invitation_id), "question": found.question_key}
    content = open_file(
        file=found.file,
        by=by,
        reason=reason,
        note=note,
        team_id=found.invitation.team_id,
        details=details,
        at=at,
    )
    kind = FileType(found.file.content_type)
    return OpenedFile(f"{found.pk}.{kind.ending}", kind.value, content)
