"""Structured logs as JSON lines: the dossier code, and never personal data, because only named fields get through."""

import logging
import sys
import traceback
from typing import Final

import structlog
from structlog.typing import EventDict, WrappedLogger

FIELDS: Final = frozenset(
    {
        "event", "level", "timestamp", "source", "dossier", "job_key", "job_type", "element", "instance", "outcome",
        "retries", "backoff_ms", "error_code", "error_type", "problem", "where", "loop", "seconds", "restarts",
        "address", "port", "types",
    }
)  # fmt: skip
QUIET: Final = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "pyzeebe": logging.WARNING,
    "alembic": logging.WARNING,
}


def only_known_fields(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Drops every field that is not on the list, so that a name or a number cannot slip into a log."""
    return {name: value for name, value in event.items() if name in FIELDS}


def place_of(failure: BaseException) -> str:
    """Where an exception came from, without its text (which may hold a person's data)."""
    frames = traceback.extract_tb(failure.__traceback__)[-4:]
    return " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in reversed(frames))


def configure_logging(level: str) -> None:
    """JSON lines on standard output, for our own events and those of the libraries."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            only_known_fields,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(least)


def logger_of(source: str) -> structlog.stdlib.BoundLogger:
    """A logger whose events say where they come from; it takes the configuration at its first event."""
    lazy: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(source, source=source)
    return lazy
