"""A checkout that only root can enter, such as one in /root.

It keeps PostgreSQL's files where their account can reach them.
"""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedback_site.embedded import EmbeddedServersUnavailable, remove_data, running_servers
from feedback_site.embedded.account import Account, account_for
from feedback_site.embedded.layout import layout_of, make_data_dir
from feedback_site.embedded.postgres_folder import (
    POINTER,
    can_enter,
    postgres_folder,
    remove_postgres_folder,
    settle_postgres_folder,
)
from tests.factories.embedded.users import one

only_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="an ordinary user's servers run as that user, wherever they lie"
)


@pytest.fixture
def closed(reachable_folder: Path) -> Iterator[Path]:
    folder = reachable_folder / "closed"
    folder.mkdir(mode=0o700)
    yield folder
    for pointer in folder.rglob(POINTER):
        remove_postgres_folder(pointer.parent)
    shutil.rmtree(folder)


@only_root
def test_the_servers_run_for_root_in_a_folder_that_only_root_can_enter(
    closed: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    data_dir = closed / "路径 with spaces" / ".local"

    with running_servers(data_dir, durable=False) as servers:
        answer = one(servers, "SELECT 1")
        folder = layout_of(data_dir).postgres
        owner = (folder / "data").stat().st_uid
    said = capfd.readouterr().err
    with running_servers(data_dir, durable=False) as servers:
        again = one(servers, "SELECT 1")

    assert (answer, again) == (1, 1)
    assert owner != 0
    assert folder.parent.name == "feedback-site"
    assert closed.stat().st_mode & 0o777 == 0o700
    assert said == f"PostgreSQL keeps its files in {folder}: its account cannot enter {data_dir}.\n"

    remove_data(data_dir)

    assert not folder.exists()
    assert not (data_dir / POINTER).exists()


@only_root
def test_two_closed_checkouts_have_folders_of_their_own(closed: Path) -> None:
    for name in ("one", "two"):
        make_data_dir(closed / name)

    assert settle_postgres_folder(closed / "one") != settle_postgres_folder(closed / "two")


@only_root
def test_a_new_checkout_does_not_find_the_data_of_a_removed_one_at_its_path(closed: Path) -> None:
    make_data_dir(closed / "data")
    first = settle_postgres_folder(closed / "data")
    (closed / "data" / POINTER).unlink()

    second = settle_postgres_folder(closed / "data")

    assert first != second
    assert postgres_folder(closed / "data") == second
    shutil.rmtree(first)


@only_root
def test_a_cluster_stays_where_it_is_when_its_folder_is_closed_or_opened(closed: Path) -> None:
    inside, outside = closed / "inside", closed / "outside"
    make_data_dir(inside)
    make_data_dir(outside)
    chosen = settle_postgres_folder(outside)
    (inside / "postgres" / "data").mkdir(parents=True)
    (inside / "postgres" / "data" / "PG_VERSION").touch()
    closed.chmod(0o711)

    assert settle_postgres_folder(outside) == chosen
    closed.chmod(0o700)
    assert settle_postgres_folder(inside) == inside / "postgres"
    with (
        pytest.raises(EmbeddedServersUnavailable, match="chmod o\\+x"),
        running_servers(inside, kinds=frozenset({"postgres"})),
    ):
        pass


@only_root
def test_processes_that_settle_it_at_the_same_moment_agree(closed: Path) -> None:
    make_data_dir(closed / "data")
    script = (
        "import sys; from pathlib import Path; from feedback_site.embedded.postgres_folder import "
        "settle_postgres_folder;"
        "print(settle_postgres_folder(Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", script, str(closed / "data")]

    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = {process.communicate(timeout=30)[0] for process in running}

    assert said == {f"{postgres_folder(closed / 'data')}\n"}


@pytest.mark.parametrize(
    ("mode", "enters"),
    [(0o701, True), (0o711, True), (0o755, True), (0o750, False), (0o776, False), (0o700, False)],
)
def test_an_account_passes_where_others_may(reachable_folder: Path, mode: int, enters: bool) -> None:  # noqa: FBT001 - a column of the table
    nobody = pwd.getpwnam("nobody")
    stranger = Account(name="stranger", uid=nobody.pw_uid - 7, gid=nobody.pw_gid - 7)
    folder = reachable_folder / "above"
    (folder / "below").mkdir(parents=True)

    folder.chmod(mode)
    found = can_enter(stranger, folder / "below")

    assert found is enters
    folder.chmod(0o700)
    shutil.rmtree(folder)


@only_root
def test_an_account_passes_where_its_owner_or_group_may(reachable_folder: Path) -> None:
    account = account_for(reachable_folder / "new")
    folder = reachable_folder / "owned"
    folder.mkdir(exist_ok=True)

    os.chown(folder, account.uid, 0)
    folder.chmod(0o100)
    by_owner = can_enter(account, folder)
    os.chown(folder, 0, account.gid)
    folder.chmod(0o010)
    by_group = can_enter(account, folder)
    folder.chmod(0o701)
    by_others_but_not_group = can_enter(account, folder)

    assert (by_owner, by_group, by_others_but_not_group) == (True, True, False)
    folder.rmdir()
