"""Waiting for messages of one channel, in a way that can always be given up.

The layer's client sometimes swallows a cancellation while it mends its connection, and then goes on waiting. So a `receive` that is under way is
never the thing that a time limit or a task group cancels: whoever waits here is cancelled like anybody else.
"""

from __future__ import annotations

import asyncio
from typing import Any

CANCEL_AGAIN_S = 0.5


class Receiver:
    """Receives from one channel of the layer. Close it when done."""

    def __init__(self, layer: Any, channel: str) -> None:
        self._layer = layer
        self._channel = channel
        self._receiving: asyncio.Task[dict[str, Any]] | None = None

    async def next(self, within_s: float | None = None) -> dict[str, Any] | None:
        """The next message; None when none came in time. What comes later is the next one's. Raises what the layer raises."""
        if self._receiving is None:
            self._receiving = asyncio.create_task(self._layer.receive(self._channel), name=f"receive {self._channel}")
        done, _ = await asyncio.wait({self._receiving}, timeout=within_s)
        if not done:
            return None
        receiving, self._receiving = self._receiving, None
        return receiving.result()

    async def close(self) -> None:
        """Ends the waiting, however often that has to be said."""
        receiving, self._receiving = self._receiving, None
        while receiving is not None and not receiving.done():
            receiving.cancel()
            await asyncio.wait({receiving}, timeout=CANCEL_AGAIN_S)
        if receiving is not None and not receiving.cancelled():
            receiving.exception()  # seen: nobody is interested any more
