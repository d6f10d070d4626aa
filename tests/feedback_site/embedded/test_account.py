"""PostgreSQL refuses root, so root lends it another account, which must be able to reach its files."""

import os
import pwd
from pathlib import Path

import pytest

from feedback_site.embedded import EmbeddedServersUnavailable
from feedback_site.embedded.account import Account, account_for, refuse_closed_parents


@pytest.fixture
def nobody() -> Account:
    entry = pwd.getpwnam("nobody")
    return Account(name="nobody", uid=entry.pw_uid, gid=entry.pw_gid)


def test_the_account_is_ours_unless_we_are_root(tmp_path: Path) -> None:
    account = account_for(tmp_path / "new")

    assert account.is_ours is (os.geteuid() != 0)
    assert account.uid != 0


def test_a_closed_folder_is_named_with_what_to_do_about_it(nobody: Account, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    with pytest.raises(EmbeddedServersUnavailable) as raised:
        refuse_closed_parents(nobody, closed / "checkout", remedy="move the data with DATA_DIR")

    advice = ("chmod o+x", "DATA_DIR") if os.geteuid() == 0 else ("changing to nobody failed", "DATABASE_URL")
    assert all(words in str(raised.value) for words in advice)


def test_a_closed_folder_keeps_its_mode(nobody: Account, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    with pytest.raises(EmbeddedServersUnavailable):
        refuse_closed_parents(nobody, closed, remedy="move")

    assert closed.stat().st_mode & 0o777 == 0o700


def test_we_can_always_reach_what_is_ours(tmp_path: Path) -> None:
    entry = pwd.getpwuid(os.geteuid())

    refuse_closed_parents(
        Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid), tmp_path, remedy="move"
    )
