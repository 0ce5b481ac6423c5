"""Time in the sandbox: real time, or faster for those who do not want to wait."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Monotonic sandbox time. At speed 1 it is real time.

    Args:
        speed: sandbox seconds per real second.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._began = time.monotonic()
        self._began_at = datetime.now(UTC)

    def now(self) -> float:
        """Sandbox seconds since it was started."""
        return (time.monotonic() - self._began) * self.speed

    def now_ms(self) -> int:
        """The same in whole milliseconds."""
        return int(self.now() * 1000)

    def today(self) -> datetime:
        """Date and time (UTC) as the carrier writes it."""
        return self._began_at + timedelta(seconds=self.now())

    async def sleep(self, seconds: float) -> None:
        """Waits that many sandbox seconds."""
        await asyncio.sleep(max(0.0, seconds) / self.speed)

    async def sleep_until(self, moment: float) -> None:
        """Waits until `now()` is `moment`; returns at once when it has passed."""
        await self.sleep(moment - self.now())
