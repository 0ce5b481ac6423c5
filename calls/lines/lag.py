"""How far this process's event loop is behind: the one sign of too much work that nothing can hide.

Once the loop lags, every call's frames, answers and `clear` are late alike, so new calls are turned away long before it shows.
"""

from __future__ import annotations

import asyncio

EVERY_S = 0.1
#: Weight of the newest reading: a single hiccup says little, half a second of them says all.
WEIGHT = 0.2
#: Beyond this a process takes no more calls. An unhurried one is below 2; people notice answers that are later by more.
MOST_MS = 100.0

#: The lag now, smoothed, in ms.
current_ms = 0.0


def note(late_ms: float) -> None:
    """A timer fired so late."""
    global current_ms
    current_ms += WEIGHT * (max(0.0, late_ms) - current_ms)


def too_much() -> bool:
    """Whether the process has as much to do as it can bear."""
    return current_ms > MOST_MS


async def watch() -> None:
    """Measures until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + EVERY_S
        await asyncio.sleep(EVERY_S)
        note((loop.time() - due) * 1000)
