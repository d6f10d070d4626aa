import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugins import bytecode

COMPILE = "import colorsys; print(colorsys.__cached__)"


@pytest.fixture
def told_to_write_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    return tmp_path / "data"


def test_what_is_compiled_is_kept_in_the_data_folder_for_every_process(told_to_write_nothing):
    bytecode.pytest_addoption()

    done = subprocess.run([sys.executable, "-c", COMPILE], capture_output=True, text=True, check=True)
    kept = Path(done.stdout.strip())
    assert kept.is_relative_to(told_to_write_nothing)
    assert kept.is_file()
    assert (sys.dont_write_bytecode, sys.pycache_prefix) == (False, os.environ["PYTHONPYCACHEPREFIX"])


def test_a_folder_that_was_chosen_stays_chosen(told_to_write_nothing, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))

    bytecode.pytest_addoption()

    assert sys.pycache_prefix == str(tmp_path)
    assert not told_to_write_nothing.exists()
