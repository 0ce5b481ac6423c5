"""Changes as server-sent events, from the same hub as the pages' sockets.

Each event is named by its kind (`request`, `event`, `question`, `call`, `line` …) and holds the thing as the API shows it.
The last of several carries an `id`: who comes back with it in `Last-Event-ID` gets what was missed. `reload` means that too
much was missed: read everything again. `closed` is the last event; it says why. A comment comes at least every ten seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field

from api import changes
from api.problems import Problem
from live import hub, rows
from live.fragments import RELOAD, Fragment

MOST_PER_USER = 10
BEAT_S = 10.0
#: A reader that takes nothing for so long is cut off; it comes back with the last id it has.
STUCK_S = 30.0
#: Changes that may wait for a slow reader; one with more to catch up on is better off reading everything again.
MOST_WAITING = 500
COME_BACK_MS = 2000
TOO_MANY = f"You have {MOST_PER_USER} streams open already. Close one of them; one is enough for all that is yours."
NO_MORE = "You may not see this any more: the token was revoked, the session has ended, or it is not yours."
BAD_ID = "Last-Event-ID is the number that came as “id” with an event of this stream. Leave it out to begin now."
LARGEST_ID = 2**63 - 1

_open: Counter[int] = Counter()


@dataclass(eq=False, slots=True)
class _Reader:
    """What waits for one stream; a watcher of the hub. A change that is still waiting is told once."""

    topic: str
    head: int = 0
    waiting: dict[Fragment, None] = field(default_factory=dict)
    overflowed: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def deliver(self, heads: Mapping[str, int], drawn: Mapping[Fragment, str]) -> None:
        """Called by the hub."""
        self.head = max(self.head, heads.get(self.topic, 0))
        self.waiting.update(dict.fromkeys(drawn))
        if RELOAD in drawn or len(self.waiting) > MOST_WAITING:
            self.waiting.clear()
            self.overflowed = True
        self.wake.set()


def place(last_event_id: str | None) -> int | None:
    """Where a reader was; None: it begins now.

    Raises:
        Problem: none of our ids.
    """
    if last_event_id is None or not last_event_id.strip():
        return None
    text = last_event_id.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST_ID):
        raise Problem(400, BAD_ID)
    return int(text)


def check_room(user_id: int) -> None:
    """Lets one more stream of this user through, in this process.

    Raises:
        Problem: there are too many.
    """
    if _open[user_id] >= MOST_PER_USER:
        raise Problem(429, TOO_MANY, Retry_After="10")


async def events(*, topic: str, since: int | None, user_id: int, allowed: Callable[[], bool]) -> AsyncIterator[bytes]:
    """The changes of a topic, for as long as the reader stays and may see them.

    Args:
        since: sequence number that the reader has seen; None: it begins now.
        allowed: whether the reader may still see the topic. Runs queries, in the hub's thread.
    """
    if _open[user_id] >= MOST_PER_USER:
        yield _event("closed", json.dumps({"detail": TOO_MANY}))
        return
    reader = _Reader(topic)
    _open[user_id] += 1
    try:
        async for text in _told(reader, since, allowed):
            with _cut_off_when_stuck():
                yield text
    finally:
        _open[user_id] -= 1
        if not _open[user_id]:
            del _open[user_id]
        await hub.current().leave(reader)


async def _told(reader: _Reader, since: int | None, allowed: Callable[[], bool]) -> AsyncIterator[bytes]:
    running = hub.current()
    yield f"retry: {COME_BACK_MS}\n\n".encode()
    yield await _begin(reader, since)
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BEAT_S):
                await reader.wake.wait()
        if not await running.in_thread(allowed):
            yield _event("closed", json.dumps({"detail": NO_MORE}))
            return
        reader.wake.clear()
        waiting, reader.waiting = list(reader.waiting), {}
        head = reader.head
        if reader.overflowed:
            reader.overflowed = False
            yield _event("reload", "{}", head)
        told = await running.in_thread(changes.told, waiting)
        for at, (kind, text) in enumerate(told, start=1):
            yield _event(kind, text, head if at == len(told) else None)
        if not told:
            yield b": still here\n\n"


async def _begin(reader: _Reader, since: int | None) -> bytes:
    """Joins the hub; says where the reader stands, and whether it has to read everything again."""
    running, reload = hub.current(), False
    if since is not None:
        reload = not await running.join(reader, {reader.topic: since})
        if reload:
            await running.leave(reader)
    if since is None or reload:
        since = (await running.in_thread(rows.heads, [reader.topic]))[reader.topic]
        await running.join(reader, {reader.topic: since})
    reader.head = max(reader.head, since)
    return _event("reload" if reload else "begin", "{}", since)


def _event(name: str, data: str, number: int | None = None) -> bytes:
    """One event. JSON has no line breaks of its own."""
    ident = "" if number is None else f"id: {number}\n"
    return f"event: {name}\n{ident}data: {data}\n\n".encode()


@contextlib.contextmanager
def _cut_off_when_stuck() -> Iterator[None]:
    """Ends the task that sends the response when it does not come back for more."""
    task = asyncio.current_task()
    stuck = asyncio.get_running_loop().call_later(STUCK_S, task.cancel) if task else None
    try:
        yield
    finally:
        if stuck:
            stuck.cancel()
