"""Answering machine detection: who picked up, as the carrier tells it when it is asked for.

https://www.twilio.com/docs/voice/answering-machine-detection
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.people import AnsweredBy
from sandbox.twilio.callee import Greeting
from sandbox.twilio.calls import CallOptions

#: A person says hello and stops.
HUMAN_AFTER_S = 1.2
UNKNOWN = "unknown"
NO_CALLBACK = (21262, "AsyncAmdStatusCallback was not given: the verdict is only on the call")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the detection came to, and how long it took."""

    answered_by: str
    ms: int


async def detect(options: CallOptions, who: AnsweredBy, greeting: Greeting, clock: Clock) -> Verdict:
    """Listens until it knows, or for as long as it may.

    Args:
        options: which detection was asked for.
        who: what the person is to it.
        greeting: how far their first words have come.
    """
    began = clock.now()
    try:
        async with asyncio.timeout(options.amd_timeout_s / clock.speed):
            answered_by = await _listen(options, who, greeting, clock)
    except TimeoutError:
        answered_by = UNKNOWN
    return Verdict(answered_by, int((clock.now() - began) * 1000))


async def _listen(options: CallOptions, who: AnsweredBy, greeting: Greeting, clock: Clock) -> str:
    if who is AnsweredBy.HUMAN:
        await clock.sleep(HUMAN_AFTER_S)
        return "human"
    # Nobody but a machine (or a business) talks for so long without a stop.
    await clock.sleep(options.amd_speech_ms / 1000)
    if who is AnsweredBy.FAX:
        return "fax"
    if options.machine_detection == "Enable":
        return "machine_start"
    await greeting.over.wait()
    if not greeting.records:
        return "machine_end_other"
    return "machine_end_beep" if greeting.beeped else "machine_end_silence"
