"""Data folders that the account of PostgreSQL can reach, unlike pytest's own `tmp_path`."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from feedback_site.embedded import remove_data
from feedback_site.embedded.layout import layout_of
from feedback_site.embedded.postgres import Postgres
from feedback_site.embedded.valkey import Valkey


@pytest.fixture(scope="session")
def reachable_folder() -> Iterator[Path]:
    """A folder that every account can pass through."""
    folder = Path(tempfile.mkdtemp(prefix="feedback-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def new_data_dir(reachable_folder: Path) -> Iterator[Callable[[str], Path]]:
    """A function that names a data folder which does not exist yet."""
    base = Path(tempfile.mkdtemp(dir=reachable_folder))
    base.chmod(0o711)
    named: list[Path] = []

    def name_it(name: str) -> Path:
        named.append(base / name)
        return base / name

    yield name_it
    for folder in named:
        stop(folder)
        remove_data(folder)


@pytest.fixture
def data_dir(reachable_folder: Path) -> Iterator[Path]:
    """A data folder that tests share, because making a database cluster takes a second.

    Nothing runs in it.
    """
    yield reachable_folder / "data"
    stop(reachable_folder / "data")


def stop(data_dir: Path) -> None:
    """Stop what a failed test left running."""
    Postgres(layout_of(data_dir)).stop()
    Valkey(layout_of(data_dir)).stop()
