"""A server is recognised by what it runs and where, never by its pid alone."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedback_site.embedded.processes import command_line, is_server, read_pid, wait_until

PROGRAM = "/bin/sleep"


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process whose command line looks like that of a server on `<tmp_path>/data`."""
    command = ["postgres", "-c", f"{PROGRAM} 60; :", "-D", str(tmp_path / "data")]
    with subprocess.Popen(command, executable="/bin/sh", start_new_session=True) as process:
        assert wait_until(lambda: command_line(process.pid) == command, seconds=5)
        try:
            yield process
        finally:
            os.killpg(process.pid, 9)


def test_the_right_program_on_the_right_folder_is_the_server(
    sleeper: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    assert is_server(sleeper.pid, programs=("postgres",), folder=tmp_path / "data")


def test_the_right_program_on_another_folder_is_not(sleeper: subprocess.Popen[bytes], tmp_path: Path) -> None:
    for folder in (
        tmp_path,
        tmp_path / "dat",
        tmp_path / "data2",
        Path("/data"),
        tmp_path.relative_to("/") / "data",
    ):
        assert not is_server(sleeper.pid, programs=("postgres",), folder=folder)


def test_another_program_on_the_right_folder_is_not(sleeper: subprocess.Popen[bytes], tmp_path: Path) -> None:
    assert not is_server(sleeper.pid, programs=("valkey-server",), folder=tmp_path / "data")


def test_a_process_that_has_ended_has_no_command_line() -> None:
    ended = subprocess.Popen(["/bin/sh", "-c", ":"])
    assert wait_until(lambda: not command_line(ended.pid), seconds=5)  # a zombie until it is waited for
    ended.wait()

    assert command_line(ended.pid) == []
    assert command_line(0) == []


@pytest.mark.parametrize(
    ("content", "pid"), [("123\n/data\n", 123), ("-123\n", 123), ("", 0), ("garbage", 0)]
)
def test_a_pid_file_is_read_whatever_it_holds(tmp_path: Path, content: str, pid: int) -> None:
    (tmp_path / "pid").write_text(content)

    assert read_pid(tmp_path / "pid") == pid
    assert read_pid(tmp_path / "missing") == 0
