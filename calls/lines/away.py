"""Calls whose socket broke: for a while each waits for the carrier's next one, which goes on with the same conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar
from uuid import UUID

S = TypeVar("S")

#: How long a call waits for the carrier to come back: it asks for the next document a second after the break.
BACK_WITHIN_S = 10.0


class Away(Generic[S]):
    """The sessions of one kind of line that wait, by call."""

    def __init__(self) -> None:
        self._sessions: dict[UUID, S] = {}
        self._timers: dict[UUID, asyncio.TimerHandle] = {}

    def __len__(self) -> int:
        return len(self._sessions)

    def add(self, call_id: UUID, session: S, give_up: Callable[[], None]) -> None:
        """This session waits from here on; when nobody comes in time it does not any more, and `give_up` is called."""

        def late() -> None:
            self.forget(call_id)
            give_up()

        self._sessions[call_id] = session
        self._timers[call_id] = asyncio.get_running_loop().call_later(BACK_WITHIN_S, late)

    def get(self, call_id: UUID) -> S | None:
        """The session that waits for this call's next socket."""
        return self._sessions.get(call_id)

    def forget(self, call_id: UUID) -> None:
        """It waits no more. Safe for one that does not."""
        self._sessions.pop(call_id, None)
        if (timer := self._timers.pop(call_id, None)) is not None:
            timer.cancel()
