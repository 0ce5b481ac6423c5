"""The media process's own way to the database: a few asynchronous connections, no ORM, no threads.

All asynchronous ORM calls of a process share one thread, so one slow query would hold up every call's rows.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg.rows import dict_row

CONNECT_TIMEOUT_S = 5
#: Longer than any statement of ours takes; a stuck one fails and is tried again by its owner.
STATEMENT_TIMEOUT_MS = 10_000

Connection = psycopg.AsyncConnection[dict[str, Any]]


class Connections:
    """A pool that opens connections when they are needed and forgets broken ones.

    Args:
        address: libpq address.
        size: most connections at a time; who comes later waits.
        application_name: how the database knows us (the trigger for other people's writes looks at its prefix).
    """

    def __init__(self, address: str, *, size: int = 4, application_name: str = "floyd-media") -> None:
        self._address = address
        self._application_name = application_name
        self._idle: list[Connection] = []
        self._free = asyncio.Semaphore(size)

    @asynccontextmanager
    async def lease(self) -> AsyncIterator[Connection]:
        """A connection in autocommit mode, for this block alone. Raises psycopg.Error when there is none to be had."""
        async with self._free:
            connection = await self._take()
            try:
                yield connection
            finally:
                if connection.closed or connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                    # In the middle of something (we were cancelled, or it broke): of no use to the next.
                    await connection.close()
                else:
                    self._idle.append(connection)

    async def _take(self) -> Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.closed:
                return connection
        return await psycopg.AsyncConnection.connect(
            self._address,
            autocommit=True,
            row_factory=dict_row,
            application_name=self._application_name,
            connect_timeout=CONNECT_TIMEOUT_S,
            options=f"-c statement_timeout={STATEMENT_TIMEOUT_MS}",
        )

    async def close(self) -> None:
        """Closes what is idle."""
        idle, self._idle = self._idle, []
        for connection in idle:
            await connection.close()
