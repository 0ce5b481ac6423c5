"""Named timers of one call, on the event loop's clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class CallClock:
    """Milliseconds since the stream began, from the monotonic clock."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._zero = self._loop.time()

    def now_ms(self) -> int:
        """Now."""
        return int((self._loop.time() - self._zero) * 1000)

    def call_at(self, at_ms: int, action: Callable[[], None]) -> asyncio.TimerHandle:
        """Runs `action` at a time on this clock."""
        return self._loop.call_at(self._zero + at_ms / 1000, action)


class Timers:
    """Timers by name; one of a name replaces the one before."""

    def __init__(self, clock: CallClock, fired: Callable[[str], None]) -> None:
        self._clock = clock
        self._fired = fired
        self._handles: dict[str, asyncio.TimerHandle] = {}

    def start(self, name: str, at_ms: int) -> None:
        """Fires `name` at `at_ms`."""
        self.cancel(name)
        self._handles[name] = self._clock.call_at(at_ms, lambda: self._fire(name))

    def cancel(self, name: str) -> None:
        """Forgets a timer; one that does not run is fine."""
        if (handle := self._handles.pop(name, None)) is not None:
            handle.cancel()

    def cancel_all(self) -> None:
        """Forgets all."""
        for name in list(self._handles):
            self.cancel(name)

    def _fire(self, name: str) -> None:
        self._handles.pop(name, None)
        self._fired(name)
