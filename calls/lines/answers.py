"""What the user answers during a call: looked up when a hint says so, and every second while something is open (hints may be lost)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import psycopg

from calls.conversation.events import UserAnswered
from calls.lines.store import CallStore

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0


class Answers:
    """Waits for the answers to one call's questions."""

    def __init__(self, store: CallStore, answered: Callable[[UserAnswered], None]) -> None:
        self._store = store
        self._answered = answered
        self._open: set[str] = set()
        self._look = asyncio.Event()

    def expect(self, question_id: str) -> None:
        """A question was put to the user."""
        self._open.add(question_id)
        self._look.set()

    def look(self) -> None:
        """A hint says that there is an answer."""
        self._look.set()

    async def run(self) -> None:
        """Passes each answer on once, until cancelled."""
        while True:
            try:
                async with asyncio.timeout(LOOK_EVERY_S if self._open else None):
                    await self._look.wait()
            except TimeoutError:
                pass
            self._look.clear()
            if not self._open:
                continue
            try:
                answers = await self._store.answers(self._open)
            except psycopg.Error as error:
                log.warning("answers cannot be read now: %s", type(error).__name__)
                await asyncio.sleep(LOOK_EVERY_S)
                continue
            for answer in answers:
                self._open.discard(answer.question_id)
                self._answered(UserAnswered(answer.question_id, answer.value))
