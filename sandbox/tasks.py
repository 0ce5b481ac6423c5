"""Tasks that somebody owns: nothing is fired and forgotten, and a failure is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger("sandbox")


class Tasks:
    """A set of running tasks. A failing one is logged and leaves the others alone."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, coroutine: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Runs a coroutine until it ends or `close` is called."""
        task = asyncio.create_task(coroutine, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s failed", task.get_name(), exc_info=error)

    async def idle(self) -> None:
        """Waits until all have ended."""
        while self._running:
            await asyncio.wait(self._running)

    async def close(self) -> None:
        """Cancels all and waits for them."""
        while self._running:
            for task in self._running:
                task.cancel()
            await asyncio.wait(self._running)
