"""Hears PostgreSQL's notices of rows that somebody else changed (see `live.foreign`), and hands them to whoever registered.

The web process does so for as long as it lives (`async with listening()`). A notice that nobody heard (the process was
down, the connection broken) is not lost for pages: the trigger numbered the change, and the hub's beat finds it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable

import psycopg
from django.conf import settings
from django.db import close_old_connections

from live import hub
from live.address import database_address
from live.foreign import CHANNEL, read_notice

log = logging.getLogger(__name__)

RETRY_S = 2.0

_handlers: list[Callable[[str], None]] = []


def register(handler: Callable[[str], None]) -> None:
    """Has `handler` called (in a thread) with the payload of every notice. Call it from an app's `ready`."""
    if handler not in _handlers:
        _handlers.append(handler)


@contextlib.asynccontextmanager
async def listening() -> AsyncIterator[None]:
    """Listens meanwhile; at the end the hub of this process stops as well."""
    task = asyncio.create_task(_listen(), name="listen to foreign writes")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await hub.stop()


async def _listen() -> None:
    while True:
        try:
            # A connection of our own outside the pool: it waits, for as long as the process lives.
            name = f"floyd-{settings.PROCESS_NAME}-listen"
            connection = await psycopg.AsyncConnection.connect(database_address(), autocommit=True, application_name=name)
            async with connection:
                await connection.execute(f"listen {CHANNEL}")
                async for notice in connection.notifies():
                    if change := read_notice(notice.payload):
                        hub.current().told(change.topics)  # no way round by the broker
                    await asyncio.to_thread(_handle, notice.payload)
        except psycopg.Error as error:
            log.warning("not listening to foreign writes: %s; trying again", type(error).__name__)
        await asyncio.sleep(RETRY_S)


def _handle(payload: str) -> None:
    close_old_connections()
    for handler in _handlers:
        try:
            handler(payload)
        except Exception:
            log.exception("a handler of foreign writes failed")
    close_old_connections()
