"""How many calls this process has, and what it turned away.

A process that is about to stop still takes the streams of calls that were placed for it before: refusing them would drop them.
It ends when `active_calls` is 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

#: Streams turned away for want of room since the process started.
refused = 0
_active: set[object] = set()


def active_calls() -> int:
    """Calls that are on in this process."""
    return len(_active)


def has_room() -> bool:
    """Whether one more call may begin; a no is counted."""
    global refused
    if len(_active) >= settings.MAX_CALLS_PER_NODE:
        refused += 1
        return False
    return True


@contextmanager
def counted() -> Iterator[None]:
    """Counts a call (or a stream that may become one) while it is on."""
    stream = object()
    _active.add(stream)
    try:
        yield
    finally:
        _active.discard(stream)
