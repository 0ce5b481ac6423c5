"""Keeps both sides of a call while it is to: in pieces of some seconds, written behind the call's back.

What the database cannot take in time is lost, and counted; nothing waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from typing import Protocol

import psycopg

from calls.speech.mulaw import BYTES_PER_MS

log = logging.getLogger(__name__)

CHUNK_BYTES = 10_000 * BYTES_PER_MS
#: A minute of both sides, about a megabyte: so long may the database be away.
MOST_WAITING = 6
RETRY_AFTER_S = 1.0
#: Frames that come later, or earlier, than the clock by this much leave a gap, or fill none: the transcript's times hold.
OUT_OF_STEP_MS = 1_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of both sides, equally long. See `calls.recording.models.SoundChunk`."""

    after_line: int
    start_ms: int
    lost_ms: int
    theirs: bytes
    ours: bytes


class Keeper(Protocol):
    """Where it is kept."""

    async def sound(self, chunk: Chunk) -> None:
        """Keeps a piece. Raises psycopg.Error."""

    async def drop_recording(self) -> None:
        """Throws all of it away. Raises psycopg.Error."""


class Recorder:
    """Takes frames on the hot path, where it only appends; `run` writes.

    Args:
        keeper: the call's store.
        after_line: number of the transcript's last line before this part of the call.
    """

    def __init__(self, keeper: Keeper, *, after_line: int = 0) -> None:
        self._keeper = keeper
        self._after_line = after_line
        self._on = self._refused = self._closing = False
        self._theirs, self._ours = bytearray(), bytearray()
        self._at_ms: int | None = None  # where the open piece ends; None: the next frame says
        self._lost_ms = 0
        self._waiting: deque[Chunk] = deque()
        self._drop = False
        self._changed = asyncio.Event()

    def keep(self, *, on: bool) -> None:
        """Both sides are kept from here on, or not any more."""
        self._close()
        self._at_ms = None
        self._on = on and not self._refused

    def frame(self, theirs: bytes, ours: bytes, now_ms: int) -> None:
        """A frame of theirs that has just come, and what was heard of us meanwhile, as long."""
        if not self._on:
            return
        length_ms = len(theirs) // BYTES_PER_MS
        begins_ms = max(0, now_ms - length_ms)
        if self._at_ms is not None and self._at_ms - begins_ms > OUT_OF_STEP_MS:
            self._lost_ms += length_ms
            return
        if self._at_ms is None or begins_ms - self._at_ms > OUT_OF_STEP_MS:
            if self._at_ms is not None:
                self._lost_ms += begins_ms - self._at_ms
            self._close()
            self._at_ms = begins_ms
        self._theirs += theirs
        self._ours += ours
        self._at_ms += length_ms
        if len(self._theirs) >= CHUNK_BYTES:
            self._close()

    def broke(self) -> None:
        """The stream broke: what comes next comes later."""
        self._close()

    def drop(self) -> None:
        """The other side does not want it: nothing is kept, of what was and of what comes."""
        self._on, self._refused, self._drop = False, True, True
        self._theirs.clear()
        self._ours.clear()
        self._waiting.clear()
        self._changed.set()

    def _close(self) -> None:
        if not self._theirs or self._at_ms is None:
            return
        length_ms = len(self._theirs) // BYTES_PER_MS
        if len(self._waiting) >= MOST_WAITING:
            self._lost_ms += length_ms
        else:
            self._put(self._at_ms - length_ms, bytes(self._theirs), bytes(self._ours))
        self._theirs.clear()
        self._ours.clear()

    def _put(self, start_ms: int, theirs: bytes, ours: bytes) -> None:
        lost_ms, self._lost_ms = self._lost_ms, 0
        self._waiting.append(Chunk(self._after_line, start_ms, lost_ms, theirs, ours))
        self._changed.set()

    async def run(self) -> None:
        """Writes until `finish` was called and all is written, or cancelled."""
        while True:
            while self._drop or self._waiting:
                await self._write()
            if self._closing:
                return
            self._changed.clear()
            await self._changed.wait()

    async def _write(self) -> None:
        """The next piece, or its end: what was refused goes before anything else, and is tried until it is done."""
        dropping = self._drop
        chunk = None if dropping else self._waiting[0]
        try:
            if chunk is None:
                await self._keeper.drop_recording()
            else:
                await self._keeper.sound(chunk)
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            log.warning("a recording waits for the database: %s", type(error).__name__)
            await asyncio.sleep(RETRY_AFTER_S)
            return
        except psycopg.Error as error:
            log.error("a piece of a recording was refused: %s", type(error).__name__)
            if dropping:
                await asyncio.sleep(RETRY_AFTER_S)
                return
            self._lost_ms += len(chunk.theirs) // BYTES_PER_MS if chunk is not None else 0
        if dropping:
            self._drop = False
        elif self._waiting and self._waiting[0] is chunk:  # it may have been thrown away meanwhile
            self._waiting.popleft()

    def finish(self) -> None:
        """The call is over."""
        self._close()
        self._on = False
        if self._lost_ms and not self._refused:
            self._put(self._at_ms or 0, b"", b"")
        self._closing = True
        self._changed.set()
