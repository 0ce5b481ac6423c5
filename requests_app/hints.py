"""Wake-up hints to the workers: ids only, sent after commit, free to be lost. The sweep finds whatever a lost one would have said."""

from __future__ import annotations

import logging
import time

from celery import current_app
from django.db import transaction

log = logging.getLogger(__name__)

#: After a failure nobody tries for so long: with the broker away, a page must not wait for it with every click.
QUIET_S = 2.0
_quiet_until = 0.0


def hint(task: str, *ids: object, in_s: float = 0) -> None:
    """Asks a worker to run `task` with `ids` once the current transaction is committed, or so many seconds later.

    Never raises for want of a broker: nobody's request may fail because a hint could not be sent.
    """
    transaction.on_commit(lambda: _send(task, [str(one) for one in ids], in_s))


def hint_now(task: str, *words: str, in_s: float = 0) -> bool:
    """The same at once, with the database away: the words, no ids of rows, are all that is known. Whether the broker has it."""
    return _send(task, list(words), in_s)


def _send(task: str, ids: list[str], in_s: float) -> bool:
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return False
    try:
        current_app.send_task(task, args=ids, countdown=in_s or None, retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001  whatever is wrong with the broker costs one sweep, not the caller
        _quiet_until = time.monotonic() + QUIET_S
        log.warning("hint %s lost: %s", task, type(error).__name__)
        return False
    return True
