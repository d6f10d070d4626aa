"""A demo of the walk's own: fresh data, a free port, no simulated customers."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from feedback_site.demo.ports import free_port
from feedback_site.embedded.layout import PROJECT_ROOT, make_data_dir
from tests.acceptance.transcript import CheckFailedError, Transcript

READY_SECONDS = 120
_STOP_SECONDS = 30
_FIRST_PORT = 8700
_OWN = {
    "DATABASE_URL",
    "REDIS_URL",
    "CELERY_BROKER_URL",
    "PUBLIC_BASE_URL",
    "EMAIL_URL",
    "DJANGO_SETTINGS_MODULE",
}


class Demo:
    """`manage.py demo` as a child process; leaving the block always stops it and removes its data."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self.port = free_port(_FIRST_PORT)
        self.data_dir = Path(tempfile.gettempdir()).resolve() / f"feedback-acceptance-{os.getpid()}"
        self._ready = threading.Event()
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        make_data_dir(self.data_dir)
        self._transcript.command(f"SIMULATE=0 PORT={self.port} DATA_DIR={self.data_dir} make demo")
        started = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "demo"],
            cwd=PROJECT_ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        try:
            self._await_ready(started)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._show_logs()
        self._stop()

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in _OWN}
        return {
            **kept,
            "DATA_DIR": str(self.data_dir),
            "PORT": str(self.port),
            "SIMULATE": "0",
            "PYTHONUNBUFFERED": "1",
        }

    @property
    def credentials(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.data_dir / "demo.json").read_text(encoding="utf-8"))
        return content

    @property
    def outbox(self) -> Path:
        return self.data_dir / "outbox"

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `manage.py` beside the running demo, on its data."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=PROJECT_ROOT, env=self.environment, capture_output=True, text=True, check=False
        )

    def _read(self) -> None:
        if self._process is None or self._process.stdout is None:
            return
        for line in self._process.stdout:
            self._transcript.note(line.rstrip())
            if line.startswith("ready "):
                self._ready.set()

    def _await_ready(self, started: float) -> None:
        while not self._ready.wait(timeout=0.1):
            is_late = time.monotonic() - started > READY_SECONDS
            if is_late or self._process is None or self._process.poll() is not None:
                self._show_logs()
                message = (
                    f"not ready within {READY_SECONDS} s" if is_late else "the demo ended before it was ready"
                )
                raise CheckFailedError(message)
        seconds = time.monotonic() - started
        self._transcript.check(
            holds=seconds <= READY_SECONDS, text=f"ready after {seconds:.1f} s (at most {READY_SECONDS})"
        )

    def _show_logs(self) -> None:
        for file in sorted((self.data_dir / "logs").glob("*.log")):
            self._transcript.note(
                f"--- {file.name}\n" + "\n".join(file.read_text(errors="replace").splitlines()[-8:])
            )

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.data_dir, ignore_errors=True)
