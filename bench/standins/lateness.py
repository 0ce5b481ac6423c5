"""How late the stand-ins themselves were: their answers are timed events, and a busy machine delays them."""

from __future__ import annotations

import asyncio
import math
import time
from collections import defaultdict


class Lateness:
    """Waits for due times, and remembers by how much they were missed."""

    def __init__(self) -> None:
        self._late_s: dict[str, list[float]] = defaultdict(list)

    async def until(self, due: float, what: str = "") -> None:
        """Sleeps until `due` (monotonic seconds); with a name given, the miss is counted."""
        if (wait_s := due - time.monotonic()) > 0:
            await asyncio.sleep(wait_s)
        if what:
            self.note(what, due)

    def note(self, what: str, due: float) -> None:
        """Something that was due happens now."""
        self._late_s[what].append(time.monotonic() - due)

    def take(self) -> dict[str, dict[str, float]]:
        """Count, median and 95th percentile (ms) per kind since the last time."""
        report = {what: {"n": len(values), "p50_ms": _at(values, 0.5), "p95_ms": _at(values, 0.95)} for what, values in self._late_s.items()}
        self._late_s.clear()
        return report


def _at(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[max(0, math.ceil(share * len(ordered)) - 1)] * 1000, 2)
