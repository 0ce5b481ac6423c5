"""<Gather>: keys of whoever is on the line, while something is said to them and for a while behind it.

https://www.twilio.com/docs/voice/twiml/gather
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

from sandbox.clock import Clock
from sandbox.twilio.line import Line, Uplink
from sandbox.twilio.twiml import Gather
from sandbox.twilio.webhooks import Params


class _Keys:
    """What is pressed on the line."""

    def __init__(self) -> None:
        self.pressed: asyncio.Queue[str] = asyncio.Queue()

    def frame(self, uplink: Uplink) -> None:
        """20 ms of it."""
        for key in uplink.keys:
            self.pressed.put_nowait(key)

    def played(self, marks: list[str]) -> None:
        """Nothing: nobody asks what was heard."""


async def gathered(verb: Gather, line: Line, clock: Clock, prompt: Callable[[], Coroutine[Any, Any, None]]) -> Params:
    """What its action is told; nothing when no key was pressed. The first key cuts off what is said.

    Args:
        prompt: says what is said meanwhile.
    """
    keys = _Keys()
    line.stream = keys
    saying, first = asyncio.create_task(prompt(), name="prompt"), asyncio.create_task(keys.pressed.get(), name="first key")
    digits, finished_on = "", ""
    try:
        await asyncio.wait({saying, first}, return_when=asyncio.FIRST_COMPLETED)
        if not first.done():
            await saying
            await asyncio.wait({first}, timeout=verb.timeout_s / clock.speed)
        saying.cancel()
        line.playout.clear(line.now())
        with contextlib.suppress(TimeoutError):
            key = first.result() if first.done() else ""
            while key:
                if key == verb.finish_on_key:
                    finished_on = key
                    break
                digits += key
                if len(digits) == verb.num_digits:
                    break
                key = await asyncio.wait_for(keys.pressed.get(), verb.timeout_s / clock.speed)
    finally:
        line.stream = None
        for task in (saying, first):
            task.cancel()
        await asyncio.gather(saying, first, return_exceptions=True)
    return {"Digits": digits} | ({"FinishedOnKey": finished_on} if finished_on else {}) if digits else {}
