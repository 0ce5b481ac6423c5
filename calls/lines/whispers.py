"""What the user tells Floyd during a call, unasked: read from the request's timeline when a hint says so, and with every heartbeat."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import psycopg

from calls.conversation.events import Whispered
from calls.lines.store import CallStore

log = logging.getLogger(__name__)

RETRY_AFTER_S = 1.0


class Whispers:
    """Waits for what the user says to one call."""

    def __init__(self, store: CallStore, whispered: Callable[[Whispered], None]) -> None:
        self._store = store
        self._whispered = whispered
        self._last_seq = 0
        self._look = asyncio.Event()
        self._look.set()  # something may have been said while it rang

    def look(self) -> None:
        """There may be something new."""
        self._look.set()

    async def run(self) -> None:
        """Passes everything on once and in order, until cancelled."""
        while True:
            await self._look.wait()
            self._look.clear()
            try:
                new = await self._store.whispers(after=self._last_seq)
            except psycopg.Error as error:
                log.warning("what the user says cannot be read now: %s", type(error).__name__)
                await asyncio.sleep(RETRY_AFTER_S)
                self._look.set()
                continue
            for seq, text in new:
                self._last_seq = seq
                self._whispered(Whispered(text))
