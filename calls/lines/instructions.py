"""What the user does with a call, unasked: what they tell Floyd, keys, hanging up. Read from the request's timeline, where the right to each
was checked, when a hint says so, and with every heartbeat."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import psycopg

from calls.controlling import Control
from calls.conversation.events import Event, GivenBack, HangUpAsked, KeysAsked, TakenOver, Whispered
from calls.lines.store import CallStore

log = logging.getLogger(__name__)

RETRY_AFTER_S = 1.0


class Instructions:
    """Waits for what the user does with one call."""

    def __init__(self, store: CallStore, happened: Callable[[Event], None]) -> None:
        self._store = store
        self._happened = happened
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
                new = await self._store.instructions(after=self._last_seq)
            except psycopg.Error as error:
                log.warning("what the user wants cannot be read now: %s", type(error).__name__)
                await asyncio.sleep(RETRY_AFTER_S)
                self._look.set()
                continue
            for one in new:
                self._last_seq = one.seq
                self._happened(event_of(one.kind, one.text, one.data))


def event_of(kind: str, text: str, data: dict[str, Any]) -> Event:
    """What a line of the timeline means to the conversation."""
    match kind:
        case Control.PRESS_KEYS:
            return KeysAsked(str(data.get("keys", "")))
        case Control.HANG_UP:
            return HangUpAsked()
        case Control.TAKE_OVER:
            return TakenOver(str(data.get("microphone", "")))
        case Control.GIVE_BACK:
            return GivenBack()
        case _:
            return Whispered(text)
