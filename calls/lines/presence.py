"""This process says that it lives, how many calls it has and whether more may come, so that none is placed for it in vain."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from django.conf import settings

from calls.lines import drain, warm
from calls.lines.connections import Connections

log = logging.getLogger(__name__)

EVERY_S = 1.0
_SAY = """
insert into calls_medianode (name, site, heartbeat_at, calls, most_calls, ready)
values (%(node)s, %(site)s, now(), %(calls)s, %(most)s, %(ready)s)
on conflict (name) do update
    set site = excluded.site, heartbeat_at = now(), calls = excluded.calls, most_calls = excluded.most_calls, ready = excluded.ready
"""
_FORGET = "delete from calls_medianode where heartbeat_at < now() - interval '1 day'"


async def say(connections: Connections, *, ready: bool) -> None:
    """Writes this node's row. Raises psycopg.Error."""
    values = {
        "node": settings.MEDIA_NODE,
        "site": settings.MEDIA_SITE,
        "calls": drain.active_calls(),
        "most": settings.MAX_CALLS_PER_NODE,
        "ready": ready,
    }
    async with connections.lease() as connection:
        await connection.execute(_SAY, values)


async def _announce(connections: Connections) -> None:
    """Until cancelled. While the database cannot be reached this node counts as dead, which it is for new calls."""
    while True:
        stopping = drain.stopping
        try:
            await say(connections, ready=not stopping and not drain.full())
        except psycopg.Error as error:
            log.warning("this node is not heard of: %s", type(error).__name__)
        else:
            if stopping:
                drain.withdrawn()
        await asyncio.sleep(EVERY_S)


@asynccontextmanager
async def announced() -> AsyncIterator[None]:
    """For the server's lifespan, behind `warm.warmed`: heard of until the server stops, and known to be gone then."""
    connections = warm.database()
    try:
        async with connections.lease() as connection:
            await connection.execute(_FORGET)
    except psycopg.Error as error:
        log.warning("old nodes are not forgotten: %s", type(error).__name__)
    announcing = asyncio.create_task(_announce(connections), name="presence")
    try:
        yield
    finally:
        announcing.cancel()
        await asyncio.gather(announcing, return_exceptions=True)
        try:
            await say(connections, ready=False)
        except psycopg.Error as error:
            log.warning("not known to be gone: %s", type(error).__name__)
