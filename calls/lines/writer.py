"""One call's rows on their way to the database: in order, one at a time, never in the way of its sound."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

import psycopg

log = logging.getLogger(__name__)

Job = Callable[[], Awaitable[None]]

#: A call of a quarter of an hour makes a few hundred rows in all.
MOST_WAITING = 1000
#: Words that may still change are shown this often; whole lines at once.
INTERIM_EVERY_S = 0.4
RETRY_AFTER_S = (0.1, 0.5, 2.0)
#: What makes a row often asks the model or speaks in the same moment. That goes first: somebody on the phone waits for it, and nobody for a row.
LET_PASS_S = 0.02


class Writer:
    """A bounded queue with one worker (`run`).

    A job that fails is tried again a few times and then given up, counted in `lost`, so that a bad one never blocks those behind it.
    """

    def __init__(self) -> None:
        self.lost = 0
        self._jobs: deque[Job] = deque()
        self._interims: dict[int, Job] = {}
        self._changed = asyncio.Event()
        self._closing = False

    def put(self, job: Job) -> None:
        """Queues a job. When the database has been away for so long that the queue is full, the job is lost and counted."""
        if len(self._jobs) >= MOST_WAITING:
            self.lost += 1
            return
        self._jobs.append(job)
        self._wake()

    def put_interim(self, seq: int, job: Job) -> None:
        """Queues a line that may still change; of several versions that wait only the last is written."""
        self._interims[seq] = job
        self._wake()

    def drop_interim(self, seq: int) -> None:
        """The line became whole: what it looked like before is of no interest."""
        self._interims.pop(seq, None)

    def _wake(self) -> None:
        self._changed.set()

    async def run(self) -> None:
        """Works until `finish` is called and everything is written."""
        loop = asyncio.get_running_loop()
        next_interim = 0.0
        while True:
            while self._jobs:
                await self._work(self._jobs.popleft())
            wait_s: float | None = None
            if self._interims:
                wait_s = next_interim - loop.time()
                if wait_s <= 0 or self._closing:
                    interims, self._interims = self._interims, {}
                    for job in interims.values():
                        await self._work(job)
                    next_interim = loop.time() + INTERIM_EVERY_S
                    continue
            elif self._closing:
                return
            self._changed.clear()
            try:
                async with asyncio.timeout(wait_s):
                    await self._changed.wait()
            except TimeoutError:
                continue
            if not self._closing:
                await asyncio.sleep(LET_PASS_S)

    async def _work(self, job: Job) -> None:
        for pause_s in (*RETRY_AFTER_S, None):
            try:
                await job()
                return
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                log.warning("a row waits for the database: %s", type(error).__name__)
            except psycopg.Error as error:
                log.error("a row was refused: %s", type(error).__name__)
                break
            if pause_s is not None:
                await asyncio.sleep(pause_s)
        self.lost += 1

    def finish(self) -> None:
        """No more will be put: `run` ends when all is written."""
        self._closing = True
        self._wake()
