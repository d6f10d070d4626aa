"""Makes a backup while the site runs, and deletes the oldest ones."""

import shutil
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.services import record_access
from feedback_site.common.exceptions import DomainError
from feedback_site.common.locks import Lock, wait_for
from feedback_site.operations.backups import database, files
from feedback_site.operations.backups.contents import (
    DATABASE,
    FILES,
    UNFINISHED,
    About,
    folder_name,
    whole_backups,
)
from feedback_site.operations.backups.encryption import encrypt, recipients_of
from feedback_site.operations.beginnings import applied_migrations
from feedback_site.operations.enums import OperationsAccess


def make_backup(*, into: Path, at: datetime) -> Path:
    """Write a backup into a new folder below `into`, and return it.

    The database and the anchors of its access log are of one moment; the site is not held up. A run that is
    cut short leaves a folder whose name says so and which is no backup.
    """
    recipients = recipients_of(settings.BACKUP_KEYS)
    whole = into / folder_name(at=at.astimezone(UTC))
    folder = whole.with_name(whole.name + UNFINISHED)
    if whole.exists() or folder.exists():
        raise DomainError(_("%(folder)s exists already.") % {"folder": whole})
    folder.mkdir(mode=0o700, parents=True)
    with ExitStack() as stack:
        with transaction.atomic():
            # No entry is added between the look at the database and the one at the anchors outside it.
            wait_for(Lock.ACCESS_LOG)
            seen = stack.enter_context(database.snapshot())
            anchors = files.anchors()
            record_access(
                actor=None,
                action=OperationsAccess.BACKED_UP,
                subject_kind="backup",
                subject_id=whole.name,
                at=at,
            )
        about = About(
            made_at=at.astimezone(UTC).isoformat(timespec="seconds"),
            migrations=applied_migrations(seen),
            rows=database.rows_by_table(seen),
            digests={
                DATABASE: database.write_out(
                    seen, partial(encrypt, target=folder / DATABASE, recipients=recipients)
                ),
                FILES: files.pack(anchors, partial(encrypt, target=folder / FILES, recipients=recipients)),
            },
        )
    about.write(folder)
    folder.rename(whole)
    return whole


def delete_old_backups(*, within: Path, keep: int) -> list[Path]:
    """Delete all but the latest `keep` whole backups, and return which they were."""
    old = whole_backups(within)[:-keep]
    for folder in old:
        shutil.rmtree(folder)
    return old
