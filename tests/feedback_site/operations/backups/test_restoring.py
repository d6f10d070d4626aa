"""What a backup brings back, and what is refused before anything is written."""

import json
import shutil
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings as the_settings
from django.db import connection

from feedback_site.accounts.models import AccessLogEntry
from feedback_site.accounts.services import anchor_access_log, anchor_path, record_access
from feedback_site.common.exceptions import DomainError
from feedback_site.customers.enums import CustomerAccess
from feedback_site.customers.models import Customer
from feedback_site.customers.services import contacts_of
from feedback_site.operations.backups.contents import ABOUT, DATABASE, FILES, UNFINISHED
from feedback_site.operations.backups.database import is_empty, rows_by_table
from feedback_site.operations.backups.encryption import digest_of, encrypt, make_key, recipients_of
from feedback_site.operations.backups.making import make_backup
from feedback_site.operations.backups.restoring import restore_backup
from tests.factories.customers.case import upsert_customer
from tests.feedback_site.operations.backups.conftest import BACKED_UP_AT, empty_database

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, EXPORT, LOG = "+8613912345678", b"\xef\xbb\xbfn\r\n1\r\n", "accounts_accesslogentry"
REVEALED = CustomerAccess.CONTACT_REVEALED
RESTORED_AT = BACKED_UP_AT + timedelta(hours=3)


@pytest.fixture
def backup(key_file, kept_files, store, organisation) -> Path:
    upsert_customer(source="crm", external_id="C-1", name="王小明", phone=PHONE)
    kept_files.joinpath("exports", "east").mkdir(parents=True)
    kept_files.joinpath("exports", "east", "answers.csv").write_bytes(EXPORT)
    record_access(
        actor=None, action=CustomerAccess.CONTACT_REVEALED, subject_kind="customer", at=BACKED_UP_AT
    )
    anchor_access_log(at=BACKED_UP_AT)
    return make_backup(into=store, at=BACKED_UP_AT)


def test_everything_comes_back_in_an_empty_site_and_in_no_other(backup, key_file, kept_files, settings):
    anchors, rows = anchor_path().read_bytes(), rows_by_table(connection)
    with pytest.raises(DomainError, match="not empty"):
        restore_backup(folder=backup, key_file=key_file, at=RESTORED_AT)

    with empty_database():
        with pytest.raises(DomainError, match=r"answers\.csv exists already"):
            restore_backup(folder=backup, key_file=key_file, at=RESTORED_AT)
        assert is_empty()
        settings.EXPORT_DIR = kept_files / "new" / "exports"
        settings.ACCESS_LOG_ANCHOR_DIR = str(kept_files / "new" / "anchors")
        about = restore_backup(folder=backup, key_file=key_file, at=RESTORED_AT)

        found = rows_by_table(connection)
        customer = Customer.objects.get(external_id="C-1")
        assert contacts_of([customer])[customer.id].phone == PHONE
        assert [entry.action for entry in AccessLogEntry.objects.order_by("pk")] == [
            "contact_revealed",
            "restored",
        ]
        assert anchor_path().read_bytes() == anchors
    # The entry about the backup was made after its look at the database.
    assert about.rows == {**rows, LOG: rows[LOG] - 1}
    assert found == {**about.rows, LOG: about.rows[LOG] + 1}
    assert (kept_files / "new/exports/east/answers.csv").read_bytes() == EXPORT
    for name in (DATABASE, FILES):
        assert (backup / name).read_bytes().startswith(b"age-encryption.org/v1\n")
        assert (backup / name).stat().st_mode & 0o777 == 0o600
    with pytest.raises(DomainError, match="exists already"):
        make_backup(into=backup.parent, at=BACKED_UP_AT)


def _flip(file: Path, position: int) -> None:
    content = bytearray(file.read_bytes())
    content[position] ^= 1
    file.write_bytes(content)


def _rewrite(folder: Path, **values) -> None:
    about = json.loads((folder / ABOUT).read_text())
    (folder / ABOUT).write_text(json.dumps(about | values))


def _with_digests_to_match(folder: Path) -> None:
    _rewrite(folder, digests={name: digest_of(folder / name) for name in (DATABASE, FILES)})


def _cut_short(folder: Path) -> None:
    file = folder / DATABASE
    file.write_bytes(file.read_bytes()[:-100_000])


def _put_words_into(file: Path) -> None:
    file.unlink()
    encrypt(BytesIO(b"words " * 100_000), file, recipients_of(the_settings.BACKUP_KEYS))


BROKEN = {
    "a changed byte": lambda folder: _flip(folder / DATABASE, 5000),
    "a missing file": lambda folder: (folder / FILES).unlink(),
    "no page about it": lambda folder: (folder / ABOUT).unlink(),
    "a changed byte that its digest agrees with": lambda folder: (
        _flip(folder / DATABASE, 200_000),
        _with_digests_to_match(folder),
    ),
    "an end that is missing": lambda folder: (_cut_short(folder), _with_digests_to_match(folder)),
    "no database": lambda folder: (_put_words_into(folder / DATABASE), _with_digests_to_match(folder)),
    "a version to come": lambda folder: _rewrite(folder, migrations=["surveys.0999_to_come"]),
    "another format": lambda folder: _rewrite(folder, format=2),
}


def test_what_is_broken_is_refused_with_nothing_written(backup, key_file, kept_files, settings, tmp_path):
    settings.EXPORT_DIR = kept_files / "new" / "exports"
    settings.ACCESS_LOG_ANCHOR_DIR = str(kept_files / "new" / "anchors")
    with empty_database():
        for name, spoil in BROKEN.items():
            folder = tmp_path / "broken" / backup.name
            shutil.copytree(backup, folder)
            spoil(folder)
            with pytest.raises(DomainError):
                restore_backup(folder=folder, key_file=key_file, at=BACKED_UP_AT)
            assert is_empty(), name
            assert not (kept_files / "new").exists(), name
            shutil.rmtree(folder)

        other_key = tmp_path / "other"
        make_key(other_key)
        with pytest.raises(DomainError, match="another key"):
            restore_backup(folder=backup, key_file=other_key, at=BACKED_UP_AT)
        _rewrite(backup, rows={"customers_customer": 7})
        with pytest.raises(DomainError, match="Table"):
            restore_backup(folder=backup, key_file=key_file, at=BACKED_UP_AT)
        unfinished = backup.rename(backup.with_name(backup.name + UNFINISHED))
        with pytest.raises(DomainError, match="never finished"):
            restore_backup(folder=unfinished, key_file=key_file, at=BACKED_UP_AT)
