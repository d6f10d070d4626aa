"""A run of the whole suite counts only when every test ran."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from feedback_site.embedded.layout import PROJECT_ROOT

PASSES = "def test_passes(): pass\n"
IS_SKIPPED = "import pytest\n@pytest.mark.skip\ndef test_is_skipped(): pass\n"
IS_EXPECTED_TO_FAIL = "import pytest\n@pytest.mark.xfail\ndef test_is_expected_to_fail(): assert False\n"
NOT_A_TEST = "def helper(): pass\n"


def run_pytest(folder: Path, source: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a one-file suite with the plugin and without anything else."""
    (folder / "test_it.py").write_text(source)
    (folder / "pytest.ini").write_text("[pytest]\n")
    outside = {name: value for name, value in os.environ.items() if name != "CI"}
    inherited = {name: value for name, value in outside.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.plugins.complete_runs", str(folder)],
        cwd=PROJECT_ROOT,
        env={**inherited, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_complete_run_passes(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, PASSES, CI="true")

    assert done.returncode == pytest.ExitCode.OK
    assert done.stdout.splitlines()[-1].startswith("1 passed")


@pytest.mark.parametrize(("source", "kind"), [(IS_SKIPPED, "skipped"), (IS_EXPECTED_TO_FAIL, "xfailed")])
def test_a_test_left_out_fails_the_run_and_is_named(tmp_path: Path, source: str, kind: str) -> None:
    done = run_pytest(tmp_path, PASSES + source, CI="true")

    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert f"CI: not run to the end: {kind} test_it.py::test_is_" in done.stdout
    assert done.stdout.splitlines()[-1].startswith(f"1 passed, 1 {kind}")


def test_a_run_without_tests_fails(tmp_path: Path) -> None:
    assert run_pytest(tmp_path, NOT_A_TEST, CI="true").returncode == pytest.ExitCode.NO_TESTS_COLLECTED


def test_outside_ci_a_skip_is_only_a_skip(tmp_path: Path) -> None:
    assert run_pytest(tmp_path, PASSES + IS_SKIPPED).returncode == pytest.ExitCode.OK
