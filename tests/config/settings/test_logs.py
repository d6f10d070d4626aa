"""A command's terminal shows its report alone; what it logs lies in a file."""

import json
import os
import subprocess
import sys
from pathlib import Path

from feedback_site.embedded.layout import PROJECT_ROOT

SCRIPT = (
    "import structlog; structlog.get_logger('work').error('rows_written', rows=[1, 2]); print('written: 2')"
)


def run_command(data_dir: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", SCRIPT],
        cwd=PROJECT_ROOT,
        env={**os.environ, "DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        check=True,
    )


def test_a_command_prints_its_report_and_logs_to_a_file(tmp_path):
    done = run_command(tmp_path)

    lines = [
        json.loads(line)
        for line in (tmp_path / "logs" / "commands.log").read_text(encoding="utf-8").splitlines()
    ]
    assert (done.stdout, done.stderr) == ("written: 2\n", "")
    assert [(line["event"], line["rows"]) for line in lines] == [("rows_written", [1, 2])]
    assert (tmp_path / "logs").stat().st_mode & 0o777 == 0o700


def test_lines_are_not_lost_where_no_file_can_be_written(tmp_path):
    (tmp_path / "logs").touch()

    done = run_command(tmp_path)

    assert done.stdout == "written: 2\n"
    assert json.loads(done.stderr)["event"] == "rows_written"
