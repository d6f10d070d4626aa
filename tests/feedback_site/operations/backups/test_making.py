from datetime import timedelta

import pytest

from feedback_site.common.exceptions import DomainError
from feedback_site.operations.backups.contents import UNFINISHED
from feedback_site.operations.backups.making import delete_old_backups, make_backup
from tests.feedback_site.operations.backups.conftest import BACKED_UP_AT


@pytest.mark.parametrize("keys", [[], ["age1nokey"]])
def test_nothing_is_written_without_a_key_to_encrypt_for(keys, store, settings):
    settings.BACKUP_KEYS = keys
    with pytest.raises(DomainError, match="BACKUP_KEYS"):
        make_backup(into=store, at=BACKED_UP_AT)
    assert not store.exists()


def test_the_latest_whole_backups_are_kept(store):
    names = [f"feedback-site-{BACKED_UP_AT + timedelta(days=day):%Y%m%dT%H%M%SZ}" for day in range(5)]
    for name in names:
        (store / name).mkdir(parents=True)
        (store / name / "about.json").touch()
    (store / (names[0] + UNFINISHED)).mkdir()
    (store / names[4] / "about.json").unlink()
    (store / "other").mkdir()

    gone = delete_old_backups(within=store, keep=3)

    assert [folder.name for folder in gone] == names[:1]
    assert {folder.name for folder in store.iterdir()} == {*names[1:], names[0] + UNFINISHED, "other"}
