"""How many calls this process has, and what it turned away.

A process that is about to stop still takes the streams of calls that were placed for it before: refusing them would drop them.
It ends when `active_calls` is 0 and none of those rings any more.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings

from calls.lines import lag
from calls.lines.connections import Connections
from calls.nodes import CONNECT_S, RING_S

log = logging.getLogger(__name__)

#: Within so long everybody knows that a process is about to stop; until then calls may still be placed for it.
WITHDRAW_S = 3.0
#: Placed for this node while it could be, not over, and its stream has not come; by the longest ringing, so that a lost one holds nobody.
_RINGING = """
select count(*) as calls from calls_call
where node = %(node)s and token_used_at is null and status in ('sending', 'placed', 'ringing', 'in_progress')
    and created_at < now() - make_interval(secs => %(stopping_s)s) and created_at > now() - make_interval(secs => %(longest_s)s)
"""
#: Whether this process is one that calls are placed for, and whether it was asked to stop.
serving = False
stopping = False
_stopping_since = 0.0
_withdrawn_since: float | None = None
#: Streams turned away for want of room since the process started.
refused = 0
_active: set[object] = set()


def active_calls() -> int:
    """Calls that are on in this process."""
    return len(_active)


def begin() -> bool:
    """The process was asked to stop. False when no calls are placed for it anyway."""
    global stopping, _stopping_since
    stopping, _stopping_since = True, time.monotonic()
    return serving


def withdrawn() -> None:
    """Everybody was told that no more calls may come here: none is placed for this process from now on."""
    global _withdrawn_since
    _withdrawn_since = _withdrawn_since or time.monotonic()


async def ringing_calls(connections: Connections) -> int:
    """Calls that were placed for this node before everybody knew that it stops, and whose stream may still come; 0 when nobody can tell."""
    if _withdrawn_since is None and time.monotonic() - _stopping_since < WITHDRAW_S:
        return 1  # one may be placed this moment
    last = _withdrawn_since or _stopping_since + WITHDRAW_S
    values = {"node": settings.MEDIA_NODE, "stopping_s": time.monotonic() - last, "longest_s": RING_S + CONNECT_S}
    try:
        async with connections.lease() as connection:
            row = await (await connection.execute(_RINGING, values)).fetchone()
    except psycopg.Error as error:
        log.warning("ringing calls cannot be counted: %s", type(error).__name__)
        return 0
    return int(row["calls"]) if row else 0


def full() -> bool:
    """Whether one more call would be one too many: by number, or because those that are on already take all there is."""
    return len(_active) >= settings.MAX_CALLS_PER_NODE or lag.too_much()


def has_room() -> bool:
    """Whether one more call may begin; a no is counted."""
    global refused
    if full():
        refused += 1
        return False
    return True


def report() -> dict[str, object]:
    """For the health page: calls that are on, streams turned away, and how far the event loop is behind."""
    return {"calls": len(_active), "refused": refused, "lag_ms": round(lag.current_ms, 1), "full": full()}


@contextmanager
def counted() -> Iterator[None]:
    """Counts a call (or a stream that may become one) while it is on."""
    stream = object()
    _active.add(stream)
    try:
        yield
    finally:
        _active.discard(stream)
