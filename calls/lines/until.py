"""Work that something else may end before its time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


async def done_before(event: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Works until that is done or the event is there, and leaves nothing running. Returns whether it was done; raises what it raised."""
    working, waiting = asyncio.create_task(work), asyncio.create_task(event.wait())
    try:
        await asyncio.wait((working, waiting), return_when=asyncio.FIRST_COMPLETED)
        done = working.done()
        if done:
            working.result()
        return done
    finally:
        working.cancel()
        waiting.cancel()
        await asyncio.gather(working, waiting, return_exceptions=True)
