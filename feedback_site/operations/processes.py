"""The three processes of a running site: web, worker, beat."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from django.core.management import call_command

from feedback_site.common.clock import database_now
from feedback_site.embedded.layout import layout_of
from feedback_site.operations.counters import FOLDER_VARIABLE, clear_counters
from feedback_site.operations.supervisor import PROJECT_ROOT, ProcessSpec

DEFAULT_PORT = 8000
WEB_WORKERS = 2
# One for each request that works or waits (`config.wsgi`) or is being
# read, and some to refuse the rest with. They start when needed.
WEB_THREADS = 320
# Connections in one worker, idle ones included: phones keep theirs open.
WEB_CONNECTIONS = 1000
BACKLOG = 2048
WORKER_PROCESSES = 2


def web_port() -> int:
    """Return the port of the web server: `PORT`, else 8000."""
    return int(os.environ.get("PORT") or DEFAULT_PORT)


def prepare_site() -> None:
    """Bring the database, what is stored in it, and the static files up to date."""
    # Models: benchmarks and scenarios import this module before they know where their data lies.
    from feedback_site.operations.upgrading import renew_stored_rows, waits_for_migrations  # noqa: PLC0415

    is_upgraded = waits_for_migrations()
    call_command("migrate", verbosity=0, interactive=False)
    if is_upgraded:
        renew_stored_rows(at=database_now())
    call_command("collectstatic", verbosity=0, interactive=False)
    clear_counters(_counters_folder())


def web_process(port: int, *, env: Mapping[str, str] | None = None) -> ProcessSpec:
    """Return the web server: granian in front of the WSGI application, on this machine only."""
    options = {
        "--interface": "wsgi",
        "--host": "127.0.0.1",
        "--port": str(port),
        "--http": "1",
        "--workers": str(WEB_WORKERS),
        "--blocking-threads": str(WEB_THREADS),
        "--backpressure": str(WEB_CONNECTIONS),
        "--backlog": str(BACKLOG),
        "--log-level": "warning",
        "--log-config": str(PROJECT_ROOT / "config" / "settings" / "granian_logs.json"),
        # A worker that misses its signal must not keep the server from stopping.
        "--workers-kill-timeout": "5",
    }
    words = [word for pair in options.items() for word in pair]
    flags = ["--no-ws", "--respawn-failed-workers"]
    argv = [sys.executable, "-m", "granian", *words, *flags, "config.wsgi:application"]
    return ProcessSpec(name="web", argv=argv, env=_environment(env))


def worker_process(*, env: Mapping[str, str] | None = None) -> ProcessSpec:
    """Return the Celery worker."""
    options = [f"--concurrency={WORKER_PROCESSES}", "--prefetch-multiplier=1", f"--loglevel={_log_level()}"]
    flags = ["--without-gossip", "--without-mingle"]
    return ProcessSpec(
        name="worker",
        argv=[*_celery(), "worker", *options, *flags],
        env=_environment(env),
    )


def beat_process(*, env: Mapping[str, str] | None = None) -> ProcessSpec:
    """Return the Celery beat; its notes lie in the data folder."""
    schedule = layout_of().data_dir / "beat-schedule"
    options = [f"--schedule={schedule}", "--pidfile=", "--loglevel=WARNING"]
    return ProcessSpec(name="beat", argv=[*_celery(), "beat", *options], env=_environment(env))


def _log_level() -> str:
    return os.environ.get("LOG_LEVEL") or "INFO"


def _celery() -> list[str]:
    return [sys.executable, "-m", "celery", "--quiet", "-A", "config"]


def _counters_folder() -> Path:
    return layout_of().data_dir / "counters"


def _environment(more: Mapping[str, str] | None) -> dict[str, str]:
    """Return the data folder in full: the processes run in the project's folder, not in ours."""
    return {
        "DATA_DIR": str(layout_of().data_dir),
        # Web and worker processes count into files of their own; `/metrics` adds them up.
        FOLDER_VARIABLE: str(_counters_folder()),
        # In a container everything is root; the warning has nothing to add.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        **(more or {}),
    }
