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
from calls.nodes import RING_S

log = logging.getLogger(__name__)

#: From the carrier's last ring to the stream of the call: its webhook, our document, the handshake.
CONNECT_S = 15
#: Placed for this node before it was asked to stop, not over, and its stream has not come; by the longest ringing, so that a lost one holds nobody.
_RINGING = """
select count(*) as calls from calls_call
where node = %(node)s and token_used_at is null and status in ('sending', 'placed', 'ringing', 'in_progress')
    and created_at < now() - make_interval(secs => %(stopping_s)s) and created_at > now() - make_interval(secs => %(longest_s)s)
"""
#: Whether this process is one that calls are placed for, and whether it was asked to stop.
serving = False
stopping = False
_stopping_since = 0.0
#: Streams turned away for want of room since the process started.
refused = 0
_active: set[object] = set()


def active_calls() -> int:
    """Calls that are on in this process."""
    return len(_active)


def begin() -> bool:
    """The process was asked to stop: no call counts that is placed for it after this moment. False when none are placed for it anyway."""
    global stopping, _stopping_since
    stopping, _stopping_since = True, time.monotonic()
    return serving


async def ringing_calls(connections: Connections) -> int:
    """Calls that were placed for this node before it was asked to stop and whose stream may still come; 0 when nobody can tell."""
    values = {"node": settings.MEDIA_NODE, "stopping_s": time.monotonic() - _stopping_since, "longest_s": RING_S + CONNECT_S}
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
