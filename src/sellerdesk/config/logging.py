"""Logs: one JSON object a line on standard output, without personal data.

Messages of other libraries are passed on from level WARNING and only as the name of the logger, its level and the
text without arguments, because arguments are where personal data hides. Tracebacks name files and lines and the kind of
the error, never its message.
"""

import logging
import logging.config
import sys
import traceback
from typing import Any

import structlog

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def configure(settings: dict[str, Any]) -> None:
    """Set up structlog and route the standard library's loggers through it; `settings` is Django's LOGGING."""
    level = LEVELS[settings["level"]]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=False,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": {"()": "sellerdesk.config.logging.Bare"}},
            "handlers": {"out": {"class": "sellerdesk.config.logging.Out", "formatter": "json"}},
            "root": {"handlers": ["out"], "level": "WARNING"},
            "loggers": {
                # Every request is logged once, by our own middleware; Django would add the query string.
                "django.request": {"handlers": ["out"], "level": "ERROR", "propagate": False},
                "psycopg.pool": {"handlers": ["out"], "level": "ERROR", "propagate": False},
                "django.server": {"handlers": [], "propagate": False},
                "django.security.DisallowedHost": {"handlers": [], "propagate": False},
            },
        }
    )


class Out(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to whatever standard output is at that moment."""

    def __init__(self) -> None:
        super().__init__(sys.stdout)


class Bare(logging.Formatter):
    """One JSON object: logger, level, text before its arguments, and where it failed."""

    def format(self, record: logging.LogRecord) -> str:
        """Say what happened and where, not with whose data."""
        event: dict[str, Any] = {
            "event": str(record.msg),
            "logger": record.name,
            "level": record.levelname.lower(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            event |= failure(record.exc_info[1])
        merged = structlog.contextvars.merge_contextvars(None, "", event)
        stamped = structlog.processors.TimeStamper(fmt="iso", utc=True)(None, "", merged)
        rendered = structlog.processors.JSONRenderer(ensure_ascii=False)(None, "", stamped)
        return rendered if isinstance(rendered, str) else rendered.decode()


def failure(error: BaseException | None) -> dict[str, Any]:
    """The kind of an error and the lines it came through; not its message, which may quote a person."""
    if error is None:
        return {}
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "error": type(error).__qualname__,
        "at": [f"{frame.filename.rsplit('/sellerdesk/', 1)[-1]}:{frame.lineno}" for frame in frames[-12:]],
    }
