"""Structured logs: JSON lines with ids; link tokens redacted; tracebacks without local variables."""

import logging.config
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from feedback_site.common.redaction import redact_event


def _shared_processors() -> list[structlog.typing.Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.format_exc_info,
        redact_event,
    ]


def json_formatter() -> logging.Formatter:
    """Return the formatter of every line, also without Django (`granian_logs.json`)."""
    return structlog.stdlib.ProcessorFormatter(
        processor=structlog.processors.JSONRenderer(), foreign_pre_chain=_shared_processors()
    )


def logging_configuration(*, level: str) -> dict[str, Any]:
    """Return the `dictConfig` that sends every record through structlog's processors."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": json_formatter},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.server": {"handlers": ["console"], "level": level, "propagate": False},
            "celery.beat": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
        },
    }


def write_to(file: Path) -> None:
    """Send this process's lines to a file from the next `configure` on.

    A command's terminal then shows its report alone.

    Processes that it starts are not affected. Where nothing can be written the lines stay on the terminal.
    """
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.open("ab").close()
        # Others may empty the folder while the command runs, as the demo does at its start.
        _handlers["console"] = {
            "class": "logging.handlers.WatchedFileHandler",
            "filename": str(file),
            "encoding": "utf-8",
            "formatter": "json",
        }


_handlers: dict[str, dict[str, Any]] = {}


def configure(configuration: dict[str, Any]) -> None:
    """Apply `configuration` and send what structlog's own loggers write through the same handlers."""
    logging.config.dictConfig({**configuration, "handlers": {**configuration["handlers"], **_handlers}})
    logging.captureWarnings(True)  # noqa: FBT003 - the standard library's signature
    structlog.configure(
        processors=[*_shared_processors(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
