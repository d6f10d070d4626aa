"""Structured logs: JSON lines with ids; link tokens redacted; tracebacks without local variables."""

import logging.config
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
    """Return the formatter of every line, also for processes that run without Django (`granian_logs.json`)."""
    return structlog.stdlib.ProcessorFormatter(processor=structlog.processors.JSONRenderer(), foreign_pre_chain=_shared_processors())


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


def configure(configuration: dict[str, Any]) -> None:
    """Apply `configuration` and make structlog's own loggers take the same road."""
    logging.config.dictConfig(configuration)
    logging.captureWarnings(True)  # noqa: FBT003 - the standard library's signature
    structlog.configure(
        processors=[*_shared_processors(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
