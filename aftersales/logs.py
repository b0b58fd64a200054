"""How log lines look: JSON for machines, readable lines on a terminal. Called by `aftersales.settings` only."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# Addresses that open something by themselves: a shop's link to an order, the signature of a photo, a carrier's door.
_MARKS = ("/l/", "/files/", "/hooks/sms/")
_CAPABILITY = re.compile(r"(/l/|/files/[^/\s'\"]+/|/hooks/sms/[^/\s'\"]+/)[^/\s'\"]+")


def without_capabilities(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Whoever reads the log must not be able to use what it names."""
    for name, value in event.items():
        if isinstance(value, str) and any(mark in value for mark in _MARKS):
            event[name] = _CAPABILITY.sub(r"\1…", value)
    return event


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,  # request_id, user, path: bound by django-structlog
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.UnicodeDecoder(),
    without_capabilities,
]


def logging_config(form: str, level: str) -> dict[str, Any]:
    """Django's LOGGING for `json` or `lines`; also configures structlog, so both kinds of logger come out alike."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    last: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if form == "json"
        # Plain tracebacks: the pretty ones print every local variable, personal data included, and take seconds.
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "desk": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
                "foreign_pre_chain": _SHARED,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "desk"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.server": {"handlers": ["stderr"], "level": level, "propagate": False},
            # Beat and the worker tell every tick at INFO; a tick a second is no news.
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "django_structlog.celery": {"level": "WARNING"},
        },
    }
