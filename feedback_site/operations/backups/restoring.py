"""Brings a backup into an empty site."""

import tempfile
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.utils.translation import gettext as _

from feedback_site.accounts.services import record_access
from feedback_site.common.exceptions import DomainError
from feedback_site.operations.backups import database, files
from feedback_site.operations.backups.contents import DATABASE, FILES, About, read_about
from feedback_site.operations.backups.encryption import decrypt, digest_of, read_key
from feedback_site.operations.beginnings import unknown_migrations
from feedback_site.operations.enums import OperationsAccess


def restore_backup(*, folder: Path, key_file: Path, at: datetime) -> About:
    """Restore the backup in `folder` and return what it says of itself.

    Everything that can be wrong is looked for before anything is written. The database comes back whole or
    not at all, and its rows are counted; afterwards it is brought up to this version, which also tells
    whether the site's own keys can read what is sealed in it.
    """
    about, key = read_about(folder), read_key(key_file)
    _refuse_what_cannot_be_read(folder, about)
    _refuse_a_site_with_data()
    with tempfile.TemporaryDirectory() as unpacked, tempfile.TemporaryFile() as archive:
        decrypt(folder / FILES, archive, key)
        archive.seek(0)
        found = files.unpack(archive, Path(unpacked))
        database.read_back(partial(decrypt, folder / DATABASE, key=key))
        _compare(about.rows, database.rows_by_table(connection))
        files.put_back(found)
    call_command("migrate", verbosity=0, interactive=False, skip_checks=False)
    record_access(
        actor=None, action=OperationsAccess.RESTORED, subject_kind="backup", subject_id=folder.name, at=at
    )
    return about


def _refuse_what_cannot_be_read(folder: Path, about: About) -> None:
    for name, expected in about.digests.items():
        try:
            found = digest_of(folder / name)
        except FileNotFoundError:
            found = ""
        if found != expected:
            raise DomainError(
                _("%(file)s is not as it was written: use another copy of this backup.")
                % {"file": folder / name}
            )
    unknown = unknown_migrations(about.migrations)
    if unknown:
        raise DomainError(
            _(
                "This backup was made by a version of the site that this one does not know (%(migration)s): "
                "restore it with that version or a later one."
            )
            % {"migration": unknown[0]}
        )


def _refuse_a_site_with_data() -> None:
    if not database.is_empty():
        raise DomainError(
            _(
                "The database is not empty. Restore into a new one: set DATABASE_URL to it, or DATA_DIR to a "
                "new folder where the site brings PostgreSQL along."
            )
        )
    if taken := files.taken():
        raise DomainError(_("%(file)s exists already: move it away, and restore again.") % {"file": taken[0]})


def _compare(expected: Mapping[str, int], found: Mapping[str, int]) -> None:
    different = sorted(
        table for table in expected.keys() | found.keys() if expected.get(table) != found.get(table)
    )
    if different:
        raise DomainError(
            _("Table %(table)s has %(found)s rows, and the backup %(expected)s: use another copy.")
            % {
                "table": different[0],
                "found": found.get(different[0], 0),
                "expected": expected.get(different[0], 0),
            }
        )
