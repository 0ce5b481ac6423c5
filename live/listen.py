"""Hears PostgreSQL's notices of rows that somebody else changed (see `live.foreign`), and hands them to whoever registered.

The web process does so for as long as it lives (`async with listening()`). Pages come first; the other processes, and handlers, hear of a change
when this process has handed it out, so that they take no time from it. A notice that nobody heard (the process was down, the connection broken) is
not lost for pages: the trigger numbered the change, and the hub's beat finds it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable

import psycopg
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import close_old_connections

from live import hub
from live.address import database_address
from live.foreign import CHANNEL, ForeignChange, read_notice
from live.publish import send_notice

log = logging.getLogger(__name__)

RETRY_S = 2.0
#: Notices that may wait to be passed on. Of more, only the pages of this process hear: the beat and the sweep find what the others missed.
MOST_WAITING = 1000
#: So long the rest waits for the pages at most.
PAGES_WITHIN_S = 0.5

#: A notice's payload, and what it tells of.
Heard = tuple[str, ForeignChange]

_handlers: list[Callable[[str], None]] = []


def register(handler: Callable[[str], None]) -> None:
    """Has `handler` called (in a thread) with the payload of every notice. Call it from an app's `ready`."""
    if handler not in _handlers:
        _handlers.append(handler)


@contextlib.asynccontextmanager
async def listening() -> AsyncIterator[None]:
    """Listens meanwhile; at the end the hub of this process stops as well."""
    heard: asyncio.Queue[Heard] = asyncio.Queue(MOST_WAITING)
    tasks = [
        asyncio.create_task(_listen(heard), name="listen to foreign writes"),
        asyncio.create_task(_pass_on(heard), name="pass on foreign writes"),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await hub.stop()


async def _listen(heard: asyncio.Queue[Heard]) -> None:
    while True:
        try:
            # A connection of our own outside the pool: it waits, for as long as the process lives.
            name = f"floyd-{settings.PROCESS_NAME}-listen"
            connection = await psycopg.AsyncConnection.connect(database_address(), autocommit=True, application_name=name)
            async with connection:
                await connection.execute(f"listen {CHANNEL}")
                async for notice in connection.notifies():
                    _take(notice.payload, heard)
        except psycopg.Error as error:
            log.warning("not listening to foreign writes: %s; trying again", type(error).__name__)
        await asyncio.sleep(RETRY_S)


def _take(payload: str, heard: asyncio.Queue[Heard]) -> None:
    change = read_notice(payload)
    if change is None:
        return
    hub.current().told(change.topics)  # no way round by the broker
    try:
        heard.put_nowait((payload, change))
    except asyncio.QueueFull:
        log.warning("too many foreign writes at once: one is left to the beat and the sweep")


async def _pass_on(heard: asyncio.Queue[Heard]) -> None:
    while True:
        payload, change = await heard.get()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PAGES_WITHIN_S):
                await hub.current().handed_out()
        try:
            await send_notice(get_channel_layer(), change.topics)
            await asyncio.to_thread(_handle, payload)
        except Exception:
            log.exception("passing on a foreign write failed")


def _handle(payload: str) -> None:
    close_old_connections()
    for handler in _handlers:
        try:
            handler(payload)
        except Exception:
            log.exception("a handler of foreign writes failed")
    close_old_connections()
