"""What is logged, and what never gets into a log."""

from __future__ import annotations

import logging
import re
from typing import Any

#: The secret part of a calendar's private address.
_FEED = re.compile(r"(/calendar/feed/\d+/)[^\s/]+")
#: Libraries that print addresses, numbers or bodies at INFO, or a line for every hint.
_QUIET = (
    *("twilio", "httpx", "httpx2", "openai", "google", "asyncio"),
    *("celery.app.trace", "celery.worker.strategy", "celery.worker.consumer.connection", "uvicorn.error"),
)


class WithoutFeedAddresses(logging.Filter):
    """Takes the secret out of a calendar feed's address, whoever logs it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Changes the record; drops none."""
        message = record.getMessage()
        if "/calendar/feed/" in message:
            record.msg, record.args = _FEED.sub(r"\1…", message), ()
        return True


def logging_settings(level: str) -> dict[str, Any]:
    """Django's LOGGING."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
        "filters": {"without feed addresses": {"()": WithoutFeedAddresses}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["without feed addresses"]}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {name: {"level": "WARNING"} for name in _QUIET},
    }
