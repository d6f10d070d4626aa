"""The supervisor keeps its processes running, passes on what they say, and leaves none behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from feedback_site.embedded.processes import command_line, wait_until
from feedback_site.operations.supervisor import CRASHES_IN_A_ROW, PROJECT_ROOT, ProcessSpec, Supervisor

SUPERVISE = """
import sys
from feedback_site.operations.supervisor import ProcessSpec, Supervisor
specs = [
    ProcessSpec(name=f"child{n}", argv=["/bin/sh", "-c", script]) for n, script in enumerate(sys.argv[1:])
]
sys.exit(Supervisor(specs, grace=0.5).run())
"""
WITH_A_CHILD_OF_ITS_OWN = "sleep 600 & echo pids $$ $!; wait"
DEAF = "trap '' TERM INT; echo pids $$; while :; do sleep 0.05; done"


def shell(script: str, *, name: str = "child") -> ProcessSpec:
    return ProcessSpec(name=name, argv=["/bin/sh", "-c", script])


def supervise(*scripts: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, *scripts], cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True
    )


def told_pids(process: subprocess.Popen[str]) -> list[int]:
    """Read the line in which a child tells its pid and those of its own children."""
    assert process.stdout is not None
    return [int(word) for word in process.stdout.readline().split("pids", 1)[1].split()]


def are_gone(pids: list[int]) -> bool:
    return not any(command_line(pid) for pid in pids)


def test_each_line_carries_the_name_of_who_said_it() -> None:
    with supervise("echo one; exec sleep 60", "sleep 0.3; echo two; exec sleep 60") as process:
        assert process.stdout is not None
        lines = [process.stdout.readline(), process.stdout.readline()]
        process.terminate()

    assert lines == ["child0 | one\n", "child1 | two\n"]


def test_a_line_cut_off_by_the_end_of_its_process_is_not_lost() -> None:
    with supervise("printf 'last words'; exit 3") as process:
        assert process.stdout is not None
        lines = [process.stdout.readline(), process.stdout.readline()]
        process.terminate()

    assert lines == ["child0 | last words\n", "child0 | ended with 3, again in 0.5 s\n"]


def test_output_can_go_to_a_file_per_process(tmp_path: Path) -> None:
    with Supervisor([shell("echo hello; exec sleep 60", name="web")], log_dir=tmp_path / "log"):
        assert wait_until(lambda: (tmp_path / "log" / "web.log").read_text() == "hello\n", seconds=5)


def test_a_command_that_does_not_exist_leaves_nothing_running(tmp_path: Path) -> None:
    first = tmp_path / "first"
    missing = ProcessSpec(name="missing", argv=[str(tmp_path / "no-such-program")])

    with (
        pytest.raises(FileNotFoundError),
        Supervisor([shell(f"echo $$ > {first}; exec sleep 600"), missing], grace=0.5),
    ):
        pass

    assert not first.exists() or are_gone([int(first.read_text() or 0)])


def test_a_crashed_process_is_started_again(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    with Supervisor([shell(f"echo x >> {starts}; exit 1")], first_pause=0.01) as supervisor:
        assert wait_until(
            lambda: supervisor.step() or (starts.exists() and len(starts.read_text().split()) == 3), seconds=5
        )


def test_a_process_that_keeps_crashing_ends_the_run_with_an_error(tmp_path: Path) -> None:
    starts = tmp_path / "starts"

    status = Supervisor(
        [shell(f"echo x >> {starts}; exit 1"), shell("exec sleep 60")], first_pause=0.001
    ).run()

    assert status == 1
    assert len(starts.read_text().split()) == CRASHES_IN_A_ROW


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_cleanly(number: signal.Signals) -> None:
    with supervise(WITH_A_CHILD_OF_ITS_OWN) as process:
        pids = told_pids(process)
        process.send_signal(number)
        process.communicate(timeout=10)

    assert process.returncode == 0
    assert are_gone(pids)


def test_a_process_that_ignores_the_request_is_killed() -> None:
    with supervise(DEAF) as process:
        pids = told_pids(process)
        process.terminate()
        process.communicate(timeout=10)

    assert process.returncode == 0
    assert are_gone(pids)


def test_no_process_outlives_a_killed_supervisor() -> None:
    with supervise(WITH_A_CHILD_OF_ITS_OWN, DEAF) as process:
        pids = told_pids(process) + told_pids(process)
        process.kill()
        process.wait()

        assert wait_until(lambda: are_gone(pids), seconds=5)


def test_children_of_a_crashed_process_do_not_survive_it(tmp_path: Path) -> None:
    orphan = tmp_path / "orphan"
    with Supervisor([shell(f"sleep 600 & echo $! > {orphan}; exit 1")], first_pause=60) as supervisor:
        assert wait_until(
            lambda: supervisor.step() or (orphan.exists() and are_gone([int(orphan.read_text() or 0)])),
            seconds=5,
        )


def test_variables_of_a_process_are_added_to_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OURS", "ours")
    spec = ProcessSpec(
        name="web", argv=["/bin/sh", "-c", 'echo "$OURS $ITS_OWN"; exec sleep 60'], env={"ITS_OWN": "own"}
    )

    with Supervisor([spec], log_dir=tmp_path):
        assert wait_until(lambda: (tmp_path / "web.log").read_text() == "ours own\n", seconds=5)

    assert "ITS_OWN" not in os.environ
