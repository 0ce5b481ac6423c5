"""One call that outlives its socket: when that breaks, the carrier's next one goes on with the same conversation."""

from __future__ import annotations

import logging
from typing import Any, Protocol, TypeVar

from calls.lines.away import Away
from calls.lines.medium import Medium
from calls.lines.session import CallSession

log = logging.getLogger(__name__)

#: The carrier's code for a socket that it closed because the call is over.
CLOSED_IN_ORDER = 1000

#: The sessions of this process that wait for the carrier to come back to them, whatever their line: a call is on one.
broken: Away[LastingSession[Any]] = Away()


class LastingMedium(Medium, Protocol):
    """A medium that can be without its socket for a while."""

    def away(self) -> None:
        """The socket broke: what was on its way is accounted for, and nothing more is sent."""

    def back(self) -> None:
        """Another socket took its place."""


L = TypeVar("L", bound=LastingMedium)


class LastingSession(CallSession[L]):
    """Holds one call whose carrier may come back after a break.

    Args and errors: as of any session.
    """

    async def run(self) -> None:
        """The whole call."""
        try:
            await super().run()
        finally:
            broken.forget(self._call.call_id)

    @property
    def is_away(self) -> bool:
        """Whether the carrier is waited for."""
        return broken.get(self._call.call_id) is self

    def closed(self, code: int | None) -> None:
        """The socket is gone. When it broke, the carrier may come back with another one."""
        why = f"socket closed ({code})"
        if self._conversing.end.over.is_set():
            return
        if code == CLOSED_IN_ORDER:
            self._closed_in_order(why)
        else:
            log.warning("call %s: its line broke (%s)", self._call.call_id, code)
            broken.add(self._call.call_id, self, lambda: self.line_lost(why))
            self._medium.away()
            self._broke()

    def _closed_in_order(self, why: str) -> None:
        """The carrier has closed the socket by itself."""
        self.line_lost(why)

    def _broke(self) -> None:
        """What a line notes for the carrier to find the way back."""

    def _back(self) -> None:
        """Another socket has taken the place of the one that broke."""
        broken.forget(self._call.call_id)
        self.resumed = True
        self._medium.back()
        log.info("call %s: goes on over another socket", self._call.call_id)
