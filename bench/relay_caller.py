"""A caller on a ConversationRelay line: says something, takes the time to the first words of the answer, interrupts now and then."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bench.caller import Target

SAID = (
    "We can come by on the day you said.",
    "Is the house easy to reach with a lorry?",
    "The boxes have to be packed by then.",
    "And who lets us in at the door?",
)
#: What they are about. A talk in which nothing new is said is ended by Floyd.
ABOUT = ("kitchen", "attic", "cellar", "piano", "garden", "wardrobe", "garage", "library", "nursery", "hall", "porch", "workshop", "pantry")
#: A reply is over when nothing came for so long; the stand-in's tokens come every 17 ms.
REPLY_OVER_S = 0.6
ANSWER_WITHIN_S = 10.0
#: Every so many turns the caller interrupts.
INTERRUPTS_EVERY = 3


@dataclass(slots=True)
class RelayTurn:
    """One turn: when it was said, and when the answer's first message came (monotonic seconds), with so many words.

    `stopped_ms`: how long after an interrupt words still came.
    """

    said: float
    came: float
    words: int
    stopped_ms: float | None = None

    @property
    def first_ms(self) -> float:
        """From what was said to the first words of the answer."""
        return (self.came - self.said) * 1000


@dataclass(slots=True)
class RelayCaller:
    """One call."""

    target: Target
    turns: list[RelayTurn] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    talking: asyncio.Event = field(default_factory=asyncio.Event)
    _texts: asyncio.Queue[tuple[float, str]] = field(default_factory=asyncio.Queue)

    async def run(self, session: aiohttp.ClientSession, until: float) -> None:
        """From the handshake until `until` (event loop's clock)."""
        try:
            async with session.ws_connect(self.target.url, headers=self.target.headers) as socket:
                await socket.send_str(json.dumps(self._setup()))
                reading = asyncio.create_task(self._read(socket))
                try:
                    await self._converse(socket, until)
                finally:
                    self.talking.set()
                    reading.cancel()
                    await asyncio.gather(reading, return_exceptions=True)
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            self.trouble.append(type(error).__name__)
            self.talking.set()

    def _setup(self) -> dict[str, Any]:
        return {
            "type": "setup",
            "sessionId": f"VX{self.target.call_sid[2:]}",
            "accountSid": self.target.account_sid,
            "callSid": self.target.call_sid,
            "from": "+15555550100",
            "to": "+15555550101",
            "direction": "outbound-api",
            "callStatus": "IN_PROGRESS",
            "customParameters": self.target.parameters,
        }

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            data = json.loads(message.data)
            if data["type"] == "text" and data["token"].strip():
                self._texts.put_nowait((time.monotonic(), data["token"]))
                # Heard at once: how fast somebody speaks is not what is measured.
                await socket.send_str(json.dumps({"type": "info", "name": "tokensPlayed", "value": data["token"].strip()}))

    async def _converse(self, socket: aiohttp.ClientWebSocketResponse, until: float) -> None:
        loop = asyncio.get_running_loop()
        await self._say(socket, "Hello?")
        await self._rest()  # who calls, or the answer of a server that introduces nobody
        self.talking.set()
        number = 0
        while loop.time() < until:
            number += 1
            while not self._texts.empty():  # of the answer before: a busy machine may rest within it
                self._texts.get_nowait()
            said = await self._say(socket, f"Now the {ABOUT[number % len(ABOUT)]}. {SAID[number % len(SAID)]}")
            try:
                async with asyncio.timeout(ANSWER_WITHIN_S):
                    came, words = await self._texts.get()
            except TimeoutError:
                self.trouble.append("no answer")
                return
            turn = RelayTurn(said, came, len(words.split()))
            self.turns.append(turn)
            if number % INTERRUPTS_EVERY == 0:
                at = time.monotonic()
                await socket.send_str(json.dumps({"type": "interrupt", "utteranceUntilInterrupt": words.strip(), "durationUntilInterruptMs": 300}))
                last = await self._rest()
                turn.stopped_ms = max(0.0, (last - at) * 1000) if last else 0.0
            else:
                await self._rest()

    async def _say(self, socket: aiohttp.ClientWebSocketResponse, text: str) -> float:
        began = time.monotonic()
        await socket.send_str(json.dumps({"type": "prompt", "voicePrompt": text, "lang": "en-US", "last": True}))
        return began

    async def _rest(self) -> float:
        """Until the answer is over; when its last words came, 0 when none did."""
        last = 0.0
        while True:
            try:
                async with asyncio.timeout(REPLY_OVER_S):
                    last, _ = await self._texts.get()
            except TimeoutError:
                return last
